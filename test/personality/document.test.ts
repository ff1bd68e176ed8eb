import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { divergencesPage } from '../../scripts/lib/divergences/page.mjs';
import * as personality from '../../src/personality/index.ts';

const page = readFileSync(new URL('../../docs/divergences.md', import.meta.url), 'utf8');

test('docs/divergences.md is what the data say', () => {
  expect(page).toBe(divergencesPage(personality));
});

test('every switch is on the page, with a script that is there', () => {
  for (const id of personality.SWITCHES.keys()) {
    expect(page).toContain(`#### ${id}: `);
    expect(existsSync(new URL(`../divergences/${id}.swcca`, import.meta.url)), id).toBe(true);
  }
});
