/**
 * swcca: a software emulator of the Arm CCA attestation path.
 *
 * `createPlatform` makes a machine; `launchRealm` and `runGuest` are a Host and its guest; `verifyToken` lives behind
 * `swcca/verify`, so that a verifier can be had without the emulator. Everything is synchronous and loads in a browser.
 */
import { nobleCrypto } from './crypto/noble.ts';
import { createPlatform as create, type Platform, type PlatformOptions } from './platform/index.ts';

export { nobleCrypto } from './crypto/noble.ts';
export { type FirmwareSet, parseFirmwareManifest } from './hes/index.ts';
export * from './host/index.ts';
export { DEFAULT_PROFILE, type MachineProfile, machineProfile, profileProblems } from './machine/index.ts';
export { createReplayer, type HostReply, type Platform, type RealmReply, VERSION } from './platform/index.ts';
export { RMM_1_0 } from './rmm/index.ts';
export { createScriptWriter, createSession, parseScript, runScript, ScriptError } from './script/index.ts';
export { DIALECTS, type Dialect } from './token/index.ts';
export { type TraceEvent, type TraceSink, toJson } from './trace/index.ts';

/** Makes a machine and boots it, with the portable cryptography unless another is given (see `swcca/crypto/node`). */
export const createPlatform = (
  options: Omit<PlatformOptions, 'crypto'> & Partial<Pick<PlatformOptions, 'crypto'>>,
): Platform => create({ crypto: nobleCrypto, ...options });
