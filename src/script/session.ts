import { RmiRecExit } from '../abi/index.ts';
import type { Platform } from '../platform/index.ts';
import type { Command } from '../spec/index.ts';
import type { Registers } from '../trace/index.ts';
import type { Act, Argument, Binding, Statement } from './ast.ts';
import { byText, clausesFor, type Mismatch, memberOf, mismatches } from './check.ts';
import { evaluate, numberOf, type Surroundings, type Value } from './evaluate.ts';
import { structureValues } from './fields.ts';
import { buildRealm } from './given-realm.ts';
import { helpLines } from './help.ts';
import { enter, hostSmc, onHost, prepareEnter } from './host-acts.ts';
import { expectObject, expectRegister, expectValue, show } from './look.ts';
import { fetch, read, write } from './memory-acts.ts';
import type { Cell, CellRecord, Outcome } from './outcome.ts';
import { registerNumber } from './patterns.ts';
import { impossible, type Place } from './problem.ts';
import { inRealm, realmOutcome } from './realm-acts.ts';
import { impDefSettings, machineSettings } from './settings.ts';
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

/** A call that is about to be made. */
export interface PreparedCall {
  readonly command: Command;
  readonly x: Registers;
  /** The REC whose Realm calls, when it is a call of a Realm. */
  readonly rec: bigint | undefined;
}

const MAX_PE = 4095;
const MAX_TIMES = 1n << 16n;

/** Registers of a call: X0 is the function; what no argument names keeps what `before` holds, as far as it is needed. */
const registersOf = (
  { command, args }: Extract<Act, { act: 'call' }>,
  around: Surroundings,
  before: (n: number) => bigint,
): Registers => {
  const x: (bigint | undefined)[] = [BigInt(command.fid)];
  const inputs = Object.keys(command.inputs);
  let position = 0;
  const put = ({ name, value }: Argument): void => {
    const input = name === undefined ? inputs[position++] : name.name;
    const register = registerNumber(input ?? '');
    if (input === undefined || register !== undefined) {
      if (register !== undefined) x[register] = numberOf(value, around);
      return;
    }
    const { first = 1, type } = command.inputs[input] ?? {};
    const given = evaluate(value, around);
    if (typeof given === 'bigint') {
      if (type !== undefined && type.count > 1) throw impossible(value, `${input} takes bytes: hex"00ff" or "text"`);
      x[first] = given;
      return;
    }
    const count = type?.count ?? 1;
    if (given.length > 8 * count) throw impossible(value, `${input} takes at most ${8 * count} bytes`);
    for (let i = 0; i < count; i += 1) {
      let word = 0n;
      for (let b = 7; b >= 0; b -= 1) word = (word << 8n) | BigInt(given[8 * i + b] ?? 0);
      x[first + i] = word;
    }
  };
  for (const argument of args) put(argument);
  return Array.from(x, (value, n) => value ?? before(n));
};

/** The registers of a call, and who makes it. */
const prepareCall = (stage: Stage, place: Place, act: Act): PreparedCall => {
  const around = stage.around(place);
  if (act.act === 'enter') return prepareEnter(stage, place, act);
  if (act.act !== 'call') throw impossible(place, 'this is no call');
  if (act.family === 'rmi') {
    onHost(stage, place);
    return { command: act.command, x: registersOf(act, around, () => 0n), rec: undefined };
  }
  const { rec } = inRealm(stage, place);
  const { gprs } = stage.platform(place).rmm.state.rec(rec);
  return { command: act.command, x: registersOf(act, around, (n) => gprs[n] ?? 0n), rec };
};

/** What an act does; undefined when it comes to nothing that can be expected. */
const perform = (stage: Stage, place: Place, act: Act): Outcome | undefined => {
  const around = stage.around(place);
  const { pe } = stage;
  const platform = (): Platform => stage.platform(place);
  switch (act.act) {
    case 'call': {
      const { x } = prepareCall(stage, place, act);
      if (act.family === 'rmi') return hostSmc(stage, place, x, act.command);
      return realmOutcome(stage, place, () => platform().realmSmc(x, pe), { family: act.family, command: act.command });
    }
    case 'smc': {
      const x = act.x.map((value) => numberOf(value, around));
      const command = platform().rmm.commands.rmi.find(({ fid }) => BigInt(fid) === x[0]);
      return act.caller === 'host'
        ? hostSmc(stage, place, x, command)
        : realmOutcome(stage, place, () => platform().realmSmc(x, pe));
    }
    case 'enter':
      return enter(stage, place, act);
    case 'read':
      return read(stage, place, act);
    case 'write':
      return write(stage, place, act);
    case 'fetch':
      return fetch(stage, place, act);
    case 'wait': {
      const timeout = act.timeout === undefined ? {} : { timeout: numberOf(act.timeout, around) };
      const event = act.kind === 'wfi' ? { wfi: timeout } : { wfe: timeout };
      return realmOutcome(stage, place, () => platform().realmEvent(event, pe));
    }
    case 'hvc': {
      const imm = Number(numberOf(act.imm, around) & 0xffffn);
      return realmOutcome(stage, place, () => platform().realmEvent({ hvc: { imm } }, pe));
    }
    case 'interrupt':
      return interrupt(stage, place, act, around);
    default:
      return undefined;
  }
};

