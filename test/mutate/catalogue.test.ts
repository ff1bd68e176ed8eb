import { describe, expect, test } from 'vitest';
import { padEnd, toHex } from '../../src/bytes/index.ts';
import {
  CATALOGUE,
  type Mutated,
  type Mutation,
  mutate,
  mutationOf,
  type ReferenceName,
  RULES,
} from '../../src/mutate/index.ts';
import { DIALECTS, type DialectName } from '../../src/token/index.ts';
import {
  FINDINGS,
  type ReferenceValues,
  type Report,
  referenceValuesOf,
  type VerifyOptions,
  verifyToken,
} from '../../src/verify/index.ts';
import { BASES, CHALLENGE, crypto, DIALECT_NAMES, KEYS } from './support/base.ts';

const key = KEYS.public('cpak');
const options = (name: DialectName) => ({ crypto, base: BASES[name], keys: KEYS, seed: 'test' });

describe('the catalogue', () => {
  const counted = (verdict: Mutation['verdict']): number => CATALOGUE.filter((row) => row.verdict === verdict).length;

  test('has at least 300 mutations, 60 of which must be accepted', () => {
    expect(CATALOGUE.length).toBeGreaterThanOrEqual(300);
    expect(counted('must-accept')).toBeGreaterThanOrEqual(60);
    expect(new Set(CATALOGUE.map(({ id }) => id)).size).toBe(CATALOGUE.length);
    expect(new Set(CATALOGUE.map(({ change, group }) => `${group}: ${change}`)).size).toBe(CATALOGUE.length);
  });

  test('names only findings that the verifier has, but for reference values that it cannot read', () => {
    const named = new Set(CATALOGUE.flatMap(({ finds = [] }) => finds));
    expect([...named].filter((code) => !Object.hasOwn(FINDINGS, code))).toEqual(['REFERENCE_UNREADABLE']);
  });

  test('has a use for each of its rules', () => {
    const used = new Set(CATALOGUE.map(({ rule }) => rule));
    expect(Object.keys(RULES).filter((name) => !used.has(name as keyof typeof RULES))).toEqual([]);
  });

  test('says what is gained with each token that must be rejected', () => {
    expect(CATALOGUE.filter(({ verdict, gain }) => (verdict === 'must-reject') !== (gain !== undefined))).toEqual([]);
  });
});

describe.each(DIALECT_NAMES)('from a token of dialect %s', (name) => {
  const base = BASES[name];
  const trusted = verifyToken(base.token, { crypto, key, challenge: CHALLENGE });
  const values = referenceValuesOf(trusted.claims);

  /** Reference values as a mutation asks for them; undefined where no verifier could read them. */
  const REFERENCE: Readonly<Record<ReferenceName, () => ReferenceValues | undefined>> = {
    base: () => values,
    'other-implementation': () => ({ ...values, implementation_id: new Uint8Array(32) }),
    'swapped-digests': () => {
      const [first, second, ...rest] = values.components ?? [];
      if (first === undefined || second === undefined) return undefined;
      const [a, b] = [first.measurement_value, second.measurement_value];
      return {
        ...values,
        components: [{ ...first, measurement_value: b }, { ...second, measurement_value: a }, ...rest],
      };
    },
    'without-rim': () => {
      const { rim: _, ...others } = values;
      return others;
    },
    'two-configs': () => undefined,
  };

  const given = (
    { given: { key: file, challenge, reference } }: Mutated,
    { needs = [] }: Mutation,
  ): Partial<VerifyOptions> => ({
    key: KEYS.public(file === 'two-keys' ? 'stranger' : file === 'p-256' || file === 'p-521' ? file : 'cpak'),
    // As a relying party does that pads a short nonce; a longer one stays longer.
    ...(needs.includes('challenge') ? { challenge: challenge.length < 64 ? padEnd(challenge, 64) : challenge } : {}),
    ...(needs.includes('reference') ? { reference: REFERENCE[reference]() } : {}),
  });

  const judge = (mutated: Mutated, mutation: Mutation): Report =>
    verifyToken(mutated.token, { crypto, ...given(mutated, mutation) });

  test('no edit leaves the token as it was', () => {
    expect(trusted.accepted).toBe(true);
    const unchanged = mutate(options(name), { id: 'none' });
    expect(toHex(unchanged.token)).toBe(toHex(base.token));
    expect(unchanged.edits).toEqual([]);
  });

  test.each(CATALOGUE.map((row) => [row.id, row.change, row] as const))('%s: %s', (_id, _change, mutation) => {
    const mutated = mutate(options(name), mutation);
    if (mutation.finds?.includes('REFERENCE_UNREADABLE') === true) {
      expect(REFERENCE[mutated.given.reference]()).toBe(undefined);
      return;
    }
    const { accepted, findings } = judge(mutated, mutation);
    const codes = [...new Set<string>(findings.map(({ code }) => code))].sort();
    if (mutation.verdict === 'must-reject') {
      expect(accepted).toBe(false);
      expect(codes).toEqual(expect.arrayContaining([...(mutation.finds ?? [])]));
      expect(findings.some(({ code, severity }) => mutation.finds?.[0] === code && severity === 'error')).toBe(true);
    } else {
      expect(codes).toEqual([...(mutation.finds ?? [])].sort());
      expect(accepted).toBe(mutation.refused !== true);
    }
  });
});

test('a form can be asked of any token, and it is the one that its dialect makes', () => {
  for (const name of DIALECT_NAMES) {
    for (const other of DIALECT_NAMES) {
      const mutated = mutate(options(name), { id: 'form', form: { dialect: other } });
      const own = verifyToken(BASES[other].token, { crypto, key }).claims;
      const { accepted, findings, claims } = verifyToken(mutated.token, { crypto, key });
      expect([name, other, accepted, findings]).toEqual([name, other, true, []]);
      const { instance_id: _, ...realm } = claims.realm ?? {};
      expect([name, other, claims.platform, realm]).toEqual([name, other, own.platform, expect.objectContaining({})]);
      expect(mutated.dialect).toMatchObject({ outer: DIALECTS[other].outer, rak: DIALECTS[other].rak });
    }
  }
});

test('identity rows are right in themselves', () => {
  for (const row of CATALOGUE.filter(({ needs }) => needs?.includes('reference') || needs?.includes('challenge'))) {
    const { token } = mutate(options('rmm-1.0'), row);
    expect([row.id, verifyToken(token, { crypto, key }).accepted]).toEqual([row.id, true]);
  }
});

test('an id leads to its mutation', () => {
  expect(mutationOf('C05')?.change).toContain('ES256');
  expect(mutationOf('Z99')).toBe(undefined);
});
