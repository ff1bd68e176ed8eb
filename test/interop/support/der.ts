/**
 * ECDSA-Sig-Value (RFC 3279 2.2.3) to and from r‖s. Reading is strict DER: shortest lengths, shortest integers, nothing
 * behind the sequence.
 */
const SEQUENCE = 0x30;
const INTEGER = 0x02;

/** @param signature r‖s */
export function derOf(signature: Uint8Array): Uint8Array {
  const half = signature.length / 2;
  const body = [integer(signature.subarray(0, half)), integer(signature.subarray(half))].flatMap((bytes) => [...bytes]);
  return Uint8Array.of(SEQUENCE, ...lengthOf(body.length), ...body);
}

/** @returns r‖s with `size` bytes each, or undefined when the bytes are not DER or an integer is negative or wider */
export function fromDer(der: Uint8Array, size: number): Uint8Array | undefined {
  const sequence = element(der, SEQUENCE);
  if (sequence === undefined || sequence.rest.length !== 0) return undefined;
  const r = element(sequence.content, INTEGER);
  if (r === undefined) return undefined;
  const s = element(r.rest, INTEGER);
  if (s === undefined || s.rest.length !== 0) return undefined;
  const halves = [r.content, s.content].map((content) => unsigned(content, size));
  return halves.every((half) => half !== undefined) ? Uint8Array.from(halves.flatMap((half) => [...half])) : undefined;
}

function integer(magnitude: Uint8Array): Uint8Array {
  const first = magnitude.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Uint8Array.of(0) : magnitude.subarray(first);
  const sign = digits[0]! >= 0x80 ? [0] : [];
  return Uint8Array.of(INTEGER, ...lengthOf(sign.length + digits.length), ...sign, ...digits);
}

const lengthOf = (length: number): number[] => (length < 0x80 ? [length] : [0x81, length]);

interface Element {
  readonly content: Uint8Array;
  readonly rest: Uint8Array;
}

/** One element of the wanted type. Lengths above 255 do not occur in an ECDSA signature of these curves. */
function element(bytes: Uint8Array, type: number): Element | undefined {
  const [tag, short, long] = bytes;
  if (tag !== type || short === undefined) return undefined;
  const isLong = short === 0x81;
  if ((short >= 0x80 && !isLong) || (isLong && (long === undefined || long < 0x80))) return undefined;
  const start = isLong ? 3 : 2;
  const end = start + (isLong ? long! : short);
  if (end > bytes.length) return undefined;
  return { content: bytes.subarray(start, end), rest: bytes.subarray(end) };
}

function unsigned(content: Uint8Array, size: number): Uint8Array | undefined {
  const [first, second] = content;
  if (first === undefined || first >= 0x80) return undefined;
  if (first === 0 && content.length > 1 && second! < 0x80) return undefined;
  const digits = first === 0 ? content.subarray(1) : content;
  if (digits.length > size) return undefined;
  const padded = new Uint8Array(size);
  padded.set(digits, size - digits.length);
  return padded;
}
