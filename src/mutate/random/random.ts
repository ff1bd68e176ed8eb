import { utf8 } from '../../bytes/index.ts';
import { CURVES, seededEntropy } from '../../crypto/index.ts';
import { draftOf } from '../draft.ts';
import { type MutateOptions, NotApplicable, prepareMutation } from '../mutate.ts';
import type { Operation, Verdict } from '../mutation.ts';
import { BREAKS } from './breaks.ts';
import type { Draw, Ground } from './draw.ts';
import { type Draws, drawsFrom } from './draws.ts';
import { KEEPS } from './keeps.ts';
import { OPENS } from './opens.ts';
import { isFreeOf, operationOf, type Step, verdictOf } from './step.ts';
import { spotsOf } from './survey.ts';

/** A mutation that was drawn: its steps, from which everything else follows. */
export interface RandomMutation extends Operation {
  readonly id: string;
  readonly group: 'random';
  readonly steps: readonly Step[];
  readonly verdict: Verdict;
}

const MOST_STEPS = 4;
/** How often a step is drawn before fewer will do. */
const TRIES = 8;

/** Whether every step finds what it changes, with signatures of no meaning. */
const isApplicable = (options: MutateOptions, operation: Operation): boolean => {
  try {
    const { requests, finish } = prepareMutation(options, { id: 'trial', ...operation });
    finish(requests.map(({ key }) => new Uint8Array(2 * CURVES[key.curve].size)));
    return true;
  } catch (error) {
    if (error instanceof NotApplicable) return false;
    throw error;
  }
};

/** One step from each list, as far as one can be found that goes with the others. */
const drawSteps = (options: MutateOptions, ground: Ground, lists: readonly (readonly Draw[])[]): readonly Step[] => {
  const steps: Step[] = [];
  for (const list of lists) {
    for (let i = 0; i < TRIES; i++) {
      const step = ground.draws.pick(list)?.(ground);
      if (step === undefined || !isFreeOf(steps, step)) continue;
      if (!isApplicable(options, operationOf([...steps, step]))) continue;
      steps.push(step);
      break;
    }
  }
  return steps;
};

/** Which kinds of steps, in which number: a third each stays good, breaks once, is anybody's guess. */
const plan = (draws: Draws): readonly (readonly Draw[])[] => {
  const more = <T>(list: T, least: number): readonly T[] =>
    new Array<T>(least + draws.below(MOST_STEPS - least + 1)).fill(list);
  switch (draws.below(3)) {
    case 0:
      return more(KEEPS, 1);
    case 1:
      return [BREAKS, ...more(KEEPS, 0).slice(1)];
    default:
      return [OPENS, ...more([...OPENS, ...KEEPS, ...BREAKS], 0).slice(1)];
  }
};

export const mutationOfSteps = (id: string, steps: readonly Step[]): RandomMutation => ({
  id,
  group: 'random',
  steps,
  verdict: verdictOf(steps),
  ...operationOf(steps),
});

/** Gives the n-th random mutation of a base token: the same for the same seed, whatever others are drawn. */
export const randomMutations = (options: MutateOptions): ((index: number) => RandomMutation) => {
  const { crypto, base, keys, seed } = options;
  const algorithms = { platform: 'ES384', realm: 'ES384' } as const;
  const root = draftOf(crypto, base, base.dialect, keys.public('rak'), algorithms, keys.public('cpak'));
  const spots = { platform: spotsOf(root, 'platform'), realm: spotsOf(root, 'realm') };
  return (index) => {
    const draws = drawsFrom(seededEntropy(crypto, utf8(`swcca/mutate/random/${seed}/${index}`)));
    const ground: Ground = { draws, dialect: base.dialect, spots, bits: 8 * base.token.length };
    return mutationOfSteps(`random-${index}`, drawSteps(options, ground, plan(draws)));
  };
};
