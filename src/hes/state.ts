import type { MeasuredBootPort, PsaError } from '../abi/index.ts';
import { Bug } from '../bytes/index.ts';
import type { Crypto, HashName, PrivateKey, PublicKey } from '../crypto/index.ts';
import type { Dialect } from '../token/index.ts';
import { type DeviceParams, deviceRoots, ERASED_ROOTS } from './device.ts';
import type { FirmwareComponent, FirmwareSet } from './firmware-set.ts';
import { attestationKey, deriveSeeds } from './key-tree.ts';
import type { Lcs } from './lifecycle.ts';
import { EMPTY_SLOTS, type Slots } from './slots.ts';
import type { HesSwitches } from './switches.ts';

/** What never changes while a chip runs. */
export interface Chip {
  readonly crypto: Crypto;
  readonly device: DeviceParams;
  readonly dialect: Dialect;
  readonly switches: HesSwitches;
  readonly seams: HesSeams;
}

/** Where something can come between the parts of a HES. */
export interface HesSeams {
  /** What becomes of the claims of a platform token before they are signed. */
  readonly claims?: (payload: Uint8Array) => Uint8Array;
  /** What boot firmware reaches in place of the measured boot service. */
  readonly measuredBoot?: (port: MeasuredBootPort) => MeasuredBootPort;
}

/** What is written once, bit by bit, and survives every reset. */
export interface Otp {
  readonly lcs: Lcs;
  readonly reprovisioningBits: number;
  /** Seed of the GUK. */
  readonly group: string;
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

/** An extension that boot firmware asked for in vain: it stops there. */
export interface RefusedMeasurement {
  readonly slot: number;
  readonly type: string;
  readonly status: PsaError;
}

/** All that HES remembers, as one immutable value. It holds secrets: `HesStatus` is what others may see. */
export interface HesState {
  readonly epoch: Epoch;
  readonly otp: Otp;
  readonly firmware: FirmwareSet;
  /** The CPAK, computed when it is first needed. */
  readonly cpak: () => KeyPair;
  readonly dakSeed: Uint8Array;
  readonly slots: Slots;
  readonly dak: DelegatedKey | undefined;
  readonly refused: readonly RefusedMeasurement[];
  /** What was activated live since the last cold boot, in order. */
  readonly activated: readonly FirmwareComponent[];
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

/** What a chip is made with, before it first boots a set. */
export const newOtp = ({ device }: Chip, { lcs }: FirmwareSet): Otp => ({
  lcs,
  reprovisioningBits: device.reprovisioningBits,
  group: device.group,
});

/** The state that BL1 leaves: seeds derived, nothing measured yet, no key delegated (hes 1, 6.3). */
export const coldBoot = (
  { crypto, device, switches }: Chip,
  otp: Otp,
  firmware: FirmwareSet,
  epoch: Epoch,
): HesState => {
  const { lcs, reprovisioningBits, group } = otp;
  const erased = lcs === 'RMA' && device.rmaErasesKeys;
  const roots = erased ? ERASED_ROOTS : deviceRoots(crypto, device, group);
  const { dcu, bl12Hash } = firmware;
  const provisioned = { ...device, reprovisioningBits };
  const seeds = deriveSeeds(crypto, { device: provisioned, roots, lcs, dcu, bl12Hash }, switches);
  return {
    epoch,
    otp,
    firmware,
    cpak: lazy(() => keyPair(crypto, attestationKey(crypto, seeds.iak, 'P-384'))),
    dakSeed: seeds.dak,
    slots: EMPTY_SLOTS,
    dak: undefined,
    refused: [],
    activated: [],
  };
};
