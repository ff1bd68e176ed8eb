const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const URL_SAFE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const encode = (bytes: Uint8Array, alphabet: string): string => {
  let out = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const digits = Math.min(4, bytes.length - at + 1);
    for (let i = 0; i < digits; i++) out += alphabet[(group >> (18 - 6 * i)) & 63];
  }
  return out;
};

/** Unpadded digits of `alphabet`, or undefined when one is foreign, one is left over, or bits that must be zero are not. */
const decode = (text: string, alphabet: string): Uint8Array<ArrayBuffer> | undefined => {
  if (text.length % 4 === 1) return undefined;
  const out = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let width = 0;
  let at = 0;
  for (const digit of text) {
    const value = alphabet.indexOf(digit);
    if (value < 0) return undefined;
    bits = ((bits << 6) | value) & 0xfff;
    width += 6;
    if (width >= 8) {
      width -= 8;
      out[at++] = bits >> width;
    }
  }
  return (bits & ((1 << width) - 1)) === 0 ? out : undefined;
};

/** RFC 4648 4, with padding and without line breaks. */
export const toBase64 = (bytes: Uint8Array): string => {
  const digits = encode(bytes, STANDARD);
  return digits.padEnd(4 * Math.ceil(digits.length / 4), '=');
};

/** Total: undefined unless the text is the one way to write some bytes. */
export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> | undefined =>
  text.length % 4 === 0 ? decode(text.replace(/={1,2}$/, ''), STANDARD) : undefined;

/** RFC 4648 5 without padding, as JOSE writes it. */
export const toBase64Url = (bytes: Uint8Array): string => encode(bytes, URL_SAFE);

/** Total: undefined unless the text is the one way to write some bytes. */
export const fromBase64Url = (text: string): Uint8Array<ArrayBuffer> | undefined => decode(text, URL_SAFE);
