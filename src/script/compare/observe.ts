import { equalBytes, toHex } from '../../bytes/index.ts';
import type { PlatformOptions } from '../../platform/index.ts';
import { realmClaims } from '../../rmm/index.ts';
import { allOf, type TraceEvent } from '../../trace/index.ts';
import type { Act, Statement, Subject } from '../ast.ts';
import { memberOf } from '../check.ts';
import { evaluate } from '../evaluate.ts';
import { memberText } from '../expression.ts';
import { type Cell, type CellRecord, cellText, type Outcome } from '../outcome.ts';
import { parseScript, type Script } from '../parse.ts';
import { impossible, ScriptError } from '../problem.ts';
import { SPEC } from '../run.ts';
import { createSession, type Session } from '../session.ts';
import { VOCABULARY_1_0 } from '../vocabulary.ts';

/** What was seen at one point of a run. */
export interface Fact {
  /** Of the statement, from 0 on; the number of statements for what was seen when the script was over. */
  readonly at: number;
  /** The statement after which it was seen; undefined for what was seen when the script was over. */
  readonly statement: Statement | undefined;
  readonly kind: 'answer' | 'measurement' | 'claim';
  /** What it is about: `result`, a member, a register; `RIM` of a Realm; a claim. */
  readonly what: string;
  readonly text: string;
}

/** One run of a script, as facts by keys that are the same in every run of it. */
export interface Observation {
  readonly facts: ReadonlyMap<string, Fact>;
  /** Commands that were called, by whatever statement. */
  readonly commands: ReadonlySet<string>;
  readonly tokens: readonly Uint8Array[];
}

/** What a token says, by places; taken from whoever reads tokens. */
export type ReadClaims = (token: Uint8Array) => ReadonlyMap<string, string>;

const NO_EXPECTATION = { expectations: [] } as const;

/** The statement alone: what it should come to is not asked. */
const withoutExpectations = (statement: Statement): Statement =>
  statement.act.act === 'for'
    ? { ...statement, ...NO_EXPECTATION, act: { ...statement.act, body: withoutExpectations(statement.act.body) } }
    : { ...statement, ...NO_EXPECTATION };

const flat = (name: string, cell: Cell): readonly (readonly [string, string])[] => {
  if (Array.isArray(cell)) return (cell as readonly Cell[]).flatMap((each, i) => flat(`${name}[${i}]`, each));
  if (typeof cell === 'object' && !(cell instanceof Uint8Array)) {
    const members = Object.entries(cell as CellRecord);
    return members.flatMap(([member, each]) => flat(name === '' ? member : `${name}.${member}`, each));
  }
  return [[name, cellText(cell)]];
};

const outcomeFacts = ({ kind, text, failed, members, x }: Outcome): readonly (readonly [string, string])[] => [
  ['result', text.split(' {')[0] ?? text],
  ...(failed === undefined ? [] : [['condition', failed] as const]),
  ...flat('', members),
  // X0 of a call is its result.
  ...x.flatMap((register, n) => (n === 0 && kind !== 'entered' ? [] : [[`x${n}`, cellText(register)] as const])),
];

const show = (session: Session, statement: Statement, subject: Subject): Cell =>
  session.run({ ...statement, ...NO_EXPECTATION, bindings: [], act: { act: 'show', subject } }).shows;

const isRecord = (cell: Cell): cell is CellRecord =>
  typeof cell === 'object' && !Array.isArray(cell) && !(cell instanceof Uint8Array);

/** What an expectation looks at, whatever it expects. */
const lookedAt = (session: Session, statement: Statement): readonly (readonly [string, string])[] => {
  const { act } = statement;
  const place = { line: statement.line, column: statement.column };
  switch (act.act) {
    case 'expect': {
      const found = show(session, statement, act.subject);
      if (!isRecord(found)) return [['object', cellText(found)]];
      if (act.checks.length === 0) return flat('', found);
      return act.checks.map((check) => [memberText(check.member), cellText(memberOf(found, [], check))]);
    }
    case 'expect-register': {
      const { platform, pe } = session;
      const running = platform?.rmm.state.running(pe);
      if (platform === undefined || running === undefined) throw impossible(place, `PE ${pe} is in no Realm`);
      const { gprs, pc } = platform.rmm.state.rec(running.rec);
      return [[memberText(act.check.member), cellText(memberOf({ pc }, gprs, act.check))]];
    }
    case 'expect-value': {
      const granules = (): never => {
        throw impossible(place, 'an expectation takes no granule');
      };
      const around = { names: session.names, constants: VOCABULARY_1_0.constants, granules };
      const [left, right] = [evaluate(act.left, around), evaluate(act.right, around)];
      // Bytes were seen where they were read.
      if (left instanceof Uint8Array && right instanceof Uint8Array) {
        return [['both sides', equalBytes(left, right) ? 'the same bytes' : 'other bytes']];
      }
      return [
        ['left', cellText(left)],
        ['right', cellText(right)],
      ];
    }
    default:
      return [];
  }
};

const EXPECTS: ReadonlySet<Act['act']> = new Set(['expect', 'expect-register', 'expect-value']);

