import { type CborItem, type CborMap, decodePrefix, INFO, MAJOR } from '../../cbor/index.ts';
import { ALGORITHM_ID, SIGN1_TAG } from '../../cose/index.ts';
import { LABEL } from '../items.ts';
import { NESTED_MOST } from './rust-items.ts';
import { refuse } from './rust-refusal.ts';

/** A COSE message as cose-rust reads it. */
export interface Message {
  readonly algorithm: number | undefined;
  readonly protectedBytes: Uint8Array;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

type Fits = (value: CborItem) => boolean;

/** Most of what the library reads it reads through tags. */
const untagged = (item: CborItem): CborItem => (item.type === 'tag' ? untagged(item.content) : item);

const isPlain = (item: CborItem): boolean => !('indefinite' in item && item.indefinite);
const ofType =
  (...types: readonly CborItem['type'][]): Fits =>
  (item) =>
    types.includes(item.type) && isPlain(item);
const isByteString: Fits = (item) => ofType('bytes')(untagged(item));

/** One certificate, not through a tag, or a list of them; a chain of several is verified, and nobody's holds. */
const certificates =
  (isChain: boolean): Fits =>
  (item) =>
    ofType('bytes')(item) ||
    (item.type === 'array' && isPlain(item) && item.items.every(isByteString) && !(isChain && item.items.length > 1));

/** An algorithm and a digest. */
const isThumbprint: Fits = (item) => {
  const [algorithm, digest, ...more] = item.type === 'array' && isPlain(item) ? item.items : [];
  if (algorithm === undefined || digest === undefined || more.length > 0 || !isByteString(digest)) return false;
  return (
    algorithm.type === 'uint' ||
    algorithm.type === 'nint' ||
    (algorithm.type === 'text' && algorithm.value in ALGORITHM_NAMES)
  );
};

/** Header labels that the library knows, and whether it can read a value; others end the reading. */
const HEADERS: Readonly<Record<number, Fits>> = {
  1: ofType('uint', 'nint', 'text'),
  2: (item) => item.type === 'array' && isPlain(item) && item.items.every(ofType('uint', 'nint')),
  3: ofType('uint', 'text'),
  4: ofType('bytes', 'text'),
  5: isByteString,
  6: isByteString,
  32: certificates(false),
  33: certificates(true),
  34: isThumbprint,
  35: ofType('text'),
  [-3]: isByteString,
  [-20]: isByteString,
  [-21]: isByteString,
  [-22]: isByteString,
  [-23]: isByteString,
  [-24]: isByteString,
  [-25]: isByteString,
  [-26]: isByteString,
  [-27]: isThumbprint,
  [-28]: ofType('text'),
  [-29]: certificates(true),
};
const INT32 = 1n << 31n;

const readHeader = (map: CborMap, isProtected: boolean, seen: Set<number>): number | undefined => {
  let algorithm: number | undefined;
  for (const { key: written, value } of map.entries) {
    const key = untagged(written);
    const label = key.type === 'uint' || key.type === 'nint' ? BigInt(key.value) : undefined;
    if (label === undefined || label >= INT32 || label < -INT32) return refuse('…');
    const small = Number(label);
    if (seen.has(small)) refuse(`DuplicateLabel(${small})`);
    seen.add(small);
    const fits = small === LABEL.header.crit && !isProtected ? undefined : HEADERS[small];
    // Keys and countersignatures are read in ways of their own, and nobody has made one that passes.
    if (fits === undefined || !fits(value)) return refuse('…');
    if (small !== LABEL.header.alg) continue;
    if (value.type === 'text') algorithm = ALGORITHM_NAMES[value.value] ?? refuse('…');
    else if (value.type === 'uint' || value.type === 'nint') algorithm = Number(value.value);
  }
  return algorithm;
};

const ALGORITHM_NAMES: Readonly<Record<string, number>> = { ...ALGORITHM_ID, EdDSA: -8 };

const MANY_SIGNERS_TAG = 98;
const MESSAGE_TAGS = [SIGN1_TAG, MANY_SIGNERS_TAG];

/** Where a head begins and ends, and what it says. */
interface Head {
  readonly major: number;
  readonly argument: number;
  readonly end: number;
}

const headAt = (bytes: Uint8Array, start: number): Head | undefined => {
  const first = bytes[start];
  if (first === undefined) return undefined;
  const info = first & 0x1f;
  const size = info < 24 ? 0 : info < 28 ? 1 << (info - 24) : undefined;
  if (size === undefined) return info === INFO.indefinite ? undefined : refuse('…');
  const end = start + 1 + size;
  if (end > bytes.length) return undefined;
  const argument = bytes.subarray(start + 1, end).reduce((sum, byte) => sum * 256 + byte, size === 0 ? info : 0);
  return { major: first >> 5, argument, end };
};

/** The signature is looked at by its head: what is no byte string is passed over, and then there is none. */
const signatureAt = (bytes: Uint8Array, start: number): Uint8Array | undefined => {
  if ((bytes[start] ?? 0) >> 5 !== MAJOR.bytes) return undefined;
  const head = headAt(bytes, start) ?? refuse('…');
  return head.end + head.argument <= bytes.length ? bytes.subarray(head.end, head.end + head.argument) : refuse('…');
};

/** Reads a message item by item: how many the array says it has does not matter, nor what follows. */
export const readMessage = (bytes: Uint8Array): Message => {
  const tag = headAt(bytes, 0) ?? refuse('…');
  const isTagged = tag.major === MAJOR.tag;
  if (isTagged && !MESSAGE_TAGS.includes(tag.argument)) return refuse('Invalid(Tag)');
  let array = isTagged ? (headAt(bytes, tag.end) ?? refuse('…')) : tag;
  while (isTagged && array.major === MAJOR.tag) array = headAt(bytes, array.end) ?? refuse('…');
  if (array.major !== MAJOR.array) return refuse('…');
  let at = array.end;
  const next = (): CborItem => {
    const decoded = decodePrefix(bytes, { start: at, maxDepth: NESTED_MOST });
    if (!decoded.ok) return refuse('…');
    at = decoded.item.end;
    return untagged(decoded.item);
  };
  const header = next();
  if (header.type !== 'bytes' || header.indefinite) return refuse('…');
  const seen = new Set<number>();
  let algorithm: number | undefined;
  if (header.value.length > 0) {
    const inner = decodePrefix(header.value, { maxDepth: NESTED_MOST });
    const map = inner.ok ? untagged(inner.item) : undefined;
    if (map?.type !== 'map' || map.indefinite) return refuse('…');
    algorithm = readHeader(map, true, seen);
  }
  const unprotected = next();
  if (unprotected.type !== 'map' || unprotected.indefinite) return refuse('…');
  const unprotectedAlgorithm = readHeader(unprotected, false, seen);
  const payload = next();
  if (payload.type !== 'bytes' || payload.indefinite) return refuse('…');
  if (payload.value.length === 0) return refuse('Missing(Payload)');
  const signature = signatureAt(bytes, at);
  // Under the tag of many signers a single signature is passed over, and what then looks for one crashes.
  const isSingle = !isTagged || tag.argument !== MANY_SIGNERS_TAG;
  if (isSingle && signature?.length === 0) return refuse('Missing(Signature)');
  return {
    algorithm: algorithm ?? unprotectedAlgorithm,
    protectedBytes: header.value,
    payload: payload.value,
    signature: (isSingle ? signature : undefined) ?? new Uint8Array(),
  };
};
