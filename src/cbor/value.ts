/** A tag and its content (RFC 8949 3.4). */
export class Tagged {
  readonly tag: number | bigint;
  readonly content: CborValue;

  constructor(tag: number | bigint, content: CborValue) {
    this.tag = tag;
    this.content = content;
  }
}

/** A simple value without a JavaScript counterpart (RFC 8949 3.3): 0 to 19 and 32 to 255. */
export class Simple {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** A floating-point number whatever its value: a bare `number` that is whole is written as an integer. */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/**
 * What `encode` takes. Whole numbers are integers and beyond 2^53 must be `bigint`; other numbers are floats. Objects are
 * not among them, since a map's order matters and keys are mostly integers.
 */
export type CborValue =
  | number
  | bigint
  | string
  | Uint8Array
  | boolean
  | null
  | undefined
  | readonly CborValue[]
  | ReadonlyMap<CborValue, CborValue>
  | Tagged
  | Simple
  | Float;
