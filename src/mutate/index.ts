/**
 * Tokens that are wrong on purpose, or odd and legal: the catalogue of mutations as data, and what carries them out.
 *
 * Owns: each mutation with what it changes, which rule it breaks, what a verifier has to answer; the operations on items
 * before and after signing. Does not own: verdicts of any verifier, the machine that makes the base token, files.
 */
export type { BaseToken } from './base.ts';
export { CATALOGUE, mutationOf } from './catalogue/index.ts';
export { secured } from './catalogue/secured.ts';
export { type Form, formed } from './draft.ts';
export { type Edit, editToJson } from './edit.ts';
export { type KeyName, type KeyRing, keyRing, type TokenKeys } from './keys.ts';
export {
  type Applicable,
  type EditRecord,
  type Mutated,
  type MutateOptions,
  mutate,
  NotApplicable,
  type Prepared,
  prepareMutation,
  type SignatureRequest,
  type Stage,
} from './mutate.ts';
export {
  GAINS,
  type Gain,
  GROUPS,
  type Group,
  KEY_FILES,
  type KeyFile,
  type Mutation,
  NEEDS,
  type Need,
  REFERENCES,
  type ReferenceName,
  type Situation,
  VERDICTS,
  type Verdict,
} from './mutation.ts';
export { mutationOfSteps, type RandomMutation, randomMutations } from './random/random.ts';
export { shrink } from './random/shrink.ts';
export type { Effect, Step } from './random/step.ts';
export { RULES, type Rule, type RuleName } from './rules.ts';
