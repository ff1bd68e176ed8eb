/** Where a file of vectors is no such thing, and why: one line. */
export declare class VectorError extends Error {}

/** A vector as it was read: opaque, for `Replay.run`. */
export interface MeasurementVector {
  readonly kind: 'rim' | 'rem';
  readonly id: string;
  readonly algo: string;
}

export interface RemVector extends MeasurementVector {
  /** From the variant of the formula to the slots after each extend. */
  readonly expected: ReadonlyMap<string, readonly Uint8Array[]>;
}

export interface MeasurementVectors {
  readonly rim: readonly MeasurementVector[];
  readonly rem: readonly RemVector[];
}

export declare const parseVectors: (json: string) => MeasurementVectors;
