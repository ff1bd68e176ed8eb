/** Bytes that nobody will change: what ports take and give. */
export type Bytes = Uint8Array;

export const concatBytes = (...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const out = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};

/** Compares without leaving early, so that the time does not tell where two secrets differ. */
export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
};

/** `bytes` followed by zeros up to `size`; cut when longer. */
export const padEnd = (bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> => {
  const out = new Uint8Array(size);
  out.set(bytes.length > size ? bytes.subarray(0, size) : bytes);
  return out;
};

const utf8Encoder = new TextEncoder();
const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const utf8 = (text: string): Uint8Array => utf8Encoder.encode(text);

/** @returns the text, or undefined when the bytes are not UTF-8. */
export const fromUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return utf8Decoder.decode(bytes);
  } catch {
    return undefined;
  }
};

/** Big-endian bytes of fixed width, as keys and signatures have them. */
export const toBigEndian = (value: bigint, size: number): Uint8Array<ArrayBuffer> => {
  const out = new Uint8Array(size);
  let rest = value;
  for (let i = size - 1; i >= 0; i--) {
    out[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return out;
};

export const fromBigEndian = (bytes: Uint8Array): bigint => {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
};

/** The little-endian doublewords of `bytes`, whose length is a multiple of 8: how bytes travel in registers. */
export const toDoublewords = (bytes: Uint8Array): bigint[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = new Array<bigint>(bytes.length / 8);
  for (let i = 0; i < words.length; i += 1) words[i] = view.getBigUint64(8 * i, true);
  return words;
};

/** The bytes of `count` doublewords from the `first` on; those that are missing are zero. */
export const fromDoublewords = (
  words: readonly bigint[],
  first = 0,
  count = words.length - first,
): Uint8Array<ArrayBuffer> => {
  const out = new Uint8Array(8 * count);
  const view = new DataView(out.buffer);
  for (let i = 0; i < count; i += 1) view.setBigUint64(8 * i, words[first + i] ?? 0n, true);
  return out;
};
