import type { Errno } from './errno.ts';

/** What a fault does at a call of the tree. */
export interface TreeAct {
  /** The call fails. */
  readonly errno?: Errno;
  /** Another program writes this inblob to the report before the call. */
  readonly race?: Uint8Array;
  /** The call takes or gives at most so many bytes. */
  readonly short?: number;
  /** Attributes that the report which is made does not have. */
  readonly hide?: readonly string[];
  /** What becomes of the bytes that an opened file shows. */
  readonly edit?: (bytes: Uint8Array) => Uint8Array;
}

/**
 * Asked at each call, with what the call carries: what goes wrong there. Calls are named `tsm.mkdir`, `tsm.rmdir`, and
 * `tsm.open.outblob`, `tsm.read.outblob`, `tsm.write.inblob` and so on.
 */
export type TreeFaults = (call: string, carried: readonly Uint8Array[]) => readonly TreeAct[];

export const NO_FAULTS: TreeFaults = () => [];

export const errnoOf = (acts: readonly TreeAct[]): Errno | undefined =>
  acts.find(({ errno }) => errno !== undefined)?.errno;

/** How many of `size` bytes the call still moves. */
export const shortened = (acts: readonly TreeAct[], size: number): number =>
  Math.min(size, ...acts.flatMap(({ short }) => short ?? []));

export const edited = (acts: readonly TreeAct[], bytes: Uint8Array): Uint8Array =>
  acts.reduce((sofar, { edit }) => edit?.(sofar) ?? sofar, bytes);
