import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseJwk } from '../../src/crypto/index.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { explainToken } from '../../src/explain/index.ts';

const tokens = join(process.env['SWCCA_SHARED'] ?? '../shared', 'vectors/tokens');
const json = (path: string) => JSON.parse(readFileSync(join(tokens, path), 'utf8'));
const key = parseJwk(json('coco-trustee/misc/cpak-pub.json'));

interface Row {
  readonly id: string;
  readonly go_stage: string;
  readonly rust_verify: string;
  readonly acs: string;
}
const file = (id: string): string => join(tokens, `mutations/${id}.cbor`);
/** Some tokens are kept aside. */
const rows = (json('mutations/verdicts.json') as readonly Row[]).filter(({ id }) => existsSync(file(id)));

/** The rows in which another instance is looked up in a store: a prediction is given the key itself. */
const LOOKED_UP = ['P12', 'X01'];

describe('verdicts that were measured or worked out before', () => {
  const predicted = (id: string) => {
    const token = new Uint8Array(readFileSync(file(id)));
    const all = explainToken({ token, key, challenge: undefined, crypto: nodeCrypto });
    return new Map(all.map((each) => [each.verifier, each.accepted]));
  };
  test('Go ccatoken, as it was measured', () => {
    const wrong = rows.filter(({ id, go_stage }) => predicted(id).get('go-ccatoken-main') !== (go_stage === 'OK'));
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });
  test('rust-ccatoken', () => {
    const wrong = rows.filter(
      ({ id, rust_verify }) =>
        !LOOKED_UP.includes(id) && predicted(id).get('rust-ccatoken') !== rust_verify.startsWith('ACCEPT'),
    );
    expect(wrong.map(({ id, rust_verify }) => `${id} ${rust_verify}`)).toEqual([]);
  });
  test('the compliance suite, as it was measured', () => {
    const wrong = rows.filter(({ id, acs }) => predicted(id).get('acs') !== acs.startsWith('PASS'));
    expect(wrong.map(({ id, acs }) => `${id} ${acs}`)).toEqual([]);
  });
});
