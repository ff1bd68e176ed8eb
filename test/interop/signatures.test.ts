import { spawnSync } from 'node:child_process';
import { createPublicKey, webcrypto } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { interop, needs } from './support/context.ts';
import { derOf } from './support/der.ts';
import { attest, type Bundle, scratch } from './support/swcca.ts';
import { realmKey, type Sign1Parts, signedBytes, tokenParts } from './support/token-parts.ts';

type Jwk = ReturnType<typeof realmKey>;
type Verify = (key: Jwk, message: Uint8Array, signature: Uint8Array) => boolean | Promise<boolean>;

const { openssl } = interop;
const opensslTitle = openssl.ready ? openssl.version : 'OpenSSL';
const dialects = ['rmm-1.0', 'rmm-1.0-legacy'];
const ecdsa = { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' } as const;

const withWebCrypto: Verify = async (jwk, message, signature) => {
  const key = await webcrypto.subtle.importKey('jwk', jwk, ecdsa, false, ['verify']);
  return webcrypto.subtle.verify(ecdsa, key, signature, message);
};

/** `openssl dgst -verify`, whose exit status is 0 for a good signature and 1 for a bad one. */
const withOpenssl: Verify = (jwk, message, signature) => {
  const directory = scratch();
  const file = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(directory, name), content);
    return join(directory, name);
  };
  const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const key = file('key.pem', pem.toString());
  const args = ['dgst', '-sha384', '-verify', key, '-signature', file('signature', derOf(signature))];
  const { status, stderr } = spawnSync('openssl', [...args, file('message', message)], { encoding: 'utf8' });
  if (status !== 0 && status !== 1) throw new Error(`openssl: ${stderr}`);
  return status === 0;
};

/** Both messages of a token with the keys that have to verify them: CPAK from the bundle, RAK from the Realm token. */
function signedParts({ token, original }: Bundle): [Sign1Parts, Jwk][] {
  const { platform, realm } = tokenParts(token);
  return [
    [platform, JSON.parse(readFileSync(original.key, 'utf8')) as Jwk],
    [realm, realmKey(realm)],
  ];
}

const judges = [
  { title: `WebCrypto of Node ${process.version}`, participant: { ready: true } as const, verify: withWebCrypto },
  { title: opensslTitle, participant: openssl, verify: withOpenssl },
];

for (const { title, participant, verify } of judges) {
  describe(title, () => {
    describe.for(dialects)('dialect %s', (dialect) => {
      test('accepts both signatures', async (context) => {
        needs(context, participant);
        for (const [part, key] of signedParts(attest('--dialect', dialect))) {
          expect(await verify(key, signedBytes(part), part.signature)).toBe(true);
        }
      });

      test('refuses both signatures with one flipped bit', async (context) => {
        needs(context, participant);
        for (const [part, key] of signedParts(attest('--dialect', dialect))) {
          const changed = Uint8Array.from(part.signature, (byte, index) => (index === 17 ? byte ^ 1 : byte));
          expect(await verify(key, signedBytes(part), changed)).toBe(false);
        }
      });
    });
  });
}

describe(opensslTitle, () => {
  test.for(['cpak', 'rak'])('reads the PEM file of the %s as a point of P-384', (name, context) => {
    needs(context, openssl);
    const { directory } = attest();
    const file = join(directory, name === 'cpak' ? 'cpak.pem' : 'rak.pub.pem');
    const { status, stdout } = spawnSync('openssl', ['pkey', '-pubin', '-in', file, '-noout', '-text_pub'], {
      encoding: 'utf8',
    });
    expect({ status, curve: /NIST CURVE: (.+)/.exec(stdout)?.[1] }).toEqual({ status: 0, curve: 'P-384' });
  });
});
