import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hex, utf8 } from '../../src/bytes/index.ts';
import { type CborValue, decode, Tagged, toValue } from '../../src/cbor/index.ts';
import { parseSpkiPem } from '../../src/crypto/index.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { platformCorim, realmCorim } from '../../src/endorse/index.ts';

const folder = join(
  process.env['SWCCA_SHARED'] ?? '../shared',
  'vectors/tokens/veraison-services/scheme-arm-cca/corim',
);

const decoded = (bytes: Uint8Array): CborValue => {
  const result = decode(bytes);
  if (!result.ok) throw new Error(result.error.code);
  return toValue(result.item);
};

/** The triples of every CoMID of a CoRIM: what it states, without what it is called. */
const triplesOf = (corim: Uint8Array): CborValue[] => {
  const { content } = decoded(corim) as Tagged;
  const entries = (content as ReadonlyMap<number, CborValue>).get(1) as readonly Tagged[];
  return entries.map((entry) => (decoded(entry.content as Uint8Array) as ReadonlyMap<number, CborValue>).get(4));
};

const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)));

describe('the valid CoRIMs of Veraison state the same as ours for the same chip and Realm', () => {
  const measured = (first: string) => hex(`${first}060504030201000f0e0d0c0b0a090817161514131211101f1e1d1c1b1a1918`);
  const signerId = hex('5378796307535df3ec8d8b15a2e2dc5641419c3d3060cfe32238c0fa973f7aa3');

  test('corim-cca-platform-valid', () => {
    const theirs = triplesOf(read('corim-cca-platform-valid.cbor'));
    const pem = JSON.stringify(theirs[1], (_, value: unknown) =>
      value instanceof Map ? [...value] : value instanceof Tagged ? value.content : value,
    );
    const text = /-----BEGIN.*END PUBLIC KEY-----/.exec(pem)?.[0].replaceAll('\\n', '\n') ?? '';
    const cpak = parseSpkiPem(text);
    if (cpak === undefined) throw new Error('the anchor is a public key');
    const ours = platformCorim(nodeCrypto, {
      cpak,
      implementationId: new Uint8Array(32),
      instanceId: Uint8Array.of(1, ...new Uint8Array(32).fill(2)),
      components: (
        [
          ['BL', '07'],
          ['M1', '0b'],
          ['M2', '0f'],
          ['M3', '13'],
        ] as const
      ).map(([type, first]) => ({ type, measurement: measured(first), signerId, algorithm: 'sha-256' })),
      config: hex('010203'),
    });
    const mine = triplesOf(ours);
    expect(mine[1]).toEqual(theirs[1]);
    expect(withoutMask(mine[0])).toEqual(withoutMask(theirs[0]));
  });

  test('corim-cca-realm-valid', () => {
    const register = new Uint8Array(64).fill(0x43);
    const rpv = utf8('ADADADADADADADADADADADADADADADADADADADADADADADADADADADADADADADAD');
    const ours = realmCorim(nodeCrypto, { hash: 'sha-512', rim: register, rems: Array(4).fill(register), rpv });
    expect(triplesOf(ours)).toEqual(triplesOf(read('corim-cca-realm-valid.cbor')));
  });
});

/** The sample masks the config with itself; ours asks for every bit. Verifiers ignore the mask. */
const withoutMask = (value: CborValue): string =>
  JSON.stringify(value, (_, each: unknown) => {
    if (each instanceof Map) return [...each].filter(([key]) => key !== 5);
    if (each instanceof Tagged) return { tag: each.tag, content: each.content };
    return each instanceof Uint8Array ? [...each] : each;
  });
