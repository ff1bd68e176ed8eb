import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/bytes/index.ts';
import { mutate, mutationOfSteps, NotApplicable, randomMutations, shrink } from '../../src/mutate/index.ts';
import { verifyToken } from '../../src/verify/index.ts';
import { BASES, crypto, DIALECT_NAMES, KEYS } from './support/base.ts';

const key = KEYS.public('cpak');
const options = (name: (typeof DIALECT_NAMES)[number], seed = 'random') => ({
  crypto,
  base: BASES[name],
  keys: KEYS,
  seed,
});
const accepts = (token: Uint8Array): boolean => verifyToken(token, { crypto, key }).accepted;

describe.each(DIALECT_NAMES)('random mutations of a token of dialect %s', (name) => {
  const draw = randomMutations(options(name));
  const COUNT = 250;

  test('have the verdict that their steps say, where they say one', () => {
    const verdicts = { 'must-accept': 0, 'must-reject': 0, policy: 0, unknown: 0 };
    for (let i = 0; i < COUNT; i++) {
      const mutation = draw(i);
      const { token, edits } = mutate(options(name), mutation);
      verdicts[mutation.verdict] += 1;
      expect(edits.length).toBeGreaterThan(0);
      const answer = accepts(token);
      if (mutation.verdict !== 'unknown') {
        expect([i, mutation.verdict, edits, answer]).toEqual([
          i,
          mutation.verdict,
          edits,
          mutation.verdict === 'must-accept',
        ]);
      }
    }
    expect(Math.min(verdicts['must-accept'], verdicts['must-reject'], verdicts.unknown)).toBeGreaterThan(COUNT / 5);
    expect(verdicts.policy).toBe(0);
  });
});

test('a random mutation depends on seed and number alone', () => {
  const [one, same, other] = [
    randomMutations(options('rmm-1.0')),
    randomMutations(options('rmm-1.0')),
    randomMutations(options('rmm-1.0', 'other')),
  ];
  const tokenOf = (mutation: ReturnType<typeof one>): string => toHex(mutate(options('rmm-1.0'), mutation).token);
  for (let i = 0; i < 20; i++) one(i);
  expect(tokenOf(one(33))).toBe(tokenOf(same(33)));
  expect(tokenOf(one(33))).not.toBe(tokenOf(other(33)));
  expect(one(33).id).toBe('random-33');
});

test('every kind of step is drawn', () => {
  const draw = randomMutations(options('rmm-1.0'));
  const kinds = new Set(Array.from({ length: 3000 }, (_, i) => draw(i).steps.map(({ kind }) => kind)).flat());
  expect(kinds.size).toBeGreaterThan(45);
});

describe('shrinking', () => {
  const draw = randomMutations(options('rmm-1.0'));
  /** A verifier that does not look at signatures. */
  const lax = (token: Uint8Array): boolean => {
    const { findings } = verifyToken(token, { crypto, key });
    return findings.every(({ code, severity }) => severity === 'warning' || code.endsWith('_SIG_INVALID'));
  };

  test('leaves the one step that a hole is about', async () => {
    const hole = Array.from({ length: 3000 }, (_, i) => draw(i)).find(
      ({ steps, verdict }) =>
        verdict === 'must-reject' && steps.length > 2 && steps.some(({ kind }) => kind === 'sign-by-stranger'),
    );
    expect(hole).toBeDefined();
    if (hole === undefined) return;
    const smallest = await shrink(hole, (candidate) => {
      if (candidate.verdict === 'unknown') return false;
      return lax(mutate(options('rmm-1.0'), candidate).token) !== (candidate.verdict === 'must-accept');
    });
    expect(smallest.steps.map(({ kind }) => kind)).toEqual(['sign-by-stranger']);
    expect(smallest.id).toBe(hole.id);
  });

  test('keeps what does not fail as it is', async () => {
    const mutation = draw(1);
    expect(await shrink(mutation, () => false)).toEqual(mutation);
  });
});

test('a place that is not there is told', () => {
  const impossible = mutationOfSteps('lost', [
    { kind: 'lost', effect: 'open', touches: [], operation: { before: [{ do: 'remove', at: 'realm/99' }] } },
  ]);
  expect(() => mutate(options('rmm-1.0'), impossible)).toThrow(NotApplicable);
});
