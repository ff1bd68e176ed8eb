import { GRANULE } from '../abi/index.ts';

/** Bits of an IPA: the lower half of 4 GiB is Protected, the upper half the same addresses Unprotected. */
export const IPA_WIDTH = 33;
/** The bit that tells the halves apart. */
export const UNPROTECTED = 1n << BigInt(IPA_WIDTH - 1);

export const MIB = 0x10_0000n;
/** What an entry of level 2 maps, and what a kernel is aligned to. */
export const BLOCK = 2n * MIB;

/** Where RAM starts on QEMU's machine `virt`. */
export const RAM_BASE = 0x4000_0000n;

/** Devices that a Realm is told of, at their addresses in QEMU's `virt`. */
export const DEVICES = {
  gicDistributor: { base: 0x0800_0000n, size: 0x1_0000n },
  gicRedistributors: { base: 0x080a_0000n, size: 0xf6_0000n },
  uart: { base: 0x0900_0000n, size: 0x1000n },
} as const;

/** Most vCPUs: the numbers of RECs and of QEMU's CPUs agree as long as they fit Aff0 of an MPIDR. */
export const MAX_CPUS = 8;

/** Bytes behind the RAM of a Realm for the monitor: code, mailboxes, tables. No Realm reaches them. */
export interface MonitorMemory {
  readonly code: bigint;
  /** The word that one CPU holds while it talks to the RMM. */
  readonly lock: bigint;
  /** A page for each CPU. */
  readonly mailboxes: bigint;
  readonly tables: bigint;
  /** Of all RAM of the machine, that of the Realm included. */
  readonly ramSize: bigint;
}

const CODE_SIZE = 4n * GRANULE;

export const upTo = (value: bigint, unit: bigint): bigint => ((value + unit - 1n) / unit) * unit;

/** Tables that stage 2 takes at most: a root, one of level 2 for each GiB, one of level 3 for each 2 MiB that is mapped. */
const tableCount = (realmSize: bigint): bigint => {
  const devices = Object.values(DEVICES).reduce((sum, { size }) => sum + size / BLOCK + 2n, 0n);
  return 1n + 2n ** BigInt(IPA_WIDTH) / (1024n * MIB) + devices + 2n * (realmSize / BLOCK);
};

/** Where the monitor stands behind `realmSize` bytes, which are a multiple of 2 MiB. */
export const monitorMemory = (realmSize: bigint): MonitorMemory => {
  const code = RAM_BASE + realmSize;
  const lock = code + CODE_SIZE;
  const mailboxes = lock + GRANULE;
  const tables = mailboxes + BigInt(MAX_CPUS) * GRANULE;
  const end = upTo(tables + tableCount(realmSize) * GRANULE, BLOCK);
  return { code, lock, mailboxes, tables, ramSize: end - RAM_BASE };
};
