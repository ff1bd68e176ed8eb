import type { Platform } from '../platform/index.ts';
import type { Act, Statement } from './ast.ts';
import { bind } from './bind.ts';
import { type PreparedCall, prepareCall } from './call-registers.ts';
import { byText, clausesFor, type Mismatch, mismatches } from './check.ts';
import { numberOf, type Value } from './evaluate.ts';
import { helpLines } from './help.ts';
import { expectObject, expectRegister, expectValue, show } from './look.ts';
import type { Cell, CellRecord, Outcome } from './outcome.ts';
import { perform } from './perform.ts';
import { impossible, type Place } from './problem.ts';
import { settle } from './settle.ts';
import { Stage, type StageOptions } from './stage.ts';

/** What came of a statement. */
export interface StatementResult {
  readonly statement: Statement;
  /** What its act came to, when it is an act of a Host, a Realm or the world around. */
  readonly outcome?: Outcome;
  /** What it prints. */
  readonly lines: readonly string[];
  /** What `show` shows, as data. */
  readonly shows?: Cell;
  /** What was expected and is otherwise. */
  readonly mismatches: readonly Mismatch[];
}

/** A script that goes on, statement by statement. */
export interface Session {
  readonly personality: string;
  readonly names: ReadonlyMap<string, Value>;
  /** The PE that acts. */
  readonly pe: number;
  /** The machine, once a statement needed it. */
  readonly platform: Platform | undefined;
  /**
   * Runs a statement.
   *
   * @throws {ScriptError} IMPOSSIBLE or NAME, when it cannot be done.
   */
  run(statement: Statement): StatementResult;
  /**
   * Takes a call apart that is about to be made. Structures that belong to it are written; the call is not made.
   *
   * @throws {ScriptError} IMPOSSIBLE or NAME, also when the statement is no call.
   */
  prepare(statement: Statement): PreparedCall;
}

const MAX_TIMES = 1n << 16n;

export const createSession = (options: StageOptions): Session => {
  const stage = new Stage(options);
  const holdsHere = (under: readonly string[]): boolean => clausesFor([{ under }], stage.expects).length > 0;

  const expected = (place: Place, { act }: Statement): readonly Mismatch[] | undefined => {
    switch (act.act) {
      case 'expect':
        return holdsHere(act.under) ? expectObject(stage, act, place) : [];
      case 'expect-register':
        return holdsHere(act.under) ? expectRegister(stage, act, place) : [];
      case 'expect-value':
        return holdsHere(act.under) ? expectValue(stage, act, place) : [];
      default:
        return undefined;
    }
  };

  /** Runs the body of a loop until it is over or something differs. */
  const repeat = (statement: Statement, { name, from, to, body }: Extract<Act, { act: 'for' }>): StatementResult => {
    const around = stage.around(statement);
    const [first, last] = [numberOf(from, around), numberOf(to, around)];
    if (last - first >= MAX_TIMES) throw impossible(to, `a statement is repeated at most ${MAX_TIMES} times`);
    let result: StatementResult = { statement, lines: [], mismatches: [] };
    let times = 0;
    for (let i = first; i <= last && result.mismatches.length === 0; i += 1n) {
      stage.names.set(name, i);
      result = { ...session.run(body), statement };
      times += 1;
    }
    const lines = result.lines.map((line) => `${times} times, the last: ${line}`);
    return { ...result, lines };
  };

  const session: Session = {
    get personality() {
      return stage.personality;
    },
    names: stage.names,
    get pe() {
      return stage.pe;
    },
    get platform() {
      return stage.isBooted ? stage.platform({ line: 1, column: 1 }) : undefined;
    },
    prepare: (statement) => prepareCall(stage, { line: statement.line, column: statement.column }, statement.act),
    run(statement) {
      const { act, expectations, bindings, line, column } = statement;
      const place = { line, column };
      const found = expected(place, statement);
      if (found !== undefined) return { statement, lines: [], mismatches: found };
      if (act.act === 'for') return repeat(statement, act);
      if (act.act === 'show') {
        const { lines, shows } = show(stage, act);
        bind(stage, bindings, { members: typeof shows === 'object' ? (shows as CellRecord) : {}, x: [], text: 'none' });
        return { statement, lines, shows, mismatches: [] };
      }
      if (act.act === 'help') return { statement, lines: helpLines(act.topic), mismatches: [] };
      const outcome = perform(stage, place, act);
      if (outcome === undefined) {
        settle(stage, place, act);
        return { statement, lines: [], mismatches: [] };
      }
      const wrong = mismatches(expectations, outcome, stage.expects, stage.around(place));
      if (wrong.length === 0) bind(stage, bindings, outcome);
      return { statement, outcome, lines: [`${outcome.text}${byText(outcome)}`], mismatches: wrong };
    },
  };
  return session;
};
