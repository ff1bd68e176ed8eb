/**
 * A stock arm64 Linux as a Realm under QEMU, each of its SMCs answered by this RMM.
 *
 * Owns: the monitor at EL2 and how it talks, stage 2 as QEMU walks it, what the kernel is told of its machine, QEMU's
 * process. Does not own: what an SMC does, or what the Host does about an exit.
 */
export { type RealmSmc, scriptedSmc, withRealmSmc } from './answers.ts';
export { type CallWatcher, GuestStopped } from './cpus.ts';
export { type KernelImage, KernelUnusable, readKernelImage } from './image.ts';
export { MAX_CPUS } from './memory-map.ts';
export { type LinuxRealm, RealmTooSmall } from './plan.ts';
export { checkQemu, QemuUnusable } from './qemu.ts';
export { type LinuxEnd, type LinuxGuest, type LinuxOptions, startLinux } from './run.ts';
