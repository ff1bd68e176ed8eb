/**
 * How known implementations differ from the specification, and from each other.
 *
 * Owns: switches with their evidence, orders of conditions, stacks. Does not own: the rule itself.
 */
export { type Applied, applyPersonality } from './apply.ts';
export { type Choice, choose, personalityOf } from './choice.ts';
export { ISLET } from './islet/index.ts';
export type { Change, Deviation, Personality, Reference, Standing } from './personality.ts';
export { RSI_BEHAVIOURS, type RsiBehaviour } from './rsi-table.ts';
export { SPEC } from './spec.ts';
export {
  type HesStyle,
  type RemFormulaName,
  type Setting,
  STACK_NAMES,
  STACKS,
  type Stack,
  type StackName,
  SYNTHETIC,
  stackNamed,
  stackOf,
} from './stacks.ts';
export { PERSONALITIES, type PersonalityId, SWITCHES } from './switches.ts';
export { TF_RMM } from './tf-rmm/index.ts';
