import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { PERSONALITIES, SWITCHES } from '../../src/personality/index.ts';
import { personalitiesOf, runScript, SPEC } from '../../src/script/index.ts';
import { options, parse } from './support.ts';

/** One script for each switch, under its identifier: it shows what the specification does, and what the switch does. */
const folder = fileURLToPath(new URL('../divergences/', import.meta.url));
const scriptOf = (id: string) => parse(readFileSync(`${folder}${id}.swcca`, 'utf8'));

/** The personalities that have a switch on. */
const havingIt = (id: string): string[] =>
  Object.values(PERSONALITIES)
    .filter(({ deviations }) => deviations.some((each) => each.id === id))
    .map((each) => each.id);

test('every switch has a script that shows it', () => {
  expect(readdirSync(folder).sort()).toEqual([...SWITCHES.keys()].map((id) => `${id}.swcca`).sort());
});

describe.each([...SWITCHES.values()])('$id: $title', ({ id, standing }) => {
  const script = scriptOf(id);
  // An implementation may break what the text promises: only the specification is held against itself.
  const base = { ...options.base, onViolation: () => undefined };
  const runs = personalitiesOf(script).flatMap((personality) =>
    runScript(script, { base: personality === SPEC ? options.base : base, personality, keepsGoing: true }),
  );

  test('runs under the specification, under the switch alone, and under each personality that has it', () => {
    expect(script.problems).toEqual([]);
    expect(personalitiesOf(script)).toEqual([SPEC, id, ...havingIt(id)]);
  });

  test.each(runs)('is as expected under $personality', ({ differences, error }) => {
    expect(error).toBe(undefined);
    expect(differences.map(({ mismatch, result }) => [result.statement.text, mismatch])).toEqual([]);
  });

  test('differs from what is expected of the specification, unless both read it in the same way', () => {
    const [run] = runScript(script, { base, personality: id, expects: SPEC, keepsGoing: true });
    expect(run?.differences.length === 0).toBe(standing === 'same reading');
  });
});
