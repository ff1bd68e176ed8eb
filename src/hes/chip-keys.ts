import { PSA_ALG, PSA_ECC_FAMILY_SECP_R1 } from '../abi/index.ts';
import { Bug } from '../bytes/index.ts';
import { CURVES, type PrivateKey } from '../crypto/index.ts';
import { DIALECTS } from '../token/index.ts';
import { deviceParams } from './device.ts';
import { createHes, type HesOptions } from './hes.ts';
import { coldBoot, newOtp } from './state.ts';
import { defaultSwitches } from './switches.ts';

/** The private halves of the attestation keys of a chip. */
export interface ChipKeys {
  readonly cpak: PrivateKey;
  /** The delegated key of P-384, as an RMM gets it at boot. */
  readonly rak: PrivateKey;
}

/**
 * Derives the attestation keys of a chip once more, on a chip of its own: whoever knows a seed has every key, and needs
 * them to sign what was changed. A running HES hands out no CPAK, and one that serves files has none to derive.
 *
 * @returns undefined when the chip delegates no key with this firmware.
 */
export const chipKeys = (options: Omit<HesOptions, 'trace' | 'seams'>): ChipKeys | undefined => {
  const { crypto, firmware, device, dialect = DIALECTS['rmm-1.0'], switches, chip: before } = options;
  const chip = {
    crypto,
    device: deviceParams(crypto, device),
    dialect,
    switches: { ...defaultSwitches(dialect), ...switches },
    seams: {},
  };
  const { cpak } = coldBoot(chip, before?.otp ?? newOtp(chip, firmware), firmware, { boot: 0, lfa: 0 });
  const { bits, size } = CURVES['P-384'];
  const reply = createHes(options).getDelegatedKey({
    ecc_curve: PSA_ECC_FAMILY_SECP_R1,
    key_bits: bits,
    hash_algo: PSA_ALG['sha-256'],
    key_buf_size: size,
  });
  if (reply.status !== 'PSA_SUCCESS') return undefined;
  if (reply.value.length !== size) throw new Bug('HES delegated a key of another size than it was asked for');
  return { cpak: cpak().privateKey, rak: { curve: 'P-384', scalar: reply.value } };
};
