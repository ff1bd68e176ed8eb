import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { explainToken, isAsPredicted, MODELS } from '../../src/explain/index.ts';
import { mutate, mutationOf } from '../../src/mutate/index.ts';
import type { DialectName } from '../../src/token/index.ts';
import { BASES, DIALECT_NAMES, KEYS } from '../mutate/support/base.ts';

const key = KEYS.public('cpak');
const explained = (token: Uint8Array, more: { key?: typeof key | undefined; challenge?: Uint8Array } = { key }) =>
  new Map(
    explainToken({ token, key: more.key, challenge: more.challenge, crypto: nodeCrypto }).map((each) => [
      each.verifier,
      each,
    ]),
  );

/** Who takes which dialect (token 8; for ACS and iat-verifier also verifiers 6, 7). */
const TAKEN_BY = {
  'rmm-1.0': ['go-ccatoken', 'go-ccatoken-main', 'evcli', 'veraison', 'rust-ccatoken', 'trustee', 'acs'],
  'rmm-1.0-legacy': [
    'go-ccatoken',
    'rust-ccatoken-0.1.0',
    'go-ccatoken-main',
    'evcli',
    'veraison',
    'rust-ccatoken',
    'trustee',
  ],
  'rmm-1.1': ['go-ccatoken-main', 'veraison'],
  'tf-rmm-main': ['iat-verifier'],
  'rmm-2.0': [],
  'draft-04': [],
} as const satisfies Record<DialectName, readonly string[]>;

test.for(DIALECT_NAMES)('tokens of dialect %s are taken by whom the sheet says', (dialect) => {
  const accepted = [...explained(BASES[dialect].token).values()].filter((each) => each.accepted);
  expect(new Set(accepted.map(({ verifier }) => verifier))).toEqual(new Set<string>(TAKEN_BY[dialect]));
});

describe('what every newcomer meets', () => {
  test('got 907, expected 399: in the words of the tool, with what to do', () => {
    const said = explained(BASES['rmm-1.1'].token).get('go-ccatoken');
    expect(said).toMatchObject({ accepted: false, rule: 'outer-tag', stage: 'decode', evidence: 'measured' });
    expect(said?.text).toBe(
      'CBOR decoding of CCA evidence failed: cbor: wrong tag number for ccatoken.CBORCollection, got [907], expected [399]',
    );
    expect(said?.advice).toContain('--outer 399');
    expect(explained(BASES['rmm-1.1'].token).get('rust-ccatoken')?.text).toBe(
      'Syntax error: expecting tag 399, got 907',
    );
  });

  test('a trust anchor of another chip', () => {
    const said = explained(BASES['rmm-1.0'].token, { key: KEYS.public('stranger') });
    expect(said.get('go-ccatoken')?.text).toBe('unable to verify platform token: verification error');
    expect(said.get('veraison')?.text).toBe(
      'integrity validation failed: bad evidence: unable to verify platform token: verification error',
    );
    expect(said.get('evcli')?.text).toContain('verifying CCA evidence from');
    // The suite looks at no signature.
    expect(said.get('acs')?.accepted).toBe(true);
  });

  test('an anchor that is stored for another chip', () => {
    const input = { token: BASES['rmm-1.0'].token, key, challenge: undefined, crypto: nodeCrypto };
    const refusing = explainToken({ ...input, instanceId: new Uint8Array(33) }).filter((each) => !each.accepted);
    const found = refusing.filter(({ rule }) => rule === 'trust-anchor');
    expect(found.map(({ verifier }) => verifier)).toEqual(['veraison', 'rust-ccatoken', 'trustee']);
    expect(found[0]).toMatchObject({ text: 'no trust anchor for evidence' });
    expect(found[0]?.advice).toContain('provision');
  });

  test('a nonce of another session comes before the signature in Veraison', () => {
    const said = explained(BASES['rmm-1.0'].token, {
      key: KEYS.public('stranger'),
      challenge: new Uint8Array(64),
    });
    expect(said.get('veraison')).toMatchObject({ rule: 'freshness' });
    expect(said.get('veraison')?.advice).toContain('another challenge');
  });
});

test('a simple value below 32 in two bytes, in a claim that nobody knows, is read by the crate alone', () => {
  const mutation = mutationOf('B50');
  if (mutation === undefined) throw new Error('there is no mutation B50');
  const { token } = mutate({ crypto: nodeCrypto, base: BASES['rmm-1.0-legacy'], keys: KEYS, seed: 'B50' }, mutation);
  const said = explained(token);
  expect(said.get('rust-ccatoken-0.1.0')?.accepted).toBe(true);
  expect(said.get('go-ccatoken')).toMatchObject({ accepted: false, stage: 'decode' });
});

test('every check has an id of its own and says what it checks', () => {
  for (const { id, rules } of MODELS) {
    expect(new Set(rules.map((rule) => rule.id)).size, id).toBe(rules.length);
    for (const { says } of rules) expect(says).toMatch(/^.*[^.]$/);
  }
});

test('any bytes are refused by every verifier, with words', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      for (const { accepted, says } of explained(bytes).values())
        expect([accepted, says !== '']).toEqual([false, true]);
    }),
    { numRuns: 500 },
  );
});

test('a token with one byte changed gets an answer of each', { timeout: 60_000 }, () => {
  const { token } = BASES['rmm-1.0'];
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bytes = Uint8Array.from(token);
      bytes[at] = (bytes[at] ?? 0) ^ change;
      expect(explained(bytes).size).toBe(MODELS.length);
    }),
    { numRuns: 500 },
  );
});

test('a prediction that ends in … stands for what goes on', () => {
  expect(isAsPredicted('cbor: …', 'cbor: anything')).toBe(true);
  expect(isAsPredicted('cbor: …', 'json: anything')).toBe(false);
  expect(isAsPredicted('exactly', 'exactly so')).toBe(false);
});
