/**
 * A guest in another process: a Unix socket for its SMCs, a shared file for its memory.
 *
 * Owns: frames, connections, the shared file. Does not own: what an SMC does, or what the Host does about an exit.
 */
export { FRAME_SIZE } from './frame.ts';
export { type BridgeLimits, DEFAULT_LIMITS } from './limits.ts';
export { type Bridge, type BridgeOptions, type ConnectionReport, openBridge } from './server.ts';
export type { EndCode, SessionEnd } from './session.ts';
