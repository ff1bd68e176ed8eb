import { Bug } from '../bytes/index.ts';
import type { Deviation, Personality } from './personality.ts';
import { PERSONALITIES, type PersonalityId, SWITCHES } from './switches.ts';

/** A personality as plain data: whose orders and implementation choices, and every switch that is on, in their order. */
export interface Choice {
  readonly personality: PersonalityId;
  readonly switches: readonly string[];
}

/**
 * A personality with some switches turned on, or off where a minus comes before: `D2`, `-D2`.
 *
 * @returns undefined when one of them is no switch.
 */
export const choose = (personality: PersonalityId, changes: readonly string[] = []): Choice | undefined => {
  let switches: readonly string[] = PERSONALITIES[personality].deviations.map(({ id }) => id);
  for (const change of changes) {
    const off = change.startsWith('-');
    const id = off ? change.slice(1) : change;
    if (!SWITCHES.has(id)) return undefined;
    const others = switches.filter((each) => each !== id);
    switches = off ? others : [...others, id];
  }
  return { personality, switches };
};

/** @throws {Bug} for a switch that does not exist: whoever takes one from outside asks `choose`. */
export const personalityOf = ({ personality, switches }: Choice): Personality => {
  const deviations = switches.map((id): Deviation => {
    const deviation = SWITCHES.get(id);
    if (deviation === undefined) throw new Bug(`personality: ${id} is no switch`);
    return deviation;
  });
  return { ...PERSONALITIES[personality], deviations };
};
