import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runScript, STATEMENTS } from '../../src/script/index.ts';
import { options, parse } from './support.ts';

const page = readFileSync(new URL('../../docs/script.md', import.meta.url), 'utf8');
/** Tables without what only makes their columns even. */
const narrow = (text: string): string => text.replace(/ +/g, ' ');

const fragments = [...page.matchAll(/```swcca\n(.*?)```/gs)].map(([, source = '']) => source);
const base = { ...options.base, onViolation: () => undefined };

describe('docs/script.md', () => {
  test.each(Object.entries(STATEMENTS))('says of %s what the grammar says', (_, { syntax, says }) => {
    expect(narrow(page)).toContain(narrow(`| \`${syntax.replaceAll('|', '\\|')}\` | ${says} |`));
  });

  test('has fragments', () => {
    expect(fragments.length).toBeGreaterThan(3);
  });

  test.each(fragments)('has a fragment that runs: %s', (source) => {
    const script = parse(source);
    expect(script.problems).toEqual([]);
    for (const { error, differences, personality } of runScript(script, { base })) {
      expect([personality, error, differences.map(({ mismatch }) => mismatch)]).toEqual([personality, undefined, []]);
    }
  });
});
