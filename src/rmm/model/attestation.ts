import { type StateMachine, stateMachine } from '../../spec/index.ts';

/** RmmRecAttestState (RMM 1.0 A7.2.2). */
export type AttestState = 'NO_ATTEST_IN_PROGRESS' | 'ATTEST_IN_PROGRESS';

export const attestState: StateMachine<AttestState, 'init' | 'complete'> = stateMachine<
  AttestState,
  'init' | 'complete'
>('RmmRecAttestState', 'RMM 1.0 A7.2.2', {
  NO_ATTEST_IN_PROGRESS: { init: 'ATTEST_IN_PROGRESS' },
  ATTEST_IN_PROGRESS: { init: 'ATTEST_IN_PROGRESS', complete: 'NO_ATTEST_IN_PROGRESS' },
});

/**
 * The token operation of one REC. The claims are fixed by INIT; signing takes steps, and may be interrupted between
 * any two of them; what is signed is then copied out piece by piece.
 */
export interface Attestation {
  readonly state: AttestState;
  readonly challenge: Uint8Array | undefined;
  /** The Realm claims as INIT saw them, not yet signed. */
  readonly claims: Uint8Array | undefined;
  /** Signing steps that remain. */
  readonly steps: number;
  /** Number of the request by which EL3 is signing, where EL3 signs (rmm-el3 4.5). */
  readonly ticket: bigint | undefined;
  /** What EL3 answered: a signature of at most the size that is reserved for it, or more than that. */
  readonly signature: Uint8Array | 'TOO_LONG' | undefined;
  /** How often the queue was asked for a response in vain. */
  readonly emptyPulls: number;
  /** The signed Realm token, once the last step is done. */
  readonly realmToken: Uint8Array | undefined;
  /** The whole CCA token, from the first call that copies. */
  readonly token: Uint8Array | undefined;
  /** Bytes of the token already given to the Realm, and in how many pieces. */
  readonly copied: number;
  readonly pieces: number;
}

export const NO_ATTESTATION: Attestation = {
  state: 'NO_ATTEST_IN_PROGRESS',
  challenge: undefined,
  claims: undefined,
  steps: 0,
  ticket: undefined,
  signature: undefined,
  emptyPulls: 0,
  realmToken: undefined,
  token: undefined,
  copied: 0,
  pieces: 0,
};
