import { badInput } from '../exit.ts';
import type { AnswerKind } from './answer.ts';
import type { Result } from './judgement.ts';

const BASELINE_FORMAT = 'swcca/judge-baseline/v1';

/** What a verifier did with each token once: what it does now is held against it. */
export type Baseline = ReadonlyMap<string, AnswerKind>;

export const baselineText = (results: readonly Result[]): string => {
  const answers = Object.fromEntries(results.map(({ description: { id }, answer: { kind } }) => [id, kind]));
  return `${JSON.stringify({ format: BASELINE_FORMAT, answers }, undefined, 2)}\n`;
};

/** @throws {UsageError} INPUT, when the text is no baseline. */
export const parseBaseline = (file: string, text: string): Baseline => {
  try {
    const { format, answers } = JSON.parse(text) as { format?: unknown; answers?: unknown };
    if (format === BASELINE_FORMAT && typeof answers === 'object' && answers !== null) {
      return new Map(Object.entries(answers as Readonly<Record<string, AnswerKind>>));
    }
  } catch {
    // told below
  }
  throw badInput(`${file}: is not ${BASELINE_FORMAT}; write one with --write-baseline`);
};

export interface Change {
  readonly result: Result;
  /** Undefined for a token that the baseline does not know. */
  readonly before: AnswerKind | undefined;
}

/** Tokens that are answered otherwise than before, and new ones that are answered wrongly. */
export const changesSince = (baseline: Baseline, results: readonly Result[]): readonly Change[] =>
  results.flatMap((result): Change[] => {
    const before = baseline.get(result.description.id);
    const isRight = result.judgement === 'right' || result.judgement === 'policy' || result.judgement === 'unknown';
    const same = before === undefined ? isRight : before === result.answer.kind;
    return same ? [] : [{ result, before }];
  });

export const changeLine = ({ result: { description, answer, judgement }, before }: Change): string =>
  `  ${description.id.padEnd(6)} was ${before ?? 'not there'}, is ${answer.kind} (${judgement}): ${description.change}`;
