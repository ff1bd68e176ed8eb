/** What one place of a bridge bears, whatever its peers do. */
export interface BridgeLimits {
  /** Connections at a time, those that wait or are about to be refused included. */
  readonly connections: number;
  /** Frames of one connection; Infinity for no end. */
  readonly frames: number;
  /** Milliseconds in which a connection says nothing; 0 for ever. */
  readonly idleMs: number;
  /** Milliseconds that a connection waits for a REC before it is refused. */
  readonly patienceMs: number;
}

export const DEFAULT_LIMITS: BridgeLimits = {
  connections: 64,
  frames: Number.POSITIVE_INFINITY,
  idleMs: 0,
  patienceMs: 1000,
};