const interrupt = (
  stage: Stage,
  place: Place,
  { kind, fields }: Extract<Act, { act: 'interrupt' }>,
  around: Surroundings,
): Outcome => {
  const platform = stage.platform(place);
  const running = platform.rmm.state.running(stage.pe);
  const given = Object.fromEntries(fields.map(({ member, value }) => [member.name, numberOf(value, around)]));
  const { polls, esr } = given;
  const raise = () =>
    platform.interrupt(kind, {
      pe: stage.pe,
      ...(polls === undefined ? {} : { polls: Number(polls & 0xffff_ffffn) }),
      ...(esr === undefined ? {} : { esr }),
    });
  if (running === undefined) {
    raise();
    return { kind: 'done', text: `${kind} is pending on PE ${stage.pe}`, members: {}, x: [] };
  }
  return realmOutcome(stage, place, () => {
    const x = raise();
    return x === undefined ? { kind: 'done' } : { kind: 'exit', x };
  });
};

const settle = (stage: Stage, place: Place, act: Act): void => {
  const around = stage.around(place);
  switch (act.act) {
    case 'setting':
      stage.beforeBoot(place);
      if (act.of === 'machine') stage.machine = machineSettings(act.fields, around, stage.machine);
      else stage.impDef = impDefSettings(act.fields, around, stage.impDef);
      return;
    case 'switch':
      stage.beforeBoot(place);
      stage.switches = [...stage.switches, ...act.changes];
      return;
    case 'seed':
      stage.beforeBoot(place);
      stage.seed = act.seed;
      return;
    case 'config':
      stage.bootFrom(place, act.json);
      return;
    case 'personality': {
      stage.beforeBoot(place);
      const [only, second] = act.names;
      // Several names ask whoever runs the script to run it once under each.
      if (only !== undefined && second === undefined) stage.personality = only;
      return;
    }
    case 'let':
      stage.names.set(act.name, evaluate(act.value, around));
      return;
    case 'pe': {
      const pe = numberOf(act.pe, around);
      if (pe > BigInt(MAX_PE)) throw impossible(act.pe, `there are PEs 0 to ${MAX_PE}`);
      stage.pe = Number(pe);
      return;
    }
    case 'realm': {
      stage.realms += 1;
      const names = buildRealm(stage.platform(place), stage.pe, place, act, around, stage.realms);
      for (const [name, value] of names) stage.names.set(name, value);
      for (let i = 0; ; i += 1) {
        const rec = names.get(`${act.name}.rec${i}`);
        const run = names.get(`${act.name}.run${i}`);
        if (typeof rec !== 'bigint' || typeof run !== 'bigint') return;
        stage.runPages.set(rec, run);
      }
    }
    case 'devices': {
      const rec = numberOf(act.rec, around);
      stage.platform(place).devices(rec, structureValues(RmiRecExit as never, act.fields, around));
    }
  }
};

/** Keeps results under the names that a statement gives them. */
const bind = (
  stage: Stage,
  bindings: readonly Binding[],
  outcome: Pick<Outcome, 'value' | 'members' | 'x' | 'text'>,
): void => {
  for (const { source, name } of bindings) {
    const cell = source === undefined ? outcome.value : memberOf(outcome.members, outcome.x, { member: source });
    const value = valueIn(stage, cell);
    if (value !== undefined) stage.names.set(name, value);
    else {
      const at = source ?? { line: 0, column: 0 };
      throw impossible(at, `${source === undefined ? 'this' : source.name} has no value: ${outcome.text}`);
    }
  }
};

const valueIn = (stage: Stage, cell: Cell): Value | undefined => {
  if (typeof cell === 'bigint' || cell instanceof Uint8Array) return cell;
  if (typeof cell === 'number') return BigInt.asUintN(64, BigInt(cell));
  if (typeof cell === 'boolean') return cell ? 1n : 0n;
  // A name that stands for a number, such as the state of an RTT entry.
  return typeof cell === 'string' ? stage.around({ line: 0, column: 0 }).constants.get(cell) : undefined;
};

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
