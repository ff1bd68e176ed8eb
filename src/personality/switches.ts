import { ISLET } from './islet/index.ts';
import { ISLET_OLD_DEVIATIONS } from './islet/old.ts';
import type { Deviation, Personality } from './personality.ts';
import { SPEC } from './spec.ts';
import { TF_RMM } from './tf-rmm/index.ts';
import { LATER_DEVIATIONS } from './tf-rmm/later.ts';

/** What `--personality` takes. */
export const PERSONALITIES = { spec: SPEC, 'tf-rmm': TF_RMM, islet: ISLET } as const satisfies Record<
  string,
  Personality
>;
export type PersonalityId = keyof typeof PERSONALITIES;

/** Every switch there is, by its identifier: those of the personalities, and those that no personality has. */
export const SWITCHES: ReadonlyMap<string, Deviation> = new Map(
  [...TF_RMM.deviations, ...LATER_DEVIATIONS, ...ISLET.deviations, ...ISLET_OLD_DEVIATIONS].map((each) => [
    each.id,
    each,
  ]),
);
