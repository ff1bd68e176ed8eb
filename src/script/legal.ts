import { type RmiResult, rmiResultText } from '../abi/index.ts';
import { realmCall } from '../rmm/index.ts';
import { allowedResults, type Command, frameOf, type Order, prepare } from '../spec/index.ts';
import type { Statement } from './ast.ts';
import type { PreparedCall } from './call-registers.ts';
import type { Script } from './parse.ts';
import { ScriptError } from './problem.ts';
import { SPEC } from './run.ts';
import { createSession, type Session } from './session.ts';
import type { StageOptions } from './stage.ts';

/** A failure condition that the text lets be the one that is reported. */
export interface LegalAnswer {
  readonly id: string;
  readonly result: string;
  readonly says: string;
}

/** A condition that is not to be reported, since another one that holds precedes it. */
export interface Preceded {
  readonly id: string;
  readonly by: string;
  /** Whether that is published, or an edge of ours: without it the condition would read what has no meaning. */
  readonly edge: 'published' | 'ours';
}

/** What one RMM answers. */
export interface Chosen {
  readonly personality: string;
  /** What it answered, or why the call could not be reached. */
  readonly answer: string;
  readonly failed: string | undefined;
  /** Whether the text permits it, in the state that the specification reaches. */
  readonly permitted: boolean;
}

/** The last call of a script: what the text allows it to answer, and what each RMM chooses. */
export interface LegalReport {
  readonly command: string;
  readonly statement: Statement;
  /** Empty when nothing lets it fail. */
  readonly allowed: readonly LegalAnswer[];
  readonly preceded: readonly Preceded[];
  readonly chosen: readonly Chosen[];
}

const isCall = ({ act }: Statement): boolean => act.act === 'call' || act.act === 'enter';

const nameOf = ({ act }: Statement): string | undefined =>
  act.act === 'call' ? act.command.name : act.act === 'enter' ? 'RMI_REC_ENTER' : undefined;

/** The last call of a command in a script, or of any. */
export const lastCall = ({ statements }: Script, command?: string): number =>
  statements.findLastIndex((each) => isCall(each) && (command === undefined || nameOf(each) === command));

const resultText = (result: unknown): string =>
  typeof result === 'object' && result !== null ? rmiResultText(result as RmiResult) : String(result);

/** Runs what stands before a statement. @throws {ScriptError} when it cannot be reached. */
const sessionBefore = (script: Script, index: number, options: StageOptions): Session => {
  const session = createSession(options);
  for (const statement of script.statements.slice(0, index)) {
    // The question is what each of them answers: the script's own choice is not asked.
    if (statement.act.act !== 'personality') session.run(statement);
  }
  return session;
};

const frameFor = (session: Session, { command, x, rec }: PreparedCall): object => {
  const state = session.platform?.rmm.state;
  if (state === undefined) return {};
  return frameOf(prepare(command), x, rec === undefined ? state : realmCall(state, rec, () => undefined));
};

const edges = (order: Order<string>): (readonly [string, string])[] =>
  order.flatMap(([left, right]) => left.flatMap((l) => right.map((r) => [l, r] as const)));

/** Conditions behind those that hold, each with the first edge that puts it there. */
const precededBy = (command: Command, allowed: readonly LegalAnswer[]): Preceded[] => {
  const found = new Map<string, Preceded>();
  const behind = new Set(allowed.map(({ id }) => id));
  const all = [
    ...edges(command.order).map((pair) => ({ pair, edge: 'published' as const })),
    ...edges(command.wellFormed ?? []).map((pair) => ({ pair, edge: 'ours' as const })),
  ];
  for (let grew = true; grew; ) {
    grew = false;
    for (const { pair, edge } of all) {
      const [by, id] = pair;
      if (!behind.has(by) || behind.has(id)) continue;
      behind.add(id);
      found.set(id, { id, by, edge });
      grew = true;
    }
  }
  return [...found.values()];
};

const chosenBy = (script: Script, index: number, options: StageOptions, allowed: readonly LegalAnswer[]): Chosen => {
  const { personality } = options;
  const statement = script.statements[index];
  try {
    const session = sessionBefore(script, index, options);
    const outcome = statement === undefined ? undefined : session.run(statement).outcome;
    const { text: answer = '', failed } = outcome ?? {};
    const permitted = allowed.length === 0 ? failed === undefined : allowed.some(({ result }) => result === answer);
    return { personality, answer, failed, permitted };
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    return {
      personality,
      answer: `cannot come this far: line ${error.place.line}: ${error.message}`,
      failed: undefined,
      permitted: false,
    };
  }
};

/**
 * What the text allows the call at `index` to answer, in the state that the script has reached by then, and what each
 * personality answers that has run the same script.
 *
 * @throws {ScriptError} when the call cannot be reached under the specification.
 */
export const legalAnswers = (
  script: Script,
  index: number,
  options: Pick<StageOptions, 'base'>,
  personalities: readonly string[],
): LegalReport => {
  const statement = script.statements[index];
  if (statement === undefined || !isCall(statement)) {
    throw new ScriptError('IMPOSSIBLE', statement ?? { line: 1, column: 1 }, 'this is no call');
  }
  const session = sessionBefore(script, index, { ...options, personality: SPEC });
  const prepared = session.prepare(statement);
  const { command } = prepared;
  const allowed = allowedResults(command, frameFor(session, prepared)).map(({ id, result }) => ({
    id,
    result: resultText(result),
    says: command.failures[id]?.says ?? '',
  }));
  return {
    command: command.name,
    statement,
    allowed,
    preceded: precededBy(command, allowed),
    chosen: personalities.map((personality) => chosenBy(script, index, { ...options, personality }, allowed)),
  };
};
