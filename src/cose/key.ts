import {
  type CborError,
  type CborItem,
  type CborMap,
  type CborProblem,
  decode,
  encode,
  problems,
} from '../cbor/index.ts';
import { CURVES, type CurveName, type PublicKey } from '../crypto/index.ts';
import { ok, type Result } from './result.ts';

/** Labels of a COSE_Key (RFC 9052 7.1, RFC 9053 7.1.1). */
export const KEY = { kty: 1, crv: -1, x: -2, y: -3 } as const;

/** The key type of curves with two coordinates (RFC 9053 7). */
export const KTY_EC2 = 2;

/** Curves by their COSE identifier (RFC 9053 7.1). */
export const CURVE_ID = { 'P-256': 1, 'P-384': 2, 'P-521': 3 } as const satisfies Record<CurveName, number>;

/** A member of a COSE_Key. */
export type KeyMember = keyof typeof KEY;

/** The order in which RSE, TF-RMM and Islet write the members. */
export const KEY_ORDER: readonly KeyMember[] = ['kty', 'crv', 'x', 'y'];

/**
 * A public key as COSE_Key, coordinates in full width. It is the form whose hash binds the RAK, so that the order of its
 * members matters.
 *
 * @returns for P-384 107 bytes.
 */
export const coseKeyBytes = (
  { curve, x, y }: PublicKey,
  order: readonly KeyMember[] = KEY_ORDER,
): Uint8Array<ArrayBuffer> => {
  const values = { kty: KTY_EC2, crv: CURVE_ID[curve], x, y } as const satisfies Record<KeyMember, unknown>;
  return encode(new Map<number, number | Uint8Array>(order.map((member) => [KEY[member], values[member]])));
};

/** Why bytes are not a COSE_Key of ours, by code. */
export const COSE_KEY_ERRORS = {
  NOT_CBOR: 'the bytes are not CBOR',
  NOT_MAP: 'a COSE_Key is a map',
  LABEL_DUPLICATE: 'a label stands twice',
  KTY_MISSING: 'there is no kty',
  KTY_NOT_EC2: 'kty is not EC2',
  CRV_MISSING: 'there is no crv',
  CRV_UNKNOWN: 'crv is none of P-256, P-384 and P-521',
  COORDINATE_MISSING: 'there is no x or no y',
  COORDINATE_COMPRESSED: 'y is a sign bit',
  COORDINATE_TYPE: 'a coordinate is not a byte string',
  COORDINATE_SIZE: 'a coordinate is not as wide as the field',
} as const;

export interface CoseKeyError {
  readonly code: keyof typeof COSE_KEY_ERRORS;
  readonly offset: number;
  readonly cbor?: CborError;
}

export interface CoseKey extends PublicKey {
  /** The labels in the order in which they stand; others than integers as text. */
  readonly order: readonly (number | bigint | string)[];
  readonly problems: readonly CborProblem[];
}

const fail = (code: CoseKeyError['code'], offset: number): { readonly ok: false; readonly error: CoseKeyError } => ({
  ok: false,
  error: { code, offset },
});

const integerOf = (item: CborItem): number | bigint | undefined =>
  item.type === 'uint' || item.type === 'nint' ? item.value : undefined;

const memberOf = (map: CborMap, label: number): CborItem | undefined =>
  map.entries.find(({ key }) => integerOf(key) === label)?.value;

const curveOf = (id: CborItem): CurveName | undefined =>
  (Object.keys(CURVE_ID) as CurveName[]).find((name) => CURVE_ID[name] === integerOf(id));

const coordinate = (map: CborMap, label: number, curve: CurveName): Result<Uint8Array, CoseKeyError> => {
  const item = memberOf(map, label);
  if (item === undefined) return fail('COORDINATE_MISSING', map.start);
  if (label === KEY.y && item.type === 'simple') return fail('COORDINATE_COMPRESSED', item.start);
  if (item.type !== 'bytes') return fail('COORDINATE_TYPE', item.start);
  return item.value.length === CURVES[curve].size
    ? ok(Uint8Array.from(item.value))
    : fail('COORDINATE_SIZE', item.start);
};

/**
 * Reads the public half of an EC2 COSE_Key, in any order and whatever else it carries.
 *
 * Total. Whether the point lies on its curve is the caller's question to `Crypto.isOnCurve`.
 */
export const parseCoseKey = (bytes: Uint8Array): Result<CoseKey, CoseKeyError> => {
  const decoded = decode(bytes);
  if (!decoded.ok) return { ok: false, error: { code: 'NOT_CBOR', offset: decoded.error.offset, cbor: decoded.error } };
  const map = decoded.item;
  if (map.type !== 'map') return fail('NOT_MAP', map.start);
  const [repeated] = map.duplicates;
  if (repeated !== undefined) return fail('LABEL_DUPLICATE', repeated.start);
  const kty = memberOf(map, KEY.kty);
  if (kty === undefined) return fail('KTY_MISSING', map.start);
  if (integerOf(kty) !== KTY_EC2) return fail('KTY_NOT_EC2', kty.start);
  const crv = memberOf(map, KEY.crv);
  if (crv === undefined) return fail('CRV_MISSING', map.start);
  const curve = curveOf(crv);
  if (curve === undefined) return fail('CRV_UNKNOWN', crv.start);
  const x = coordinate(map, KEY.x, curve);
  if (!x.ok) return x;
  const y = coordinate(map, KEY.y, curve);
  if (!y.ok) return y;
  const order = map.entries.map(({ key }) => integerOf(key) ?? (key.type === 'text' ? key.value : `(${key.type})`));
  return ok({ curve, x: x.value, y: y.value, order, problems: problems(map) });
};
