import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { KEY_FILE_MAX_BYTES, parseKeyFile } from '../../src/verify/index.ts';
import { array, bytes, int, map, text } from '../support/cbor-writer.ts';
import {
  CPAK,
  CPAK_P256,
  CPAK_P521,
  coseKey,
  coseKeyEntries,
  crypto,
  fill,
  publicOf,
  rawPoint,
} from '../support/forge.ts';

const utf8 = (content: string): Uint8Array => new TextEncoder().encode(content);
const base64url = (content: Uint8Array): string => globalThis.Buffer.from(content).toString('base64url');
const secrets = { 'P-256': CPAK_P256, 'P-384': CPAK, 'P-521': CPAK_P521 } as const;

const jwkOf = (name: keyof typeof secrets) => {
  const { x, y } = publicOf(secrets[name]);
  return { kty: 'EC', crv: name, x: base64url(x), y: base64url(y), d: base64url(secrets[name].scalar) };
};
const nodeKey = (name: keyof typeof secrets): KeyObject => createPrivateKey({ key: jwkOf(name), format: 'jwk' });
const spkiOf = async (name: keyof typeof secrets, format: 'pem' | 'der'): Promise<Uint8Array> => {
  const { createPublicKey } = await import('node:crypto');
  const exported = createPublicKey(nodeKey(name)).export({ type: 'spki', format } as { type: 'spki'; format: 'pem' });
  return typeof exported === 'string' ? utf8(exported) : Uint8Array.from(exported);
};
const parse = (file: Uint8Array) => parseKeyFile(file, crypto);

describe.each(Object.keys(secrets) as (keyof typeof secrets)[])('a key file with a key on %s', (name) => {
  const key = publicOf(secrets[name]);

  test('may be PEM, also with text around it and Windows lines', async () => {
    const pem = await spkiOf(name, 'pem');
    expect(parse(pem)).toEqual({ ok: true, key, format: 'PEM' });
    const dressed = `about this key\r\n${new TextDecoder().decode(pem).replaceAll('\n', '\r\n')}more`;
    expect(parse(utf8(dressed))).toEqual({ ok: true, key, format: 'PEM' });
  });

  test('may be a private PEM, of which the public part is read', () => {
    const pkcs8 = nodeKey(name).export({ type: 'pkcs8', format: 'pem' });
    const sec1 = nodeKey(name).export({ type: 'sec1', format: 'pem' });
    expect(parse(utf8(String(pkcs8)))).toEqual({ ok: true, key, format: 'PEM' });
    expect(parse(utf8(String(sec1)))).toEqual({ ok: true, key, format: 'PEM' });
  });

  test('may be DER, a point or a COSE_Key', async () => {
    expect(parse(await spkiOf(name, 'der'))).toEqual({ ok: true, key, format: 'DER' });
    const pkcs8 = nodeKey(name).export({ type: 'pkcs8', format: 'der' });
    expect(parse(Uint8Array.from(pkcs8))).toEqual({ ok: true, key, format: 'DER' });
    expect(parse(rawPoint(key))).toEqual({ ok: true, key, format: 'SEC 1 point' });
    expect(parse(coseKey(key))).toEqual({ ok: true, key, format: 'COSE_Key' });
    expect(parse(map(...coseKeyEntries(key), [2, bytes(fill(4, 1))], [-4, bytes(fill(4, 1))]))).toEqual({
      ok: true,
      key,
      format: 'COSE_Key',
    });
  });

  test('may be a JWK, public, private, with a kid or alone in a set', () => {
    const { d: _d, ...jwk } = jwkOf(name);
    for (const each of [jwk, jwkOf(name), { ...jwk, kid: 'k', alg: 'ES384', use: 'sig' }, { keys: [jwk] }]) {
      expect(parse(utf8(` ${JSON.stringify(each, null, 2)}\n`))).toEqual({ ok: true, key, format: 'JWK' });
    }
  });
});

describe('a key file is refused in one line', () => {
  const { d: _d, ...jwk } = jwkOf('P-384');
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const rows: readonly (readonly [string, Uint8Array, string])[] = [
    ['nothing', new Uint8Array(), 'the file is empty'],
    ['too much', new Uint8Array(KEY_FILE_MAX_BYTES + 1), 'larger than 65536 bytes, which no key is'],
    ['text', utf8('not a key'), 'neither PEM nor JWK nor COSE_Key'],
    ['zeros', new Uint8Array(97), 'neither PEM nor JWK nor COSE_Key'],
    ['a broken PEM', utf8('-----BEGIN PUBLIC KEY-----\nMHYw'), 'the PEM block is broken'],
    [
      'a PEM with foreign digits',
      utf8('-----BEGIN PUBLIC KEY-----\nMHY\n-----END PUBLIC KEY-----'),
      'the PEM block PUBLIC KEY is broken',
    ],
    [
      'an RSA key',
      utf8(rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString()),
      'the PEM block PUBLIC KEY is not an uncompressed key on P-256, P-384 or P-521',
    ],
    [
      'an RSA private key',
      utf8(rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
      'the PEM block PRIVATE KEY is not an uncompressed key on P-256, P-384 or P-521, or does not carry its public key',
    ],
    [
      'a certificate',
      utf8('-----BEGIN CERTIFICATE-----\nMHYw\n-----END CERTIFICATE-----\n'),
      'no public key among the PEM blocks: CERTIFICATE',
    ],
    ['broken JSON', utf8('{"kty":'), 'the JSON is broken'],
    ['another JSON', utf8('{"keys":1}'), 'the JSON is not a JWK with kty EC, crv P-256, P-384 or P-521, x and y'],
    ['a set of two', utf8(JSON.stringify({ keys: [jwk, jwk] })), 'the JWK set has 2 keys, not one'],
    ['a JWK off its curve', utf8(JSON.stringify({ ...jwk, y: jwk.x })), 'the JWK key is not a point of P-384'],
    [
      'a JWK that is short',
      utf8(JSON.stringify({ ...jwk, x: jwk.x.slice(4) })),
      'the JSON is not a JWK with kty EC, crv P-256, P-384 or P-521, x and y',
    ],
    [
      'a COSE_Key without y',
      map([1, int(2)], [-1, int(2)], [-2, bytes(fill(48, 1))]),
      'the COSE_Key is refused: there is no x or no y',
    ],
    ['a COSE_Key of an unknown type', map([1, int(1)]), 'the COSE_Key is refused: kty is not EC2'],
    ['an array', array(text('key')), 'neither PEM nor JWK nor COSE_Key'],
    ['cut DER', Uint8Array.of(0x30, 0x76, 0x30), 'the DER is not an uncompressed key on P-256, P-384 or P-521'],
  ];
  test.each(rows)('%s', (_, file, error) => {
    expect(parse(file)).toEqual({ ok: false, error });
  });
});
