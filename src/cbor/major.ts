/** The major types (RFC 8949 3.1). */
export const MAJOR = { uint: 0, nint: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6, other: 7 } as const;

/** Additional information beyond the values below 24 that stand for themselves (RFC 8949 3). */
export const INFO = { oneByte: 24, twoBytes: 25, fourBytes: 26, eightBytes: 27, indefinite: 31 } as const;

/** Simple values with a name (RFC 8949 3.3). */
export const SIMPLE = { false: 20, true: 21, null: 22, undefined: 23 } as const;

/** The stop code that ends an indefinite length. */
export const BREAK = 0xff;