interface Seen {
  readonly told: readonly (readonly [string, string])[];
  readonly outcome?: Outcome | undefined;
}

const factsOf = (session: Session, statement: Statement): Seen => {
  try {
    if (EXPECTS.has(statement.act.act)) return { told: lookedAt(session, statement) };
    const { outcome, shows } = session.run(withoutExpectations(statement));
    if (outcome !== undefined) return { told: outcomeFacts(outcome), outcome };
    return { told: shows === undefined ? [] : flat('', shows) };
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    return { told: [['result', `cannot be done: ${error.message}`]] };
  }
};

/** The pieces of tokens that Realms have received, by PE, until each is whole. */
class Received {
  readonly whole: Uint8Array[] = [];
  readonly #pieces = new Map<number, Uint8Array>();

  /** Where a CONTINUE that is about to be made puts what it delivers. */
  static target(session: Session, statement: Statement): bigint | undefined {
    const { act } = statement;
    if (act.act !== 'call' || act.command.name !== CONTINUE) return undefined;
    try {
      const { x } = session.prepare(statement);
      return (x[1] ?? 0n) + (x[2] ?? 0n);
    } catch (error) {
      if (error instanceof ScriptError) return undefined;
      throw error;
    }
  }

  /** Reads what it has delivered, as the Realm would. */
  read(session: Session, at: bigint, { status, members }: Outcome): void {
    const length = members['len'];
    if (typeof length !== 'bigint' || (status?.name !== 'SUCCESS' && status?.name !== 'INCOMPLETE')) return;
    const [load] = parseScript(`load bytes[${length}] at ${at}`).statements;
    const piece = load && session.run(load).outcome?.value;
    const before = this.#pieces.get(session.pe) ?? new Uint8Array();
    const joined = piece instanceof Uint8Array ? Uint8Array.of(...before, ...piece) : before;
    if (status.name === 'INCOMPLETE') this.#pieces.set(session.pe, joined);
    else {
      this.#pieces.delete(session.pe);
      this.whole.push(joined);
    }
  }
}
const CONTINUE = 'RSI_ATTESTATION_TOKEN_CONTINUE';

const MEASUREMENTS = ['RIM', 'REM 1', 'REM 2', 'REM 3', 'REM 4'] as const;

/** What Realms have measured when the script is over, and what a token of theirs would say. */
const atTheEnd = (
  { platform }: Session,
  at: number,
  crypto: PlatformOptions['crypto'],
  read: ReadClaims,
): readonly (readonly [string, Fact])[] => {
  if (platform === undefined) return [];
  const { attestation, dialect } = platform.rmm.state;
  const facts: [string, Fact][] = [];
  const tell = (kind: Fact['kind'], what: string, text: string): void => {
    facts.push([`end ${what}`, { at, statement: undefined, kind, what, text }]);
  };
  let nth = 0;
  for (const [, realm] of platform.rmm.state.realms()) {
    nth += 1;
    const name = `Realm ${nth}`;
    tell('measurement', `state of ${name}`, realm.state);
    for (const [i, what] of MEASUREMENTS.entries()) {
      tell('measurement', `${what} of ${name}`, toHex(realm.measurements[i] ?? new Uint8Array()));
    }
    if (attestation === undefined) continue;
    const claims = realmClaims(crypto, dialect, attestation, realm, new Uint8Array(64));
    for (const [place, text] of read(claims)) tell('claim', `${place.replace(/^token/, 'realm')} of ${name}`, text);
  }
  for (const [place, text] of attestation === undefined ? [] : read(attestation.platformToken)) {
    tell('claim', place, text);
  }
  return facts;
};

/**
 * Runs a script, whatever it expects, and keeps all that can be seen of the run. What cannot be done is a fact, too, and
 * the script goes on after it.
 */
export const observe = (script: Script, base: PlatformOptions, read: ReadClaims): Observation => {
  const commands = new Set<string>();
  const seen = (event: TraceEvent): void => {
    if (event.type === 'command.enter') commands.add(event.command);
  };
  const { trace } = base;
  const session = createSession({
    base: { ...base, trace: trace === undefined ? seen : allOf(trace, seen), onViolation: () => undefined },
    personality: SPEC,
  });
  const facts = new Map<string, Fact>();
  const received = new Received();
  for (const [index, statement] of script.statements.entries()) {
    // Whose RMM it is, the stack says; its switches have been taken into it.
    if (statement.act.act === 'personality' || statement.act.act === 'switch') continue;
    const target = Received.target(session, statement);
    const { told, outcome } = factsOf(session, statement);
    for (const [what, text] of told)
      facts.set(`${index} ${what}`, { at: index, statement, kind: 'answer', what, text });
    if (target === undefined || outcome === undefined) continue;
    const before = received.whole.length;
    received.read(session, target, outcome);
    for (const token of received.whole.slice(before)) {
      for (const [what, text] of read(token)) {
        facts.set(`${index} token ${what}`, { at: index, statement, kind: 'claim', what, text });
      }
    }
  }
  for (const [key, fact] of atTheEnd(session, script.statements.length, base.crypto, read)) facts.set(key, fact);
  return { facts, commands, tokens: received.whole };
};
