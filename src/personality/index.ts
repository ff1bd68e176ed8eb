/**
 * How known implementations differ from the specification, and from each other.
 *
 * Owns: switches with their evidence, orders of conditions, stacks. Does not own: the rule itself.
 */
export { type Applied, applyPersonality } from './apply.ts';
export { type Choice, choose, personalityOf } from './choice.ts';
export { ISLET } from './islet/index.ts';
export type { Change, Deviation, Personality, Reference, Standing } from './personality.ts';
export { SPEC } from './spec.ts';
export { PERSONALITIES, type PersonalityId, SWITCHES } from './switches.ts';
export { TF_RMM } from './tf-rmm/index.ts';
