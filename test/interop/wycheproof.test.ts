import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Crypto, PublicKey } from '../../src/crypto/ports.ts';
import { interop, needs } from './support/context.ts';
import { fromDer } from './support/der.ts';

/** What of Project Wycheproof's schemas ecdsa_verify_schema_v1 and ecdsa_p1363_verify_schema_v1 is used. */
interface VectorFile {
  readonly numberOfTests: number;
  readonly testGroups: readonly {
    readonly publicKey: { readonly uncompressed: string };
    readonly tests: readonly {
      readonly tcId: number;
      readonly comment: string;
      readonly msg: string;
      readonly sig: string;
      readonly result: 'valid' | 'invalid' | 'acceptable';
    }[];
  }[];
}

const P384_BYTES = 48;

const files = [
  { form: 'r‖s', name: 'ecdsa_secp384r1_sha384_p1363_test.json', plain: (sig: Uint8Array) => sig },
  { form: 'DER', name: 'ecdsa_secp384r1_sha384_test.json', plain: (sig: Uint8Array) => fromDer(sig, P384_BYTES) },
];

const { nobleCrypto } = (await import(dist('crypto/noble.js'))) as { nobleCrypto: Crypto };
const { nodeCrypto } = (await import(dist('crypto/node.js'))) as { nodeCrypto: Crypto };

function dist(file: string): string {
  return new URL(`../../dist/${file}`, import.meta.url).href;
}

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));

function p384(uncompressed: string): PublicKey {
  const point = bytes(uncompressed);
  return { curve: 'P-384', x: point.slice(1, 1 + P384_BYTES), y: point.slice(1 + P384_BYTES) };
}

describe(interop.titles.wycheproof, () => {
  for (const crypto of [nobleCrypto, nodeCrypto]) {
    for (const { form, name, plain } of files) {
      test(`verify of ${crypto.id} gives the verdict of every P-384/SHA-384 vector in ${form}`, (context) => {
        const { directory } = needs(context, interop.wycheproof);
        const { testGroups, numberOfTests } = JSON.parse(
          readFileSync(join(directory, 'testvectors_v1', name), 'utf8'),
        ) as VectorFile;
        const judged = testGroups.flatMap(({ publicKey, tests }) => {
          const key = p384(publicKey.uncompressed);
          return tests.map(({ msg, sig, ...vector }) => {
            const signature = plain(bytes(sig));
            return { ...vector, valid: signature !== undefined && crypto.verify('ES384', key, bytes(msg), signature) };
          });
        });
        context.task.meta.counted = `${judged.length} vectors`;
        expect(judged).toHaveLength(numberOfTests);
        expect(judged.filter(({ result, valid }) => result !== 'acceptable' && (result === 'valid') !== valid)).toEqual(
          [],
        );
      });
    }
  }
});
