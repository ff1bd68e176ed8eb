import { defaultOrder, type LoadPlan, PLAN_DEFAULTS, type RealmPlan } from '../host/index.ts';
import type { KernelImage } from './image.ts';
import { machineTree } from './machine-tree.ts';
import { BLOCK, IPA_WIDTH, MIB, RAM_BASE, upTo } from './memory-map.ts';

/** What a Realm with a Linux kernel in it is made of. */
export interface LinuxRealm {
  readonly kernel: KernelImage;
  readonly initrd: Uint8Array | undefined;
  readonly cmdline: string;
  readonly cpus: number;
  readonly memoryMib: number;
  /** What else is measured, or said about the Realm. */
  readonly realm: Pick<RealmPlan, 'hash' | 'rpv' | 'features'>;
}

/** A Realm that its memory is too small for. */
export class RealmTooSmall extends Error {
  override readonly name = 'RealmTooSmall';
}

const loadOf = (name: string, at: bigint, bytes: Uint8Array): LoadPlan => ({
  name,
  at,
  measured: true,
  size: bytes.length,
  read: (offset, length) => bytes.slice(offset, offset + length),
});

/**
 * The Realm as its Host builds it: all of RAM, then kernel, initrd and devicetree, in ascending order, each measured, then
 * the first REC, which may run, and the others, which PSCI turns on.
 *
 * @throws {RealmTooSmall}
 */
export const linuxPlan = ({ kernel, initrd, cmdline, cpus, memoryMib, realm }: LinuxRealm): RealmPlan => {
  const memory = { base: RAM_BASE, size: BigInt(memoryMib) * MIB };
  // QEMU puts a devicetree of its own at the start of RAM when it starts.
  const kernelAt = RAM_BASE + BLOCK + kernel.textOffset;
  const initrdAt = upTo(kernelAt + kernel.size, BLOCK);
  const initrdSize = BigInt(initrd?.length ?? 0);
  const treeAt = upTo(initrdAt + initrdSize, BLOCK);
  const tree = machineTree({
    memory,
    cpus,
    cmdline,
    initrd: initrd === undefined ? undefined : { base: initrdAt, size: initrdSize },
  });
  const loads = [
    loadOf('kernel', kernelAt, kernel.bytes),
    ...(initrd === undefined ? [] : [loadOf('initrd', initrdAt, initrd)]),
    loadOf('devicetree', treeAt, tree),
  ];
  const end = treeAt + BigInt(tree.length);
  if (end > memory.base + memory.size) {
    const least = upTo(end - memory.base, MIB) / MIB;
    throw new RealmTooSmall(`kernel and initrd alone take ${least} MiB`);
  }
  const lists = {
    ripas: [{ ...memory, block: 'auto' as const }],
    loads,
    recs: Array.from({ length: cpus }, (_, n) =>
      n === 0 ? { pc: kernelAt, gprs: [treeAt], runnable: true } : { pc: 0n, gprs: [], runnable: false },
    ),
  };
  return { ...PLAN_DEFAULTS, ...realm, ipaWidth: IPA_WIDTH, memory, ...lists, order: defaultOrder(lists) };
};
