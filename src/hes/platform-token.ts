import { concatBytes, hex } from '../bytes/index.ts';
import { encode } from '../cbor/index.ts';
import type { HashName } from '../crypto/index.ts';
import { encodePlatformClaims, keyBytes, type SoftwareComponent, signToken } from '../token/index.ts';
import { componentOf } from './boot-state.ts';
import type { FirmwareSet } from './firmware-set.ts';
import { LCS } from './lifecycle.ts';
import type { Slots } from './slots.ts';
import type { Chip, HesState } from './state.ts';
import { SAMPLE_LISTING } from './sw-types.ts';
import type { HesSwitches } from './switches.ts';

/** What reference code returns as implementation id, against the specification (hes 4.1). */
const RSE_PLACEHOLDER_ID = hex('baabdcac');

/** Key of the debug control bits in the config claim (hes 4.1). */
const CONFIG_DCU = 1;

/** First byte of a UEID of type RAND, and the hash that fills the rest. */
const UEID_RAND = 1;
const UEID_HASH: HashName = 'sha-256';

/** The hash of a kid, over the COSE_Key of the CPAK (token 2). */
const KID_HASH: HashName = 'sha-256';

/** Claim 256: 01 and the hash of the CPAK (hes 4.1). */
export const instanceId = ({ crypto, switches }: Chip, state: HesState): Uint8Array =>
  concatBytes(
    Uint8Array.of(UEID_RAND),
    crypto.hash(UEID_HASH).digest(keyBytes(switches.keyHash, state.cpak().publicKey)),
  );

/** Claim 2395. */
export const lifecycleClaim = ({ firmware, otp }: HesState): number => firmware.lifecycle ?? LCS[otp.lcs].claim;

export const implementationId = ({ device, switches }: Chip): Uint8Array =>
  switches.implIdStyle === 'rse4' ? RSE_PLACEHOLDER_ID : device.implementationId;

/** Claim 2401. */
export const configClaim = ({ device }: Chip, { firmware }: HesState): Uint8Array =>
  device.config ?? encode(new Map([[CONFIG_DCU, firmware.dcu]]));

/** Members of a component that no slot holds: its maker states them beside the image. */
const statedOf = ({ components }: FirmwareSet, index: number): Partial<SoftwareComponent> => {
  const stated = components.find(({ slot }) => slot === index);
  return { live_activation: stated?.liveActivation, countersigner_ids: stated?.countersigners };
};

const rank = ({ component_type = '' }: SoftwareComponent): number => {
  const place = SAMPLE_LISTING.indexOf(component_type);
  return place < 0 ? SAMPLE_LISTING.length : place;
};

const LISTINGS = {
  slots: (components) => components,
  sample: (components) => [...components].sort((a, b) => rank(a) - rank(b)),
} as const satisfies Record<
  HesSwitches['componentListing'],
  (components: readonly SoftwareComponent[]) => readonly SoftwareComponent[]
>;

/** Claim 2399: the populated slots as software components. */
export const listedComponents = (
  slots: Slots,
  firmware: FirmwareSet,
  listing: HesSwitches['componentListing'],
): readonly SoftwareComponent[] =>
  LISTINGS[listing](
    slots.flatMap((slot, index) =>
      slot === undefined ? [] : [{ ...componentOf(slot), ...statedOf(firmware, index) } satisfies SoftwareComponent],
    ),
  );

/** The platform token of what stands in the slots now, signed by the CPAK (hes 4.1). */
export const platformToken = (chip: Chip, state: HesState, binding: Uint8Array): Uint8Array => {
  const { crypto, device, dialect, switches, seams } = chip;
  const { tokenOrder, componentOrder, componentListing, profile, hashClaim, serviceHash } = switches;
  const hash: HashName = hashClaim === 'key' ? (state.dak?.hash ?? serviceHash) : serviceHash;
  const payload = encodePlatformClaims(
    { ...dialect, platformProfile: profile, platformOrder: tokenOrder, componentOrder },
    {
      binding,
      instance_id: instanceId(chip, state),
      implementation_id: implementationId(chip),
      lifecycle: lifecycleClaim(state),
      sw_components: listedComponents(state.slots, state.firmware, componentListing),
      hash_algo_id: hash,
      config: configClaim(chip, state),
      verification_service: device.verificationService,
    },
  );
  const { privateKey, publicKey } = state.cpak();
  return signToken(
    seams.claims?.(payload) ?? payload,
    'ES384',
    (bytes) => crypto.sign('ES384', privateKey, bytes),
    dialect.kid === true ? crypto.hash(KID_HASH).digest(keyBytes('cose-key', publicKey)) : undefined,
  );
};
