import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, hex, toBigEndian, toHex } from '../../src/bytes/index.ts';
import { type CborValue, encode } from '../../src/cbor/index.ts';
import { coseKeyBytes, parseCoseKey } from '../../src/cose/index.ts';
import { CURVES, type CurveName, type PublicKey, parseSec1Point } from '../../src/crypto/index.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import rse from '../vectors/rse-derivation.json' with { type: 'json' };

const KEYS = (Object.keys(CURVES) as CurveName[]).map(
  (curve) => nodeCrypto.publicKey({ curve, scalar: toBigEndian(99n, CURVES[curve].size) }) as PublicKey,
);
const KEY = KEYS[1] as PublicKey;

const errorOf = (bytes: Uint8Array) => {
  const parsed = parseCoseKey(bytes);
  return parsed.ok ? undefined : parsed.error;
};

describe('coseKeyBytes', () => {
  test.each([
    ['IAK', rse.iak_pub_sec1, rse.iak_cose_key],
    ['DAK', rse.dak_pub_sec1, rse.dak_cose_key],
  ])('writes the %s of the RSE as 107 bytes', (_, point, expected) => {
    const bytes = coseKeyBytes(parseSec1Point('P-384', hex(point)) as PublicKey);
    expect(toHex(bytes)).toBe(expected);
    expect(bytes).toHaveLength(107);
  });

  test('hashes to the instance id and to the binding of the RSE', () => {
    const sha256 = nodeCrypto.hash('sha-256').digest;
    expect(`01${toHex(sha256(hex(rse.iak_cose_key)))}`).toBe(rse.instance_id);
    expect(toHex(sha256(hex(rse.dak_cose_key)))).toBe(rse.dak_cose_key_sha256);
  });

  test('keeps leading zeros of coordinates', () => {
    const key: PublicKey = { ...KEY, x: toBigEndian(1n, 48) };
    expect(parseCoseKey(coseKeyBytes(key))).toMatchObject({ ok: true, value: { x: key.x } });
  });
});

describe('parseCoseKey', () => {
  test.each(KEYS)('reads what is written for $curve', (key) => {
    expect(parseCoseKey(coseKeyBytes(key))).toEqual({
      ok: true,
      value: { ...key, order: [1, -1, -2, -3], problems: [] },
    });
  });

  test('takes members in any order and any others, and tells which', () => {
    const members: [CborValue, CborValue][] = [
      [-3, KEY.y],
      ['note', 1],
      [3, -35],
      [-4, hex('00')],
      [-2, KEY.x],
      [1, 2],
      [-1, 2],
      [hex('00'), 0],
    ];
    const parsed = parseCoseKey(encode(new Map(members)));
    expect(parsed).toMatchObject({ ok: true, value: { ...KEY, order: [-3, 'note', 3, -4, -2, 1, -1, '(bytes)'] } });
  });

  test('tells how the key was written', () => {
    const bytes = concatBytes(hex('bf01180220 02 21'), encode(KEY.x), hex('22'), encode(KEY.y), hex('ff'));
    expect(parseCoseKey(bytes)).toMatchObject({
      ok: true,
      value: {
        problems: [
          { code: 'INDEFINITE_LENGTH', offset: 0 },
          { code: 'NOT_SHORTEST', offset: 2 },
        ],
      },
    });
  });

  test('shares no memory with its input', () => {
    const bytes = coseKeyBytes(KEY);
    const parsed = parseCoseKey(bytes);
    bytes.fill(0);
    expect(parsed).toMatchObject({ ok: true, value: KEY });
  });

  const key = (changes: Record<number, CborValue>, drop?: number) => {
    const members = new Map<number, CborValue>([
      [1, 2],
      [-1, 2],
      [-2, KEY.x],
      [-3, KEY.y],
    ]);
    for (const [label, value] of Object.entries(changes)) members.set(Number(label), value);
    if (drop !== undefined) members.delete(drop);
    return encode(members);
  };

  test.each<[string, Uint8Array, string, number]>([
    ['an array', encode([1]), 'NOT_MAP', 0],
    ['a raw point', Uint8Array.of(0x41, 4), 'NOT_MAP', 0],
    ['no kty', key({}, 1), 'KTY_MISSING', 0],
    ['kty OKP', key({ 1: 1 }), 'KTY_NOT_EC2', 2],
    ['kty as text', key({ 1: 'EC2' }), 'KTY_NOT_EC2', 2],
    ['no crv', key({}, -1), 'CRV_MISSING', 0],
    ['crv Ed25519', key({ '-1': 6 }), 'CRV_UNKNOWN', 4],
    ['crv as text', key({ '-1': 'P-384' }), 'CRV_UNKNOWN', 4],
    ['crv of another size', key({ '-1': 1 }), 'COORDINATE_SIZE', 6],
    ['no x', key({}, -2), 'COORDINATE_MISSING', 0],
    ['no y', key({}, -3), 'COORDINATE_MISSING', 0],
    ['a sign for y', key({ '-3': true }), 'COORDINATE_COMPRESSED', 57],
    ['a sign for x', key({ '-2': true }), 'COORDINATE_TYPE', 6],
    ['a number for x', key({ '-2': 7 }), 'COORDINATE_TYPE', 6],
    ['a short x', key({ '-2': KEY.x.slice(1) }), 'COORDINATE_SIZE', 6],
    ['a long y', key({ '-3': Uint8Array.of(0, ...KEY.y) }), 'COORDINATE_SIZE', 57],
    ['a label twice', concatBytes(hex('a5'), key({}).subarray(1), hex('0102')), 'LABEL_DUPLICATE', 107],
    ['an unknown label twice', concatBytes(hex('a6'), key({}).subarray(1), hex('0901 0902')), 'LABEL_DUPLICATE', 109],
  ])('refuses %s', (_, bytes, code, offset) => {
    expect(errorOf(bytes)).toEqual({ code, offset });
  });

  test('refuses bytes that are not one item, and says why', () => {
    expect(errorOf(Uint8Array.of(...coseKeyBytes(KEY), 0))).toEqual({
      code: 'NOT_CBOR',
      offset: 107,
      cbor: { code: 'TRAILING_BYTES', offset: 107 },
    });
    expect(errorOf(coseKeyBytes(KEY).subarray(0, 50))).toMatchObject({ code: 'NOT_CBOR', cbor: { code: 'TRUNCATED' } });
    expect(errorOf(new Uint8Array())).toMatchObject({ code: 'NOT_CBOR', cbor: { code: 'EMPTY' } });
  });

  test('is total', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => errorOf(bytes) !== undefined));
  });
});
