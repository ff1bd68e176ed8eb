import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EQUIVALENT, whyEquivalent } from './mutants/equivalent.ts';
import type { Mutant, MutantKind } from './mutants/mutant.ts';
import { createSuite } from './mutants/suite.ts';

const suite = createSuite();

/** Of each kind, how many there are for one that is taken here. `node scripts/mutants.mjs` takes all. */
const ONE_OF: Readonly<Record<MutantKind, number>> = {
  condition: 1,
  boundary: 6,
  effect: 4,
  answer: 3,
  order: 3,
  'entry and exit': 5,
};

const alive = (mutants: readonly Mutant[]): readonly string[] =>
  mutants.filter((mutant) => suite.killer(mutant) === undefined).map(({ id }) => id);

describe('a monitor that is wrong in one place is noticed', () => {
  test.each(Object.entries(ONE_OF))(
    '%s, one of %i',
    (kind, oneOf) => {
      const mutants = suite.mutants.filter((mutant) => mutant.kind === kind && whyEquivalent(mutant.id) === undefined);
      expect(mutants.length).toBeGreaterThan(20);
      expect(alive(mutants.filter((_, i) => i % oneOf === 0))).toEqual([]);
    },
    600_000,
  );

  test('each mutant has a name of its own', () => {
    const ids = suite.mutants.map(({ id }) => id);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });

  test('what is said to make no difference is a mutant, and stands in docs/mutants.md with its reason', () => {
    const ids = new Set(suite.mutants.map(({ id }) => id));
    const page = readFileSync(new URL('../docs/mutants.md', import.meta.url), 'utf8');
    for (const { reason, ids: listed } of EQUIVALENT) {
      expect(page.toLowerCase()).toContain(reason.toLowerCase());
      for (const id of listed) {
        expect(ids).toContain(id);
        expect(page).toContain(`- ${id}\n`);
      }
    }
  });
});
