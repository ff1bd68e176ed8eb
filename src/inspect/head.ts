/** Initial bytes of CBOR (RFC 8949 3), as far as containers and strings go; other items are read by the cbor room. */
export const MAJOR = { bytes: 2, text: 3, array: 4, map: 5, tag: 6 } as const;
export const BREAK = 0xff;

const INDEFINITE = 31;
/** By additional information: the width of the argument that follows. */
const WIDTHS: ReadonlyMap<number, number> = new Map([
  [24, 1],
  [25, 2],
  [26, 4],
  [27, 8],
]);
const RESERVED_FROM = 28;

/** The head of something that has a length or holds others. */
export interface Head {
  readonly major: number;
  /** A length or a tag; beyond 2^53, where no length is real, rounded. */
  readonly argument: number;
  /** The argument in diagnostic notation: all its digits, and `_0` to `_3` when a shorter head says the same (RFC 8949 8.1). */
  readonly text: string;
  readonly indicator: string;
  readonly indefinite: boolean;
  readonly end: number;
}

/** Total: undefined for other items, and for a head that is reserved or cut off before `end`. */
export const readHead = (bytes: Uint8Array, at: number, end: number): Head | undefined => {
  const initial = bytes[at] ?? BREAK;
  const major = initial >> 5;
  const info = initial & 0x1f;
  const indefinite = info === INDEFINITE;
  const width = WIDTHS.get(info) ?? 0;
  const isOther = major < MAJOR.bytes || major > MAJOR.tag || (indefinite && major === MAJOR.tag);
  if (isOther || (info >= RESERVED_FROM && !indefinite) || at + 1 + width > end) return undefined;
  const following = bytes.subarray(at + 1, at + 1 + width);
  const exact = width === 0 ? BigInt(info) : following.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const least = width === 1 ? 24 : 2 ** (4 * width);
  const indicator = width > 0 && exact < least ? `_${Math.log2(width)}` : '';
  return { major, argument: Number(exact), text: `${exact}${indicator}`, indicator, indefinite, end: at + 1 + width };
};
