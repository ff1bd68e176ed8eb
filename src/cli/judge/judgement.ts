import type { Description } from '../../corpus/index.ts';
import { GAINS, type Gain, type Need } from '../../mutate/index.ts';
import type { Answer, AnswerKind } from './answer.ts';

/** What an answer is worth, held against the verdict. */
export const JUDGEMENTS = {
  right: 'as the documents ask',
  hole: 'accepted what must be rejected',
  'over-strict': 'refused what must be accepted',
  crash: 'crashed',
  hang: 'gave no answer in time',
  memory: 'took too much memory',
  policy: 'left open by the documents',
  unknown: 'nobody has worked out what is right',
} as const;
export type Judgement = keyof typeof JUDGEMENTS;

export interface Result {
  readonly description: Description;
  readonly answer: Answer;
  readonly judgement: Judgement;
}

const FAILURES: Readonly<Partial<Record<AnswerKind, Judgement>>> = {
  crashed: 'crash',
  hung: 'hang',
  'out-of-memory': 'memory',
};

export const judge = ({ verdict }: Pick<Description, 'verdict'>, { kind }: Pick<Answer, 'kind'>): Judgement => {
  const failure = FAILURES[kind];
  if (failure !== undefined) return failure;
  switch (verdict) {
    case 'must-reject':
      return kind === 'accepted' ? 'hole' : 'right';
    case 'must-accept':
      return kind === 'accepted' ? 'right' : 'over-strict';
    default:
      return verdict;
  }
};

/** Judgements that are somebody's mistake. */
export const WRONG: readonly Judgement[] = ['hole', 'crash', 'hang', 'memory', 'over-strict'];

const RANK = new Map(Object.keys(GAINS).map((gain, i) => [gain as Gain, i]));
const rankOf = ({ gain }: Description): number => (gain === undefined ? RANK.size : (RANK.get(gain) ?? RANK.size));

/** The worst first: by what is gained, then as the catalogue has them. */
export const worstFirst = (results: readonly Result[]): readonly Result[] =>
  results.toSorted((a, b) => rankOf(a.description) - rankOf(b.description));

/** Whether a verifier that is given these things can tell. */
export const counts = ({ needs }: Pick<Description, 'needs'>, given: ReadonlySet<Need>): boolean =>
  needs.every((need) => given.has(need));
