import type { PsaError } from '../abi/index.ts';
import { Bug } from '../bytes/index.ts';
import type { Crypto, HashName, PrivateKey, PublicKey } from '../crypto/index.ts';
import type { Dialect } from '../token/index.ts';
import { type DeviceParams, deviceRoots, ERASED_ROOTS } from './device.ts';
import type { FirmwareSet } from './firmware-set.ts';
import { attestationKey, deriveSeeds } from './key-tree.ts';
import { EMPTY_SLOTS, type Slots } from './slots.ts';
import type { HesSwitches } from './switches.ts';

/** What never changes while a chip runs. */
export interface Chip {
  readonly crypto: Crypto;
  readonly device: DeviceParams;
  readonly dialect: Dialect;
  readonly switches: HesSwitches;
}

export interface KeyPair {
  readonly privateKey: PrivateKey;
  readonly publicKey: PublicKey;
}

/** The delegated key, with the hash that its requester named. */
export interface DelegatedKey extends KeyPair {
  readonly hash: HashName;
}

/** Counts cold boots, and live activations since the last one. */
export interface Epoch {
  readonly boot: number;
  readonly lfa: number;
}

/** All that HES remembers, as one immutable value. It holds secrets: `HesStatus` is what others may see. */
export interface HesState {
  readonly epoch: Epoch;
  readonly firmware: FirmwareSet;
  /** The CPAK, computed when it is first needed. */
  readonly cpak: () => KeyPair;
  readonly dakSeed: Uint8Array;
  readonly slots: Slots;
  readonly dak: DelegatedKey | undefined;
  /** Extensions that boot firmware asked for in vain. */
  readonly refused: readonly { readonly slot: number; readonly status: PsaError }[];
}

export const keyPair = (crypto: Crypto, privateKey: PrivateKey): KeyPair => {
  const publicKey = crypto.publicKey(privateKey);
  if (publicKey === undefined) throw new Bug('HES derived a scalar outside [1, n-1]');
  return { privateKey, publicKey };
};

const lazy = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

/** The state that BL1 leaves: seeds derived, nothing measured yet, no key delegated (hes 1, 6.3). */
export const coldBoot = ({ crypto, device, switches }: Chip, firmware: FirmwareSet, epoch: Epoch): HesState => {
  const erased = firmware.lcs === 'RMA' && device.rmaErasesKeys;
  const roots = erased ? ERASED_ROOTS : deviceRoots(crypto, device);
  const { lcs, dcu, bl12Hash } = firmware;
  const seeds = deriveSeeds(crypto, { device, roots, lcs, dcu, bl12Hash }, switches);
  return {
    epoch,
    firmware,
    cpak: lazy(() => keyPair(crypto, attestationKey(crypto, seeds.iak, 'P-384'))),
    dakSeed: seeds.dak,
    slots: EMPTY_SLOTS,
    dak: undefined,
    refused: [],
  };
};
