import { concatBytes, hex } from '../bytes/index.ts';
import { encode } from '../cbor/index.ts';
import type { HashName } from '../crypto/index.ts';
import { buildPlatformToken, keyBytes } from '../token/index.ts';
import { measuredComponents } from './boot-state.ts';
import { LCS } from './lifecycle.ts';
import type { Chip, HesState } from './state.ts';

/** The hash of the measured boot service, which claim 2402 names (hes 3.2, 4.1). */
export const SERVICE_HASH: HashName = 'sha-256';

/** What reference code returns as implementation id, against the specification (hes 4.1). */
const RSE_PLACEHOLDER_ID = hex('baabdcac');

/** Key of the debug control bits in the config claim (hes 4.1). */
const CONFIG_DCU = 1;

/** First byte of a UEID of type RAND. */
const UEID_RAND = 1;

/** Claim 256: 01 and the hash of the CPAK (hes 4.1). */
export const instanceId = ({ crypto, switches }: Chip, state: HesState): Uint8Array =>
  concatBytes(
    Uint8Array.of(UEID_RAND),
    crypto.hash(SERVICE_HASH).digest(keyBytes(switches.keyHash, state.cpak().publicKey)),
  );

/** Claim 2395. */
export const lifecycleClaim = ({ firmware }: HesState): number => firmware.lifecycle ?? LCS[firmware.lcs].claim;

export const implementationId = ({ device, switches }: Chip): Uint8Array =>
  switches.implIdStyle === 'rse4' ? RSE_PLACEHOLDER_ID : device.implementationId;

/** The platform token of what stands in the slots now, signed by the CPAK (hes 4.1). */
export const platformToken = (chip: Chip, state: HesState, binding: Uint8Array): Uint8Array => {
  const { crypto, device, dialect, switches } = chip;
  return buildPlatformToken(
    { ...dialect, platformOrder: switches.tokenOrder, componentOrder: switches.componentOrder },
    {
      binding,
      instance_id: instanceId(chip, state),
      implementation_id: implementationId(chip),
      lifecycle: lifecycleClaim(state),
      sw_components: measuredComponents(state.slots),
      hash_algo_id: SERVICE_HASH,
      config: encode(new Map([[CONFIG_DCU, state.firmware.dcu]])),
      verification_service: device.verificationService,
    },
    'ES384',
    (bytes) => crypto.sign('ES384', state.cpak().privateKey, bytes),
  );
};
