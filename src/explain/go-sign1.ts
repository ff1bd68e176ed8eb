import { type CborItem, type CborMap, decode } from '../cbor/index.ts';
import { signatureAlgorithmOf, sigStructure } from '../cose/index.ts';
import type { Crypto, PublicKey } from '../crypto/index.ts';
import { goItem, hasTag, isBeyondInt64, isGoAny, isInt64, isNull, withoutSelfDescribed } from './go-cbor.ts';
import { isInteger, LABEL, memberOf } from './items.ts';

/** A COSE_Sign1 as go-cose reads it. */
export interface GoSign1 {
  readonly protectedBytes: Uint8Array;
  readonly protected: CborMap | undefined;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

/** Headers that go-cose looks at, and of what type they have to be. */
const TYPED: Readonly<Record<number, readonly string[]>> = {
  1: ['uint', 'nint', 'text'],
  3: ['uint', 'text'],
  4: ['bytes'],
  5: ['bytes'],
  6: ['bytes'],
  16: ['uint', 'text'],
};
const MEDIA_TYPE_LABELS = [3, 16];
const NEVER_PROTECTED = [7, 9, 11, 12];
const COUNTERSIGNATURES = [7, 11];
const COUNTERSIGNATURES_0 = [9, 12];

const isMediaType = (text: string): boolean =>
  text !== '' && !text.startsWith(' ') && !text.endsWith(' ') && text.split('/').length === 2;

const hasLabel = (map: CborMap, item: { readonly type: string; readonly value?: unknown }): boolean =>
  map.entries.some(({ key }) => key.type === item.type && 'value' in key && key.value === item.value);

const isBadCrit = (map: CborMap): boolean => {
  const crit = memberOf(map, LABEL.header.crit);
  if (crit === undefined) return false;
  if (crit.type !== 'array' || crit.items.length === 0) return true;
  return crit.items.some((each) => !['uint', 'nint', 'text'].includes(each.type) || !hasLabel(map, each as never));
};

const isNothing = (item: CborItem): boolean => isNull(item) || (item.type === 'array' && item.items.length === 0);

/** Whether go-cose refuses a header. */
const isBadHeader = (map: CborMap, isProtected: boolean): boolean => {
  if (map.duplicates.length > 0) return true;
  for (const { key, value: written } of map.entries) {
    const value = withoutSelfDescribed(written);
    if (key.type !== 'uint' && key.type !== 'nint' && key.type !== 'text') return true;
    if (!isGoAny(key) || !isGoAny(value)) return true;
    if (key.type === 'nint' && !isInt64(key)) return true;
    const label = Number(key.value);
    if (key.type === 'text') continue;
    const types = TYPED[label];
    if (types !== undefined && !types.includes(value.type)) return true;
    if (MEDIA_TYPE_LABELS.includes(label) && value.type === 'text' && !isMediaType(value.value)) return true;
    if (isProtected && NEVER_PROTECTED.includes(label)) return true;
    if (!isProtected && label === LABEL.header.crit) return true;
    // Null and a list of none are read; nobody has made a list of some that is.
    if (!isProtected && COUNTERSIGNATURES.includes(label) && !isNothing(value)) return true;
    if (!isProtected && COUNTERSIGNATURES_0.includes(label) && value.type !== 'bytes') return true;
  }
  const has = (label: number): boolean => memberOf(map, label) !== undefined;
  return isBadCrit(map) || (has(5) && has(6));
};

const PREFIX = 'cbor: invalid';

/** Reads a COSE_Sign1, tagged and of four, or gives the text with which go-cose refuses. */
export const goSign1 = (bytes: Uint8Array): GoSign1 | { readonly error: string } => {
  if (bytes[0] !== 0xd2 || bytes[1] !== 0x84) return { error: `${PREFIX} COSE_Sign1_Tagged object` };
  const item = goItem(bytes.subarray(1));
  if ('error' in item) return item;
  if (item.type !== 'array' || item.items.length !== 4) return { error: 'cbor: …' };
  if (hasTag(item)) return { error: 'cbor: …' };
  const [protectedItem, unprotected, payload, signature] = item.items;
  if (!protectedItem || !unprotected || !payload || !signature) return { error: 'cbor: …' };
  if (payload.type !== 'bytes' && !isNull(payload)) return { error: 'cbor: require bstr type' };
  if (signature.type !== 'bytes' && !isNull(signature)) return { error: 'cbor: require bstr type' };
  const signed = signature.type === 'bytes' ? signature.value : new Uint8Array();
  if (signed.length === 0) return { error: 'empty signature' };
  if (protectedItem.type !== 'bytes') return { error: `${PREFIX} protected header: …` };
  const decoded = protectedItem.value.length === 0 ? undefined : decode(protectedItem.value);
  if (decoded !== undefined && (!decoded.ok || decoded.item.type !== 'map' || 'error' in goItem(protectedItem.value))) {
    return { error: `${PREFIX} protected header: …` };
  }
  const header = decoded?.ok && decoded.item.type === 'map' ? decoded.item : undefined;
  if (header !== undefined && isBadHeader(header, true)) return { error: `${PREFIX} protected header: …` };
  if (unprotected.type !== 'map' || isBadHeader(unprotected, false)) {
    return { error: `${PREFIX} unprotected header: …` };
  }
  const crossed = (a: number, b: number): boolean =>
    header !== undefined && memberOf(header, a) !== undefined && memberOf(unprotected, b) !== undefined;
  if (crossed(5, 6) || crossed(6, 5)) return { error: 'IV…' };
  return {
    protectedBytes: protectedItem.value,
    protected: header,
    payload: payload.type === 'bytes' ? payload.value : new Uint8Array(),
    signature: signed,
  };
};

/** The text with which go-cose refuses to verify, or nothing. */
export const goVerify = (sign1: GoSign1, key: PublicKey, crypto: Crypto): string | undefined => {
  const alg = sign1.protected && memberOf(sign1.protected, LABEL.header.alg);
  if (alg === undefined) return 'unable to get verification algorithm: algorithm not found';
  if (alg.type === 'text') return 'unable to get verification algorithm: Algorithm(…';
  const value = alg.type === 'uint' || alg.type === 'nint' ? Number(alg.value) : Number.NaN;
  const algorithm = signatureAlgorithmOf(value);
  if (algorithm === undefined || !crypto.isOnCurve(key)) return 'unable to instantiate verifier: …';
  const toBeSigned = sigStructure(sign1.protectedBytes, sign1.payload);
  return crypto.verify(algorithm, key, toBeSigned, sign1.signature) ? undefined : 'verification error';
};

const COORDINATE_SIZE: Readonly<Record<number, number>> = { 1: 32, 2: 48, 3: 66 };
const CURVE_NAME = { 1: 'P-256', 2: 'P-384', 3: 'P-521' } as const;
const ALGORITHM_OF_CURVE: Readonly<Record<number, number>> = { 1: -7, 2: -35, 3: -36 };
const KTY = { okp: 1, ec2: 2, symmetric: 4 } as const;
const OKP_CURVES = [4, 5, 6, 7];

const leftPadded = (bytes: Uint8Array, size: number): Uint8Array => {
  const out = new Uint8Array(size);
  out.set(bytes, size - bytes.length);
  return out;
};

/** What a COSE_Key comes to: unreadable, a crash of the library, of another type, without both coordinates, or a key. */
export type GoKey =
  | { readonly state: 'unreadable' | 'crash' | 'not EC2' | 'unusable' }
  | { readonly state: 'key'; readonly key: PublicKey };

/** Reads a COSE_Key as go-cose does: members are typed, sizes and algorithm have to fit the curve. */
export const goKey = (bytes: Uint8Array): GoKey => {
  const unreadable = { state: 'unreadable' } as const;
  const item = goItem(bytes);
  if ('error' in item || item.type !== 'map' || !isGoAny(item)) return unreadable;
  const { coseKey } = LABEL;
  const found = (label: number): CborItem | undefined => {
    const member = memberOf(item, label);
    return member && withoutSelfDescribed(member);
  };
  const kty = found(coseKey.kty);
  if (kty === undefined || !isInt64(kty) || isInteger(kty, 0) || isBeyondInt64(kty)) return unreadable;
  const kid = found(coseKey.kid);
  const alg = found(coseKey.alg);
  const ops = found(coseKey.ops);
  if (kid !== undefined && kid.type !== 'bytes') return unreadable;
  if (alg !== undefined && alg.type !== 'uint' && alg.type !== 'nint') return unreadable;
  if (ops !== undefined && ops.type !== 'array') return unreadable;
  if (item.entries.some(({ key }) => !['uint', 'nint', 'text'].includes(key.type))) return unreadable;
  if (!isInteger(kty, KTY.ec2)) {
    return isInteger(kty, KTY.symmetric) || isInteger(kty, KTY.okp) ? unreadable : { state: 'not EC2' };
  }
  const crv = found(coseKey.crv);
  if (crv === undefined) return unreadable;
  if (isBeyondInt64(crv)) return unreadable;
  // The library takes it for a number of 64 bits without looking.
  if ((crv.type !== 'uint' && crv.type !== 'nint') || !isInt64(crv)) return { state: 'crash' };
  const curve = Number(crv.value);
  const [x, y] = [coseKey.x, coseKey.y].map((label) => {
    const coordinate = found(label);
    return coordinate?.type === 'bytes' ? coordinate.value : new Uint8Array();
  }) as [Uint8Array, Uint8Array];
  const size = COORDINATE_SIZE[curve];
  if (curve === 0 || OKP_CURVES.includes(curve) || (x.length === 0 && y.length === 0)) return unreadable;
  if (size !== undefined && (x.length > size || y.length > size)) return unreadable;
  const due = ALGORITHM_OF_CURVE[curve];
  if (alg !== undefined && !isInteger(alg, 0) && (due === undefined || !isInteger(alg, due))) return unreadable;
  if (size === undefined || x.length === 0 || y.length === 0) return { state: 'unusable' };
  return {
    state: 'key',
    key: { curve: CURVE_NAME[curve as 1 | 2 | 3], x: leftPadded(x, size), y: leftPadded(y, size) },
  };
};
