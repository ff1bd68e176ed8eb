import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { signatureProblem } from '../../src/cli/jws.ts';
import { parseSpkiDer } from '../../src/crypto/index.ts';

const base64Url = (text: string): string => Buffer.from(text).toString('base64url');

const signer = (namedCurve: 'P-256' | 'P-384' | 'P-521', hash: string) => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve });
  const key = parseSpkiDer(Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' })));
  if (key === undefined) throw new Error('OpenSSL writes keys that can be read');
  const token = (header: object): string => {
    const said = `${base64Url(JSON.stringify(header))}.${base64Url('{"a":1}')}`;
    const signature = sign(hash, Buffer.from(said), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return `${said}.${signature.toString('base64url')}`;
  };
  return { key, token, publicKey };
};

test.for([
  ['P-256', 'sha256', 'ES256'],
  ['P-384', 'sha384', 'ES384'],
  ['P-521', 'sha512', 'ES512'],
] as const)('%s: a token is signed with its own key alone', async ([curve, hash, alg]) => {
  const { key, token } = signer(curve, hash);
  const other = signer(curve, hash);
  expect(await signatureProblem(token({ alg }), key)).toBeUndefined();
  expect(await signatureProblem(token({ alg }), other.key)).toMatch(/^signature/);
});

test('a header does not choose: no algorithm, another, a key of its own, an extension that nobody knows', async () => {
  const { key, token } = signer('P-256', 'sha256');
  const mallory = signer('P-256', 'sha256');
  const own = mallory.publicKey.export({ format: 'jwk' });
  const [header, payload] = token({ alg: 'none' }).split('.');
  for (const forged of [
    `${header}.${payload}.`,
    token({ alg: 'HS256' }),
    token({ alg: 'ES384' }),
    token({ alg: 'ES256', crit: ['x'], x: 1 }),
    mallory.token({ alg: 'ES256', jwk: own }),
    mallory.token({ alg: 'ES256', jku: 'https://mallory.invalid/' }),
  ]) {
    expect(await signatureProblem(forged, key)).toMatch(/^[^\n]+$/);
  }
});

test.for(['', '.', '..', 'a.b', 'a.b.c', '\u0000.\n.\u001b', `${base64Url('{')}.e30.`, `${base64Url('[]')}.e30.AAAA`])(
  'what is no token is told in one line: %j',
  async (text) => {
    expect(await signatureProblem(text, signer('P-256', 'sha256').key)).toMatch(/^[^\n]+$/);
  },
);
