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
  const view = new DataView(out.buffer);
  let rest = value;
  let at = size;
  // Eight bytes at a time, since each step makes a number of the whole width.
  for (; at >= 8; rest >>= 64n) {
    at -= 8;
    view.setBigUint64(at, BigInt.asUintN(64, rest));
  }
  for (; at > 0; rest >>= 8n) out[--at] = Number(rest & 0xffn);
  return out;
};

export const fromBigEndian = (bytes: Uint8Array): bigint => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let value = 0n;
  let at = 0;
  for (; at < bytes.length % 8; at++) value = (value << 8n) | BigInt(view.getUint8(at));
  for (; at < bytes.length; at += 8) value = (value << 64n) | view.getBigUint64(at);
  return value;
};
