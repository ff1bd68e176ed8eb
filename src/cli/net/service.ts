import type { JsonObject } from './json-answer.ts';

/** A token, for a challenge of up to 64 bytes. */
export interface Evidence {
  readonly token: Uint8Array;
}

export interface AttestToOptions {
  /** For each exchange. */
  readonly timeoutMs: number;
  /** When to give up asking whether it is done. */
  readonly deadlineMs: number;
  readonly nowMs: () => number;
  /** Makes the evidence, once. */
  readonly evidence: (nonce: Uint8Array) => Promise<Evidence>;
}

/** What came of it. */
export interface Attestation {
  /** What the token had to answer. */
  readonly nonce: Uint8Array;
  readonly token: Uint8Array;
  /** The result as the service gave it: a JSON Web Token, whose signature is not checked here. */
  readonly result: string;
  readonly claims: JsonObject;
}

/** Plays the attester against one kind of service. @throws {UsageError} INPUT, one line, for whatever the service does wrong */
export type AttestTo = (base: URL, options: AttestToOptions) => Promise<Attestation>;
