import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What is known not to hold: the id of a row, and why. */
export interface Gap {
  readonly id: string;
  readonly reason: string;
}

const FILE = fileURLToPath(new URL('../../known-gaps.md', import.meta.url));

/** The rows of test/known-gaps.md: `| id | reason |` under the heading of the suite. */
export const gapsIn = (markdown: string): Gap[] =>
  markdown.split('\n').flatMap((line) => {
    const [, id, reason] = /^\| `([^`]+)` \|(.*)\|$/.exec(line) ?? [];
    return id === undefined || reason === undefined ? [] : [{ id, reason: reason.trim() }];
  });

export const GAPS: readonly Gap[] = gapsIn(readFileSync(FILE, 'utf8'));

/** Runs what has to hold, or, where it is a known gap, what has to go on not holding. */
export const judged = (id: string, run: () => void, gaps: readonly Gap[] = GAPS): void => {
  const gap = gaps.find((known) => known.id === id);
  if (gap?.reason === '') throw new Error(`${id} is listed in test/known-gaps.md without a reason`);
  let holds = true;
  try {
    run();
  } catch (error) {
    if (gap === undefined) throw error;
    holds = false;
  }
  if (gap !== undefined && holds) throw new Error(`${id} is listed in test/known-gaps.md and holds: take it off`);
};
