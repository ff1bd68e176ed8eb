import { concatBytes } from '../bytes/index.ts';

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const LONG_FORM = 0x80;

const element = (type: number, content: Uint8Array): Uint8Array => {
  const length = content.length < LONG_FORM ? [content.length] : [LONG_FORM | 1, content.length];
  return concatBytes(Uint8Array.of(type, ...length), content);
};

/** A magnitude as the shortest signed integer. */
const integer = (magnitude: Uint8Array): Uint8Array => {
  const first = magnitude.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Uint8Array.of(0) : magnitude.subarray(first);
  const sign = (digits[0] ?? 0) >= 0x80 ? Uint8Array.of(0) : new Uint8Array();
  return element(INTEGER, concatBytes(sign, digits));
};

/** ECDSA-Sig-Value in DER (RFC 3279 2.2.3), for halves of at most 66 bytes. */
export const derOf = (r: Uint8Array, s: Uint8Array): Uint8Array =>
  element(SEQUENCE, concatBytes(integer(r), integer(s)));
