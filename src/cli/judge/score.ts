import { GAINS, GROUPS } from '../../mutate/index.ts';
import type { Paint } from '../io/terminal.ts';
import { JUDGEMENTS, type Judgement, type Result, worstFirst } from './judgement.ts';

const REPORT_FORMAT = 'swcca/judge/v1';

export interface Score {
  readonly verifier: string;
  readonly corpus: string;
  readonly results: readonly Result[];
  /** Tokens that this verifier was not given enough to judge. */
  readonly notCounted: number;
  readonly seconds: number;
}

export const countsOf = (results: readonly Result[]): Readonly<Record<Judgement, number>> => {
  const counts = Object.fromEntries(Object.keys(JUDGEMENTS).map((name) => [name, 0])) as Record<Judgement, number>;
  for (const { judgement } of results) counts[judgement] += 1;
  return counts;
};

const of = (results: readonly Result[], ...judgements: readonly Judgement[]): readonly Result[] =>
  results.filter(({ judgement }) => judgements.includes(judgement));

const ruleText = ({ description: { rule } }: Result): string =>
  rule === undefined ? '' : `  ${rule.document} ${rule.section}: ${rule.says}`;

const holeLines = (results: readonly Result[]): readonly string[] =>
  worstFirst(results).map((result) => {
    const { id, change, gain = '' } = result.description;
    return `  ${gain.padEnd(12)} ${id.padEnd(6)} ${change}\n${' '.repeat(20)}${ruleText(result)}`;
  });

const answerLines = (results: readonly Result[]): readonly string[] =>
  results.map(({ description: { id, change }, answer: { says } }) => {
    const words = says === '' ? '' : `\n${' '.repeat(9)}it says: ${says}`;
    return `  ${id.padEnd(6)} ${change}${words}`;
  });

const policyLines = (results: readonly Result[]): readonly string[] =>
  results.map(({ description: { id, change }, answer: { kind } }) => `  ${kind.padEnd(8)} ${id.padEnd(6)} ${change}`);

/** The result for people: what is wrong, the worst first, then what the verifier has chosen. */
export const scoreCard = ({ verifier, corpus, results, notCounted, seconds }: Score, paint: Paint): string => {
  const counts = countsOf(results);
  const section = (title: string, lines: readonly string[], style: (text: string) => string): readonly string[] =>
    lines.length === 0 ? [] : ['', style(paint.bold(title)), ...lines];
  const gains = Object.keys(GAINS).filter((gain) => of(results, 'hole').some((hole) => hole.description.gain === gain));
  return [
    `${results.length} tokens of ${corpus} put to ${verifier} in ${seconds.toFixed(1)} s`,
    ...(notCounted === 0
      ? []
      : [`${notCounted} more need a nonce or reference values to be told: use {challenge}, {reference}`]),
    ...section(
      `HOLES: ${counts.hole} tokens accepted that must be rejected`,
      [...gains.map((gain) => `  ${gain}: ${GAINS[gain as keyof typeof GAINS]}`), ...holeLines(of(results, 'hole'))],
      paint.red,
    ),
    ...section(`CRASHES: ${counts.crash} by signal, panic or exception`, answerLines(of(results, 'crash')), paint.red),
    ...section(
      `HANGS: ${counts.hang + counts.memory} beyond its time or memory`,
      answerLines(of(results, 'hang', 'memory')),
      paint.red,
    ),
    ...section(
      `OVER-STRICT: ${counts['over-strict']} tokens refused that must be accepted`,
      answerLines(of(results, 'over-strict')),
      paint.yellow,
    ),
    ...section(
      `POLICY: ${counts.policy} tokens that the documents leave open`,
      policyLines(of(results, 'policy')),
      paint.cyan,
    ),
    '',
    paint.bold(
      `${counts.right} right, ${counts.hole} holes, ${counts['over-strict']} over-strict, ${counts.crash} crashes, ` +
        `${counts.hang + counts.memory} hangs, ${counts.policy} policy, ${counts.unknown} unknown`,
    ),
  ].join('\n');
};

/** The result for programs (docs/schemas/judge.schema.json). */
export const scoreJson = ({ verifier, corpus, results, notCounted, seconds }: Score) => ({
  format: REPORT_FORMAT,
  verifier,
  corpus,
  seconds: Number(seconds.toFixed(3)),
  not_counted: notCounted,
  counts: countsOf(results),
  results: results.map(({ description, answer, judgement }) => {
    const { id, group, change, verdict, gain } = description;
    return {
      id,
      group,
      change,
      verdict,
      ...(gain === undefined ? {} : { gain }),
      answer: answer.kind,
      judgement,
      says: answer.says,
      ms: Math.round(answer.ms),
    };
  }),
});

const xml = (text: string): string =>
  text
    // What XML 1.0 has no way to write.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const outcome = ({ judgement, answer }: Result): string => {
  const element = (name: string): string =>
    `<${name} type="${judgement}" message="${xml(JUDGEMENTS[judgement])}">${xml(answer.says)}</${name}>`;
  if (judgement === 'hole' || judgement === 'over-strict') return element('failure');
  if (judgement === 'crash' || judgement === 'hang' || judgement === 'memory') return element('error');
  return judgement === 'unknown' ? '<skipped/>' : `<system-out>${xml(answer.kind)}</system-out>`;
};

/** The result as JUnit has it: one suite for each group, one case for each token. */
export const scoreJUnit = ({ verifier, results, seconds }: Score): string => {
  const groups = [...new Set(results.map(({ description }) => description.group))];
  const suites = groups.map((group) => {
    const own = results.filter(({ description }) => description.group === group);
    const counts = countsOf(own);
    const cases = own.map((result) => {
      const { id, change } = result.description;
      const name = xml(`${id} ${change}`);
      return `    <testcase classname="swcca.${group}" name="${name}" time="${(result.answer.ms / 1000).toFixed(3)}">${outcome(result)}</testcase>`;
    });
    const attributes = [
      `name="${xml(GROUPS[group])}"`,
      `tests="${own.length}"`,
      `failures="${counts.hole + counts['over-strict']}"`,
      `errors="${counts.crash + counts.hang + counts.memory}"`,
      `skipped="${counts.unknown}"`,
    ].join(' ');
    return [`  <testsuite ${attributes}>`, ...cases, '  </testsuite>'].join('\n');
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${xml(`swcca judge -- ${verifier}`)}" time="${seconds.toFixed(3)}">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
};
