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

/**
 * A personality with switches turned on, or off where the identifier follows a minus: `D2`, `-D2`. Undefined for an
 * identifier that is no switch.
 */
export const switched = (personality: Personality, ids: readonly string[]): Personality | undefined => {
  let deviations = personality.deviations;
  for (const id of ids) {
    const off = id.startsWith('-');
    const deviation = SWITCHES.get(off ? id.slice(1) : id);
    if (deviation === undefined) return undefined;
    const others = deviations.filter((each) => each !== deviation);
    deviations = off ? others : [...others, deviation];
  }
  return { ...personality, deviations };
};
