import { EQUIVALENT } from './equivalent.ts';
import type { Mutant, MutantKind } from './mutant.ts';

/** What became of one mutant: what noticed it, or nothing. */
export interface Verdict {
  readonly mutant: Pick<Mutant, 'id' | 'kind' | 'command'>;
  readonly killer: string | undefined;
  /** Why nothing can notice it, if that is so. */
  readonly equivalent: string | undefined;
}

const KINDS: Readonly<Record<MutantKind, string>> = {
  condition: 'a failure condition is not checked',
  boundary: 'a number that a condition compares is moved by one',
  effect: 'a change of the monitor does not happen, or writes something else',
  answer: 'an output, a result or a member of an exit is not written back',
  order: 'an edge of the partial order is left out',
  'entry and exit': 'a part of entry, exit or access is left out',
};

const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

/** Mutants that live although nothing says that they may, and those that are said to live and do not. */
export const problems = (verdicts: readonly Verdict[]): readonly string[] =>
  verdicts.flatMap(({ mutant: { id }, killer, equivalent }) => {
    if (killer === undefined && equivalent === undefined) return [`lives: ${id}`];
    if (killer !== undefined && equivalent !== undefined)
      return [`is listed as equivalent, and noticed by ${killer}: ${id}`];
    return [];
  });

/** The score as a page. */
export const scorePage = (verdicts: readonly Verdict[]): string => {
  const judged = verdicts.filter(({ equivalent }) => equivalent === undefined);
  const killed = judged.filter(({ killer }) => killer !== undefined);
  const scoreOf = (holds: (verdict: Verdict) => boolean): string =>
    `${killed.filter(holds).length} of ${judged.filter(holds).length}`;
  const commands = [...new Set(verdicts.map(({ mutant }) => mutant.command ?? 'entry and exit'))];
  const list = EQUIVALENT.flatMap(({ reason, ids }) => [
    '',
    `${reason[0]?.toUpperCase()}${reason.slice(1)}:`,
    '',
    ...ids.map((id) => `- ${id}`),
  ]);
  return `${[
    '# Mutants',
    '',
    'A mutant is a monitor that is wrong in one place. A test has to notice each of them: a conformance row, an edge of a',
    'bound, a law of random sequences, or the second account of tables and measurements. `node scripts/mutants.mjs` makes',
    'all of them and writes this page with `--write`; `npm test` takes a part of them.',
    '',
    `${killed.length} of ${judged.length} are noticed; ${verdicts.length - judged.length} more do the same as the sound monitor.`,
    '',
    row('kind', 'what is wrong', 'noticed'),
    row('---', '---', '---'),
    ...Object.entries(KINDS).map(([kind, says]) =>
      row(
        kind,
        says,
        scoreOf(({ mutant }) => mutant.kind === kind),
      ),
    ),
    '',
    row('command', 'noticed'),
    row('---', '---'),
    ...commands.map((name) =>
      row(
        name,
        scoreOf(({ mutant }) => (mutant.command ?? 'entry and exit') === name),
      ),
    ),
    '',
    'An edge that other edges imply is no mutant: nothing changes without it. Whether the answer of a command without one',
    'of its edges is still permitted is judged by all edges, those of the specification and those that the text leaves',
    'implicit.',
    '',
    '## Equivalent mutants',
    ...list,
  ].join('\n')}\n`;
};
