import type { Mismatch } from './check.ts';
import type { Script } from './parse.ts';
import { ScriptError } from './problem.ts';
import { createSession, type Session, type StatementResult } from './session.ts';
import type { StageOptions } from './stage.ts';

export interface RunOptions extends Omit<StageOptions, 'personality'> {
  /** Runs under this personality alone, whatever the script says. */
  readonly personality?: string | undefined;
  /** Goes on after a difference. */
  readonly keepsGoing?: boolean;
  /** Told of each statement as it is done. */
  readonly onResult?: (result: StatementResult, session: Session) => void;
}

/** Something that was expected and is otherwise, with the call that led to it. */
export interface ScriptDifference {
  readonly mismatch: Mismatch;
  readonly result: StatementResult;
  /** The last act before the statement that differs, and what it came to. */
  readonly call: StatementResult | undefined;
}

/** One run of a script under one personality. */
export interface ScriptRun {
  readonly personality: string;
  readonly results: readonly StatementResult[];
  readonly differences: readonly ScriptDifference[];
  /** Why the run could not go on. */
  readonly error: ScriptError | undefined;
  readonly session: Session;
}

/** The specification itself. */
export const SPEC = 'spec';

/** The personalities under which a script asks to be run, each once. */
export const personalitiesOf = ({ statements }: Script): readonly string[] => {
  const asked = statements.flatMap(({ act }) => (act.act === 'personality' ? act.names : []));
  return asked.length === 0 ? [SPEC] : [...new Set(asked)];
};

const runUnder = (script: Script, personality: string, options: RunOptions): ScriptRun => {
  const { base, expects, keepsGoing = false, onResult } = options;
  const session = createSession({ base, personality, expects });
  const results: StatementResult[] = [];
  const differences: ScriptDifference[] = [];
  let call: StatementResult | undefined;
  let error: ScriptError | undefined;
  for (const statement of script.statements) {
    // The runner has chosen among the personalities already.
    if (statement.act.act === 'personality') continue;
    try {
      const result = session.run(statement);
      results.push(result);
      for (const mismatch of result.mismatches) differences.push({ mismatch, result, call });
      if (result.outcome !== undefined) call = result;
      onResult?.(result, session);
    } catch (thrown) {
      if (!(thrown instanceof ScriptError)) throw thrown;
      error = thrown;
      break;
    }
    if (differences.length > 0 && !keepsGoing) break;
  }
  return { personality, results, differences, error, session };
};

/** Runs a script once under each personality that it asks for, each time on a machine of its own. */
export const runScript = (script: Script, options: RunOptions): readonly ScriptRun[] => {
  const personalities = options.personality === undefined ? personalitiesOf(script) : [options.personality];
  return personalities.map((personality) => runUnder(script, personality, options));
};
