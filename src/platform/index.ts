/**
 * The one place where a machine is wired: Host, EL3, RMM, HES, memory; fork and replay.
 *
 * Owns: who is connected to whom. Does not own: any rule.
 */
export { configKeys } from './chip-keys.ts';
export { DEFAULT_SEED, type PlatformConfig, type PlatformSettings, platformConfig } from './config.ts';
export { configFromMembers } from './config-codec.ts';
export { createPlatform, type HostReply, type Platform, type PlatformOptions, type RealmReply } from './platform.ts';
export { createReplayer, type Difference, ReplayError, type Replayer } from './replay.ts';
export { TRACE_FORMAT, VERSION } from './version.ts';
