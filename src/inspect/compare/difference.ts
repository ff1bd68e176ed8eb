/**
 * How two tokens differ at one place. `encoding` alone leaves what is said the same: heads of another width, definite or
 * not, entries of a map in another order.
 */
export const DIFFERENCE_KINDS = {
  value: 'another value',
  form: 'another type, or other tags and byte strings around the same',
  missing: 'only one of them has it',
  key: 'the same value under another key',
  order: 'the same members in another order',
  encoding: 'the same, written otherwise',
  reading: 'what is odd about one of them: where reading stops, a key that stands twice',
} as const;
export type DifferenceKind = keyof typeof DIFFERENCE_KINDS;

/** What one of the two tokens has. */
export interface Side {
  /** Of its first byte (of its key, in a map), from the beginning of the token. */
  readonly offset: number;
  /** In bytes, the key included. */
  readonly length: number;
  /** Diagnostic notation; of what holds others, what opens and closes it. */
  readonly text: string;
  readonly meaning: string | undefined;
}

export interface Difference {
  readonly kind: DifferenceKind;
  /**
   * In the words of the verifier's findings: `platform/2395` is claim 2395 of the platform token, `realm/44239/0` the first
   * extensible measurement, `platform.signature` a member of its COSE_Sign1, `token` the outermost item.
   */
  readonly place: string;
  /** The names on the way there, the last one its own; empty where nothing has a name. */
  readonly names: readonly string[];
  /** What differs, in a few words. */
  readonly what: string;
  readonly a: Side | undefined;
  readonly b: Side | undefined;
}

/** What both signatures of a part say together, without any key. */
export interface Remark {
  readonly place: string;
  readonly says: string;
}

export interface TokenDiff {
  /** Whether both are the same bytes. */
  readonly same: boolean;
  /** Whether they say the same: no difference but in encoding. */
  readonly sameValues: boolean;
  /** In the order of the first token; none exactly when both are the same bytes. */
  readonly differences: readonly Difference[];
  readonly remarks: readonly Remark[];
}
