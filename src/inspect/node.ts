/** Why reading stopped, and where. */
export interface Stop {
  readonly offset: number;
  readonly reason: string;
}

/** One item as it stands in the bytes, with what is known about it. Offsets count from the beginning of the token. */
export interface Node {
  readonly start: number;
  readonly headEnd: number;
  readonly end: number;
  readonly type: 'uint' | 'nint' | 'bytes' | 'text' | 'array' | 'map' | 'tag' | 'simple' | 'float';
  /** Diagnostic notation: of the value, or of what opens it when it has children. */
  readonly text: string;
  /** What closes it, for those with children. */
  readonly close: string;
  /** The tag, the integer, the text or, in hexadecimal, the bytes; undefined for containers. */
  readonly value: string | number | bigint | undefined;
  /** Its name by the documents: of the claim, the header, the part. */
  readonly name: string | undefined;
  /** What its value means. */
  readonly meaning: string | undefined;
  readonly problems: readonly string[];
  /** For the value of a map: its key. */
  readonly key: Node | undefined;
  /** Members of an array, values of a map, content of a tag, what a byte string embeds. */
  readonly children: readonly Node[];
  /** Where reading stopped in the bytes that this one embeds. */
  readonly stoppedInside: Stop | undefined;
}
