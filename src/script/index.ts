/**
 * Scripts: single calls as text, and what runs them.
 *
 * Owns: the grammar, what each statement does to a machine, and how a trace is written as a script. Does not own: files,
 * terminals, or any rule of the RMM.
 */
export type { Act, Expectation, Expression, Statement, Subject } from './ast.ts';
export type { PreparedCall } from './call-registers.ts';
export type { Mismatch } from './check.ts';
export {
  type CompareStacksOptions,
  compareStacks,
  type StackDiff,
  type StackDifference,
} from './compare/compare-stacks.ts';
export { type Factor, type FactorKind, type Mixture, rmmOf } from './compare/mixture.ts';
export type { Fact, ReadClaims } from './compare/observe.ts';
export { type Completion, complete } from './complete.ts';
export type { Value } from './evaluate.ts';
export { helpLines } from './help.ts';
export {
  type Chosen,
  type LegalAnswer,
  type LegalReport,
  lastCall,
  legalAnswers,
  type Preceded,
} from './legal.ts';
export { type Cell, cellJson, cellText, type Outcome } from './outcome.ts';
export { isOpen, type ParseOptions, parseScript, type Script } from './parse.ts';
export { type Place, ScriptError, type ScriptErrorCode, type ScriptProblem } from './problem.ts';
export {
  personalitiesOf,
  type RunOptions,
  runScript,
  type ScriptDifference,
  type ScriptRun,
  SPEC,
} from './run.ts';
export { createSession, type Session, type StatementResult } from './session.ts';
export { choiceOf, PERSONALITY_NAMES, type StageOptions } from './stage.ts';
export type { StatementKind } from './statement-kind.ts';
export { STATEMENT_WORDS, STATEMENTS } from './statements.ts';
export { createScriptWriter, type ScriptWriter } from './trace-script.ts';
export { VOCABULARY_1_0, type Vocabulary, vocabularyOf } from './vocabulary.ts';
