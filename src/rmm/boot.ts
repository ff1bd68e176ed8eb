import {
  EL3_INTERFACE_VERSIONS,
  MemoryBank,
  RMM_MANIFEST_VERSIONS,
  type RmmBoot,
  RmmManifest,
  type RmmManifestVersion,
} from '../abi/index.ts';
import { toDoublewords } from '../bytes/index.ts';
import { GRANULE_SIZE, type PhysicalMemory } from '../machine/index.ts';
import type { Registers } from '../trace/index.ts';
import type { ImpDef } from './model/config.ts';

type Needs = Pick<ImpDef, 'el3Interface' | 'el3Manifest' | 'maxCpus'>;

const MINOR_BITS = 16n;

/** Compatible: the same major number, and at least the minor one that is needed (rmm-el3 1.2). */
const isCompatible = (given: bigint, needed: bigint): boolean =>
  given >> MINOR_BITS === needed >> MINOR_BITS && given >= needed;

/** What keeps the RMM from booting on the primary CPU, in the order in which it looks (rmm-el3 2.3). */
export const coldBootProblem = (
  [cpu = 0n, version = 0n, cpus = 0n, buffer = 0n]: Registers,
  memory: PhysicalMemory,
  needs: Needs,
): RmmBoot => {
  if (!isCompatible(version, EL3_INTERFACE_VERSIONS[needs.el3Interface])) return 'E_RMM_BOOT_VERSION_NOT_VALID';
  if (cpus > BigInt(needs.maxCpus)) return 'E_RMM_BOOT_CPUS_OUT_OF_RANGE';
  if (cpu >= cpus) return 'E_RMM_BOOT_CPU_ID_OUT_OF_RANGE';
  const usable = buffer !== 0n && buffer % BigInt(GRANULE_SIZE) === 0n && memory.allows('REALM', buffer);
  if (!usable) return 'E_RMM_BOOT_INVALID_SHARED_BUFFER';
  return manifestProblem(memory, buffer, needs);
};

/** The same on every other CPU. @param cpus  what the cold boot was given. */
export const warmBootProblem = ([cpu = 0n]: Registers, cpus: bigint): RmmBoot =>
  cpu >= cpus ? 'E_RMM_BOOT_CPU_ID_OUT_OF_RANGE' : 'E_RMM_BOOT_SUCCESS';

/** Most elements of a list of the manifest that the RMM has room for. */
const MAX_BANKS = 128n;

const has = (version: bigint, since: RmmManifestVersion): boolean => version >= RMM_MANIFEST_VERSIONS[since].version;

const manifestProblem = (memory: PhysicalMemory, page: bigint, { el3Manifest }: Needs): RmmBoot => {
  const manifest = RmmManifest.decode(memory.read(page, RmmManifest.size));
  const version = BigInt(manifest.version);
  if (!isCompatible(version, RMM_MANIFEST_VERSIONS[el3Manifest].version)) {
    return 'E_RMM_BOOT_MANIFEST_VERSION_NOT_SUPPORTED';
  }
  const lists: readonly boolean[] = [
    !has(version, '0.2') || isBankList(memory, page, manifest.plat_dram, true),
    !has(version, '0.4') || isBankList(memory, page, manifest.plat_ncoh_region, false),
    !has(version, '0.4') || isBankList(memory, page, manifest.plat_coh_region, false),
  ];
  return lists.every((good) => good) ? 'E_RMM_BOOT_SUCCESS' : 'E_RMM_BOOT_MANIFEST_DATA_ERROR';
};

/** A list of memory banks: absent where that is allowed, or whole, in order, and with its checksum (rmm-el3 2.5). */
const isBankList = (
  memory: PhysicalMemory,
  page: bigint,
  [count = 0n, at = 0n, checksum = 0n]: readonly bigint[],
  needed: boolean,
): boolean => {
  if (count === 0n) return !needed && at === 0n && checksum === 0n;
  const size = count * BigInt(MemoryBank.size);
  const inPage = count <= MAX_BANKS && at > page && at + size <= page + BigInt(GRANULE_SIZE);
  if (!inPage) return false;
  const bytes = memory.read(at, Number(size));
  const sum = toDoublewords(bytes).reduce((a, b) => a + b, count + at + checksum);
  return BigInt.asUintN(64, sum) === 0n && areAscending(bytes, memory.profile.pa_width);
};

const areAscending = (bytes: Uint8Array, paWidth: number): boolean => {
  let end = 0n;
  for (let offset = 0; offset < bytes.length; offset += MemoryBank.size) {
    const { base, size } = MemoryBank.decode(bytes.subarray(offset));
    const whole = base % BigInt(GRANULE_SIZE) === 0n && size % BigInt(GRANULE_SIZE) === 0n;
    if (base === 0n || size === 0n || !whole || base < end) return false;
    end = base + size;
  }
  return end <= 1n << BigInt(paWidth);
};
