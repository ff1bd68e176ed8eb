import { concatBytes, utf8 } from '../bytes/index.ts';
import {
  type Crypto,
  type CurveName,
  eccKeyFromStream,
  hkdf,
  type PrivateKey,
  sp800108CounterCmac,
} from '../crypto/index.ts';
import { type DeviceParams, type Roots, TP_MODES } from './device.ts';
import { ISLET_BL2_HASH } from './islet-constants.ts';
import { LCS, type Lcs } from './lifecycle.ts';
import type { HesSwitches } from './switches.ts';

const le32 = (value: number): Uint8Array => {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, value, true);
  return out;
};

const SEED_SIZE = 32;
const NUL = Uint8Array.of(0);

/** A way to derive 32 bytes from a root. */
export interface SeedKdf {
  readonly labels: { readonly iak: string; readonly dak: string };
  derive(crypto: Crypto, root: Uint8Array, label: string, context: Uint8Array): Uint8Array;
}

/** Derivations of seeds, and the labels of their time (hes 1.1, 1.2, 1.5). */
export const SEED_KDFS = {
  // The label brings a NUL of its own, so that two stand in a row.
  cmac: {
    labels: { iak: 'BL1_IAK_SEED_DERIVATION', dak: 'BL1_DAK_SEED_DERIVATION' },
    derive: (crypto, root, label, context) =>
      sp800108CounterCmac(crypto, root, concatBytes(utf8(label), NUL), context, SEED_SIZE),
  },
  'sha-ecb': {
    labels: { iak: 'BL1_CPAK_SEED_DERIVATION', dak: 'BL1_DAK_SEED_DERIVATION' },
    derive(crypto, root, label, context) {
      const state = concatBytes(le32(1), utf8(label), NUL, context, le32(SEED_SIZE));
      return crypto.aesEcb(root, crypto.hash('sha-256').digest(state));
    },
  },
} as const satisfies Record<HesSwitches['kdf'], SeedKdf>;

/** What may enter the boot state hash; what is undefined is not selected. */
export interface BootStateItems {
  readonly tpMode?: number;
  readonly lcs?: number;
  readonly reprovisioningBits?: number;
  readonly bl12Hash?: Uint8Array;
  readonly dcu?: Uint8Array;
}

/** The 32-byte context of a derivation: SHA-256 over the selected items in their fixed order (hes 1.3). */
export const bootStateContext = (crypto: Crypto, items: BootStateItems): Uint8Array => {
  const word = (value: number | undefined): Uint8Array => (value === undefined ? new Uint8Array() : le32(value));
  const selected = concatBytes(
    word(items.tpMode),
    word(items.lcs),
    word(items.reprovisioningBits),
    items.bl12Hash ?? new Uint8Array(),
    items.dcu ?? new Uint8Array(),
  );
  return selected.length === 0 ? selected : crypto.hash('sha-256').digest(selected);
};

/** What BL1 knows when it derives the seeds. */
export interface BootConditions {
  readonly device: DeviceParams;
  readonly roots: Roots;
  readonly lcs: Lcs;
  readonly dcu: Uint8Array;
  /** SHA-256 of the BL1_2 image. */
  readonly bl12Hash: Uint8Array;
}

export interface Seeds {
  readonly iak: Uint8Array;
  readonly dak: Uint8Array;
}

/** Contexts of the two seeds. Islet takes the published hash of its BL2, life-cycle state and bits for both (hes 5). */
const CONTEXTS = {
  rse: (crypto, { device, lcs, dcu, bl12Hash }) => {
    const { reprovisioningBits } = device;
    return {
      iak: bootStateContext(crypto, { reprovisioningBits }),
      dak: bootStateContext(crypto, {
        tpMode: TP_MODES[device.tpMode],
        lcs: LCS[lcs].otp,
        reprovisioningBits,
        bl12Hash,
        ...(device.adac ? { dcu } : {}),
      }),
    };
  },
  islet: (_, { device, lcs }) => {
    const context = concatBytes(ISLET_BL2_HASH, le32(LCS[lcs].otp), le32(device.reprovisioningBits));
    return { iak: context, dak: context };
  },
} as const satisfies Record<HesSwitches['bootState'], (crypto: Crypto, conditions: BootConditions) => Seeds>;

/** The seeds that BL1 leaves: of the CPAK from the chip, of the RAK from the group and from what booted (hes 1.1). */
export const deriveSeeds = (
  crypto: Crypto,
  conditions: BootConditions,
  { kdf, cpakRoot, bootState = 'rse' }: Pick<HesSwitches, 'kdf' | 'cpakRoot'> & Partial<Pick<HesSwitches, 'bootState'>>,
): Seeds => {
  const { labels, derive } = SEED_KDFS[kdf];
  const { roots } = conditions;
  const contexts = CONTEXTS[bootState](crypto, conditions);
  return {
    iak: derive(crypto, roots[cpakRoot], labels.iak, contexts.iak),
    dak: derive(crypto, roots.guk, labels.dak, contexts.dak),
  };
};

/** An attestation key from its seed: HKDF-SHA-256 without salt, then PSA's rule for keys on curves (hes 1.4). */
export const attestationKey = (
  crypto: Crypto,
  seed: Uint8Array,
  curve: CurveName,
  info: Uint8Array = new Uint8Array(),
): PrivateKey => eccKeyFromStream(curve, hkdf(crypto, 'sha-256', seed, new Uint8Array(), info));
