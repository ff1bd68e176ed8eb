import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseJwk } from '../../src/crypto/index.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { explainToken } from '../../src/explain/index.ts';
import { verifyToken } from '../../src/verify/index.ts';

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

const token = (id: string) => new Uint8Array(readFileSync(file(id)));

/** The instance that the base of all rows names: its anchor is what was stored. */
const instanceId = verifyToken(token('P09'), { crypto: nodeCrypto, key }).claims.platform?.instance_id;

describe('verdicts that were measured or worked out before', () => {
  const explained = (id: string) => {
    const all = explainToken({ token: token(id), key, instanceId, challenge: undefined, crypto: nodeCrypto });
    return new Map(all.map((each) => [each.verifier, each]));
  };
  const predicted = (id: string) => new Map([...explained(id)].map(([verifier, { accepted }]) => [verifier, accepted]));
  test('Go ccatoken, as it was measured', () => {
    const wrong = rows.filter(({ id, go_stage }) => predicted(id).get('go-ccatoken-main') !== (go_stage === 'OK'));
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });
  test('rust-ccatoken', () => {
    const wrong = rows.filter(
      ({ id, rust_verify }) => predicted(id).get('rust-ccatoken') !== rust_verify.startsWith('ACCEPT'),
    );
    expect(wrong.map(({ id, rust_verify }) => `${id} ${rust_verify}`)).toEqual([]);
  });
  test('the compliance suite, as it was measured', () => {
    const wrong = rows.filter(({ id, acs }) => predicted(id).get('acs') !== acs.startsWith('PASS'));
    expect(wrong.map(({ id, acs }) => `${id} ${acs}`)).toEqual([]);
  });
  test('another instance has no anchor where it is looked up by its id, and the library that is given the key takes it', () => {
    const said = explained('X01');
    expect(instanceId).toHaveLength(33);
    expect(said.get('veraison')).toMatchObject({ accepted: false, text: 'no trust anchor for evidence' });
    for (const id of ['rust-ccatoken', 'trustee']) expect(said.get(id)).toMatchObject({ rule: 'trust-anchor' });
    expect(said.get('go-ccatoken-main')?.accepted).toBe(true);
  });
});
