import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fromBase64Url } from '../../src/crypto/index.ts';
import { nodeCrypto as crypto } from '../../src/crypto/node.ts';
import { type BaseToken, CATALOGUE, keyRing, mutate } from '../../src/mutate/index.ts';
import { DIALECTS } from '../../src/token/index.ts';
import { referenceValuesOf, type VerifyOptions, verifyToken } from '../../src/verify/index.ts';

/** The catalogue against the tokens of the sheet that it takes its ids from: a row means the same in both. */
const folder = join(resolve(process.env['SWCCA_SHARED'] ?? '../shared'), 'vectors/tokens');
const read = (name: string): Uint8Array => Uint8Array.from(readFileSync(join(folder, name)));
const json = (name: string) => JSON.parse(new TextDecoder().decode(read(name)));
const scalar = (name: string): Uint8Array => fromBase64Url(json(name).d) ?? new Uint8Array();

const token = read('mutations/V01.cbor');
const keys = {
  cpak: { curve: 'P-384', scalar: scalar('coco-trustee/misc/cpak-priv.json') },
  rak: { curve: 'P-384', scalar: scalar('coco-trustee/misc/rak-priv.json') },
} as const;
const ring = keyRing(crypto, keys, 'shared');
const key = ring.public('cpak');
const { claims } = verifyToken(token, { crypto, key });
const base: BaseToken = {
  token,
  dialect: { ...DIALECTS['rmm-1.0'], platformOrder: 'sample', componentOrder: 'sample', realmOrder: 'sample' },
  challenge: claims.realm?.challenge ?? new Uint8Array(64),
  keys,
};
const identity: Partial<VerifyOptions> = { reference: referenceValuesOf(claims), challenge: base.challenge };

const ids: readonly string[] = json('mutations/verdicts.json').map(({ id }: { id: string }) => id);

test('every id of the sheet is in the catalogue', () => {
  const known = new Set(CATALOGUE.map(({ id }) => id));
  const proposed = Array.from({ length: 13 }, (_, i) => `F${String(i + 1).padStart(2, '0')}`);
  expect([...ids, ...proposed].filter((id) => !known.has(id))).toEqual([]);
});

describe('a row finds in our token what it finds in the one of the sheet', () => {
  const shipped = ids.filter((id) => existsSync(join(folder, `mutations/${id}.cbor`)));

  test.each(shipped)('%s', (id) => {
    const mutation = CATALOGUE.find((row) => row.id === id);
    if (mutation === undefined) throw new Error(`${id} is missing`);
    const options = { crypto, key, ...(id.startsWith('X') ? identity : {}) };
    const findings = (bytes: Uint8Array): readonly string[] =>
      [...new Set(verifyToken(bytes, options).findings.map(({ code, path }) => `${code} ${path}`))].sort();
    const ours = mutate({ crypto, base, keys: ring, seed: 'shared' }, mutation).token;
    expect(findings(ours)).toEqual(findings(read(`mutations/${id}.cbor`)));
  });
});
