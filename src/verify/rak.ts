import type { CborMap } from '../cbor/index.ts';
import { CURVE_ID, KEY, KTY_EC2, signatureAlgorithmOf } from '../cose/index.ts';
import {
  type Crypto,
  CURVES,
  type CurveName,
  type PublicKey,
  parseSec1Point,
  type SignatureAlgorithm,
} from '../crypto/index.ts';
import { decompress } from './decompress.ts';
import { openLayer, type Place, tellAt, within } from './layer.ts';
import { boolOf, member } from './readers.ts';

/** A raw Realm attestation key is a point of this curve, uncompressed. */
const RAW_CURVE: CurveName = 'P-384';
const RAW_SIZE = 1 + 2 * CURVES[RAW_CURVE].size;
const UNCOMPRESSED = 0x04;

/** Labels of a COSE_Key that say what it is for (RFC 9052 7.1) or give it away (RFC 9053 7.1.1). */
const PURPOSE = { alg: 3, keyOps: 4 } as const;
const PRIVATE_PART = -4;
const KEY_OP_VERIFY = 2;

/** What `bytes` look like, whatever they ought to be. */
export const rakFormOf = (bytes: Uint8Array): 'raw' | 'cose-key' =>
  bytes.length === RAW_SIZE && bytes[0] === UNCOMPRESSED ? 'raw' : 'cose-key';

const curveOf = (map: CborMap, place: Place): CurveName | undefined => {
  const kty = member(map, KEY.kty);
  const crv = member(map, KEY.crv);
  if (kty === undefined || crv === undefined) {
    tellAt(place, map, 'RAK_MALFORMED', { missing: kty === undefined ? 'kty' : 'crv' });
    return undefined;
  }
  const curve = (Object.keys(CURVE_ID) as CurveName[]).find(
    (name) => crv.type === 'uint' && CURVE_ID[name] === crv.value,
  );
  if (kty.type === 'uint' && kty.value === KTY_EC2 && curve !== undefined) return curve;
  tellAt(place, map, 'RAK_TYPE_UNSUPPORTED');
  return undefined;
};

const checkPurpose = (map: CborMap, algorithm: SignatureAlgorithm | undefined, place: Place): void => {
  const alg = member(map, PURPOSE.alg);
  if (alg !== undefined) {
    const meant = alg.type === 'nint' ? signatureAlgorithmOf(alg.value) : undefined;
    if (meant === undefined || (algorithm !== undefined && meant !== algorithm)) {
      tellAt(within(place, PURPOSE.alg), alg, 'RAK_ALG', { header: algorithm ?? 'none', key: meant ?? 'unknown' });
    }
  }
  const ops = member(map, PURPOSE.keyOps);
  const verifies = ops?.type === 'array' && ops.items.some((op) => op.type === 'uint' && op.value === KEY_OP_VERIFY);
  if (ops !== undefined && !verifies) tellAt(within(place, PURPOSE.keyOps), ops, 'RAK_KEY_OPS');
  const secret = member(map, PRIVATE_PART);
  if (secret !== undefined) tellAt(within(place, PRIVATE_PART), secret, 'RAK_PRIVATE');
};

const pointOf = (map: CborMap, curve: CurveName, place: Place): PublicKey | undefined => {
  const x = member(map, KEY.x);
  const y = member(map, KEY.y);
  const { size } = CURVES[curve];
  if (x?.type !== 'bytes' || x.value.length !== size) {
    tellAt(within(place, KEY.x), x ?? map, 'RAK_MALFORMED', { expected: `${size} bytes` });
    return undefined;
  }
  if (y?.type === 'bytes' && y.value.length === size) {
    return { curve, x: Uint8Array.from(x.value), y: Uint8Array.from(y.value) };
  }
  const at = within(place, KEY.y);
  const yIsOdd = y && boolOf(y);
  if (y === undefined || yIsOdd === undefined) {
    tellAt(at, y ?? map, 'RAK_MALFORMED', { expected: `${size} bytes` });
    return undefined;
  }
  tellAt(at, y, 'RAK_COMPRESSED');
  const point = decompress(curve, x.value, yIsOdd);
  if (point === undefined) tellAt(at, y, 'RAK_NOT_ON_CURVE');
  return point;
};

const readCoseKey = (
  content: Uint8Array,
  algorithm: SignatureAlgorithm | undefined,
  place: Place,
): PublicKey | undefined => {
  const layer = openLayer(content, place);
  if (layer === undefined) {
    place.tell('RAK_MALFORMED', place.path, {});
    return undefined;
  }
  const { item: map } = layer;
  if (map.type !== 'map') {
    tellAt(place, map, 'RAK_MALFORMED', { expected: 'map', found: map.type });
    return undefined;
  }
  for (const { key } of map.entries) {
    if (key.type !== 'uint' && key.type !== 'nint' && key.type !== 'text') tellAt(place, key, 'RAK_MALFORMED');
  }
  checkPurpose(map, algorithm, place);
  const curve = curveOf(map, place);
  return curve && pointOf(map, curve, place);
};

/**
 * Reads the Realm attestation key out of claim 44237 and checks that it is a point of its curve.
 *
 * @param form       what the profile asks for.
 * @param algorithm  what the Realm token is signed with; a COSE_Key may name it too, and must then name the same.
 */
export const readRak = (
  content: Uint8Array,
  form: 'raw' | 'cose-key',
  algorithm: SignatureAlgorithm | undefined,
  place: Place,
  crypto: Crypto,
): PublicKey | undefined => {
  if (rakFormOf(content) !== form) {
    place.tell('RAK_FORM', place.path, { expected: form, size: content.length });
    return undefined;
  }
  const key = form === 'raw' ? parseSec1Point(RAW_CURVE, content) : readCoseKey(content, algorithm, place);
  if (key === undefined || crypto.isOnCurve(key)) return key;
  place.tell('RAK_NOT_ON_CURVE', place.path, { curve: key.curve });
  return undefined;
};
