import { createPublicKey, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, toBigEndian, toHex } from '../../src/bytes/index.ts';
import {
  CURVES,
  type CurveName,
  fromBase64,
  fromBase64Url,
  type PublicKey,
  parseJwk,
  parseSec1Point,
  parseSpkiDer,
  parseSpkiPem,
  publicJwk,
  sec1Point,
  spkiDer,
  spkiPem,
  toBase64,
  toBase64Url,
} from '../../src/crypto/index.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';

const KEYS = (Object.keys(CURVES) as CurveName[]).map(
  (curve) => nodeCrypto.publicKey({ curve, scalar: toBigEndian(0x5eedn, CURVES[curve].size) }) as PublicKey,
);

const nodeKey = (key: PublicKey): KeyObject => createPublicKey({ key: { ...publicJwk(key) }, format: 'jwk' });

describe.each(KEYS)('$curve', (key) => {
  test('is written as Node writes it', () => {
    const judge = nodeKey(key);
    expect(toHex(spkiDer(key))).toBe(judge.export({ format: 'der', type: 'spki' }).toString('hex'));
    expect(spkiPem(key)).toBe(judge.export({ format: 'pem', type: 'spki' }));
    expect(publicJwk(key)).toEqual(judge.export({ format: 'jwk' }));
  });

  test('is read back from each form', () => {
    expect(parseSec1Point(key.curve, sec1Point(key))).toEqual(key);
    expect(parseSec1Point(undefined, sec1Point(key))).toEqual(key);
    expect(parseSpkiDer(spkiDer(key))).toEqual(key);
    expect(parseSpkiPem(spkiPem(key))).toEqual(key);
    expect(parseJwk(publicJwk(key))).toEqual(key);
  });

  test('is read from PEM with other line ends and text around it', () => {
    const pem = spkiPem(key);
    expect(parseSpkiPem(pem.replaceAll('\n', '\r\n'))).toEqual(key);
    expect(parseSpkiPem(`Subject: someone\n\n${pem}${spkiPem(KEYS[0] as PublicKey)}`)).toEqual(key);
    expect(parseSpkiPem(pem.trimEnd())).toEqual(key);
  });

  test('is read from a JWK with further members, d among them', () => {
    expect(parseJwk({ ...publicJwk(key), d: 'secret', kid: 'x', alg: 'ES384', use: 'sig' })).toEqual(key);
  });

  test('is not read from a changed SPKI', () => {
    const der = spkiDer(key);
    const header = der.length - sec1Point(key).length;
    for (let i = 0; i <= header; i++) {
      const changed = Uint8Array.from(der);
      changed[i] = (changed[i] as number) ^ 1;
      expect(parseSpkiDer(changed)).toBeUndefined();
    }
    for (let size = 0; size < der.length; size++) expect(parseSpkiDer(der.subarray(0, size))).toBeUndefined();
    expect(parseSpkiDer(concatBytes(der, Uint8Array.of(0)))).toBeUndefined();
  });

  test('is not read from a point of another form or size', () => {
    const point = sec1Point(key);
    const { size } = CURVES[key.curve];
    expect(parseSec1Point(key.curve, concatBytes(Uint8Array.of(2), key.x))).toBeUndefined();
    expect(parseSec1Point(undefined, point.subarray(0, -1))).toBeUndefined();
    expect(parseSec1Point(key.curve, concatBytes(point, Uint8Array.of(0)))).toBeUndefined();
    for (const form of [0, 2, 3, 6, 7]) {
      expect(parseSec1Point(undefined, concatBytes(Uint8Array.of(form), point.subarray(1)))).toBeUndefined();
    }
    for (const other of Object.values(CURVES)) {
      if (other.size !== size) expect(parseSec1Point(other.name, point)).toBeUndefined();
    }
  });

  test('shares no memory with the bytes it was read from', () => {
    const point = sec1Point(key);
    const parsed = parseSec1Point(undefined, point);
    point.fill(0);
    expect(parsed).toEqual(key);
  });

  test('is not read from a JWK that says otherwise', () => {
    const jwk = publicJwk(key);
    const wrong: object[] = [
      { kty: 'OKP' },
      { kty: undefined },
      { crv: 'secp256k1' },
      { crv: 'P-999' },
      { crv: '__proto__' },
      { x: undefined },
      { y: 7 },
      { x: `${jwk.x}=` },
      { x: jwk.x.slice(0, -2) },
      { x: `AA${jwk.x}` },
      { y: jwk.y.replace(/.$/, '!') },
    ];
    for (const change of wrong) expect(parseJwk({ ...jwk, ...change })).toBeUndefined();
  });
});

test('a private or unfinished PEM is no public key', () => {
  const pem = spkiPem(KEYS[1] as PublicKey);
  expect(parseSpkiPem(pem.replaceAll('PUBLIC', 'PRIVATE'))).toBeUndefined();
  expect(parseSpkiPem(pem.slice(0, -30))).toBeUndefined();
  expect(parseSpkiPem(pem.replace(/\n/, '\n*'))).toBeUndefined();
  expect(parseSpkiPem('')).toBeUndefined();
});

test('readers are total', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), fc.anything(), (bytes, text, value) => {
      expect(parseSpkiDer(bytes)).toBeUndefined();
      expect(parseSpkiPem(`-----BEGIN PUBLIC KEY-----${text}-----END PUBLIC KEY-----`)).toBeUndefined();
      expect(parseJwk(value)).toBeUndefined();
      expect(() => parseSec1Point(undefined, bytes)).not.toThrow();
    }),
  );
});

describe('base64', () => {
  test('is what Node makes of the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
        expect(fromBase64(toBase64(bytes))).toEqual(bytes);
        expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
      }),
    );
  });

  test('has one text for some bytes', () => {
    for (const text of [
      'A',
      'AB',
      'AA=',
      'AA==A',
      '=',
      'AB==',
      'AAB=',
      'A===',
      '====',
      'AA-_',
      'AA AA',
      'AAA=====',
      'ÄAAA',
    ]) {
      expect(fromBase64(text)).toBeUndefined();
    }
    for (const text of ['A', 'AB', 'AAB', 'AA==', 'AA+/', 'AAAAA', 'AA A']) expect(fromBase64Url(text)).toBeUndefined();
    expect(fromBase64('')).toEqual(new Uint8Array());
  });

  test('whatever is read is written the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'Aa09+/=-_') }), (text) => {
        const bytes = fromBase64(text);
        const urlBytes = fromBase64Url(text);
        if (bytes !== undefined) expect(toBase64(bytes)).toBe(text);
        if (urlBytes !== undefined) expect(toBase64Url(urlBytes)).toBe(text);
      }),
    );
  });
});
