/**
 * A guest in another process: a Unix socket for its SMCs, a shared file for its memory.
 *
 * Owns: frames, connections, the shared file, what a new guest finds of the one before it. Does not own: what an SMC does,
 * or what the Host does about an exit.
 */
export { type AnsweredPlace, type Answering, openAnsweredPlace } from './answered.ts';
export type { ConnectionReport } from './door.ts';
export { FRAME_SIZE } from './frame.ts';
export { type BridgeLimits, DEFAULT_LIMITS } from './limits.ts';
export { MAX_SOCKET_PATH } from './listen.ts';
export { makeOwnFolder } from './own-folder.ts';
export { type Bridge, type BridgeOptions, openBridge, type Place, socketPathOf } from './server.ts';
export type { CallWatcher, EndCode, SessionEnd } from './session.ts';
