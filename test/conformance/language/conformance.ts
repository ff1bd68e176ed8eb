import type { RmiRecExit, RmiResult } from '../../../src/abi/index.ts';
import type { Command, Regs, Values } from '../../../src/spec/index.ts';
import type { Registers } from '../../../src/trace/index.ts';
import { check } from './check.ts';
import type { Setup, StartDriver } from './driver.ts';
import { SUITE_IDS } from './suite.ts';
import { World } from './world.ts';

/** The parts of a command that rows are typed by: its registers and the identifiers of its conditions. */
interface Described<I extends Regs, O extends Regs, F extends string, S extends string> {
  readonly name: string;
  readonly inputs: I;
  readonly outputs: O;
  readonly failures: { readonly [K in F]: unknown };
  readonly success: { readonly [K in S]: unknown };
}

/** A status of the command's interface, by name; RMI ones may carry an index. */
export type Result = RmiResult | string;

/** What came of the command under test, besides what every row is held against. */
export interface Outcome<O extends Regs> {
  /** Result registers: of the command, or of the RMI_REC_ENTER that it ended. */
  readonly x: Registers;
  readonly out: Values<O>;
  readonly world: World;
}

/** What a row expects beyond the identifier under which it stands. */
export interface Expected<O extends Regs> {
  /** Where the condition does not decide it: an index, or an answer other than success. */
  readonly result?: Result;
  readonly out?: Partial<Values<O>>;
  /** The condition that reports it, where that one holds as well and no published order decides between the two. */
  readonly by?: string;
  /** The command leaves the Realm: all of the exit but the device members, which are not zero by themselves. */
  readonly exit?: Partial<RmiRecExit>;
  /** What else can be seen afterwards, through other commands. Throws when it is not there. */
  readonly sees?: (outcome: Outcome<O>) => void;
}

const CASE: unique symbol = Symbol('case');

/** Inputs, with what they lead to. */
export type Case<I, O extends Regs> = Expected<O> & { readonly inputs: I; readonly [CASE]: true };

/** The inputs that differ from the given ones, and what comes of it where the identifier does not say it all. */
export const when = <I extends object, O extends Regs>(inputs: I, expected: Expected<O>): Case<I, O> => ({
  inputs,
  ...expected,
  [CASE]: true,
});

/** A row: from what is given, the inputs that differ. */
export type RowOf<I extends Regs, O extends Regs, G> = ((
  given: G,
  world: World,
) => Partial<Values<I>> | Case<Partial<Values<I>>, O>) & { readonly on?: Setup };

/** Rows by their labels: those of Arm's compliance suite, where a row is one of its rows. */
export type Rows<I extends Regs, O extends Regs, G> = Readonly<Record<string, RowOf<I, O, G>>>;

/** A row that needs a machine of its own. */
export const on = <A, B, R>(
  setup: Setup,
  row: (given: A, world: B) => R,
): ((given: A, world: B) => R) & { readonly on: Setup } =>
  Object.assign((given: A, world: B) => row(given, world), { on: setup });

/** The rows of one command. */
export interface Table<I extends Regs, O extends Regs, F extends string, S extends string, G extends Values<I>> {
  /** Everything that a valid call needs. For a command of a Realm, that Realm runs on PE 0 then. */
  readonly given: (world: World) => G;
  readonly on?: Setup;
  /** Where a valid call leaves the Realm: the exit, unless a row says otherwise. */
  readonly exit?: Partial<RmiRecExit>;
  /** One invalid call at least for each failure condition. */
  readonly fails: { readonly [K in F]: Rows<I, O, G> };
  /** Two conditions hold, and the first is reported. */
  readonly wins?: Readonly<Record<string, readonly [first: F, second: F, row: RowOf<I, O, G>]>>;
  /** Valid calls at the edge of a condition. */
  readonly passes?: { readonly [K in F]?: Rows<I, O, G> };
  /** For each success condition, what can be seen of it from outside. */
  readonly succeeds: { readonly [K in S]: Rows<I, O, G> };
  /** Outcomes that no condition names. */
  readonly also?: Rows<I, O, G>;
}

/** How a row is to be judged. */
export type Kind = 'succeeds' | 'fails' | 'wins' | 'passes' | 'also';

/** One row, ready to run against any driver. */
export interface RowCase {
  readonly command: string;
  readonly kind: Kind;
  /** The condition that it is about. */
  readonly condition: string | undefined;
  readonly label: string;
  /** `RMI_DATA_CREATE.SRC_UNALIGNED`: unique. */
  readonly id: string;
  /** The row as a sentence. */
  readonly title: string;
  /** Throws when the RMM does not do what the row says. @returns X0 of the command; undefined where it left or entered. */
  run(start: StartDriver): bigint | undefined;
}

export interface Conformance {
  readonly command: Command;
  readonly rows: readonly RowCase[];
}

/**
 * The rows of a command. A condition without a row does not compile, nor does a row for no condition.
 */
export const conformance = <
  I extends Regs,
  O extends Regs,
  F extends string,
  S extends string,
  G extends Values<NoInfer<I>>,
>(
  described: Described<I, O, F, S>,
  table: Table<NoInfer<I>, NoInfer<O>, NoInfer<F>, NoInfer<S>, G>,
): Conformance => {
  const command = described as unknown as Command;
  const { given, fails, wins = {}, passes = {}, succeeds, also = {}, on: setup, exit } = table as unknown as Untyped;
  const rows: RowCase[] = [];
  const add = (kind: Kind, condition: string | undefined, label: string, row: AnyRow, second?: string): void => {
    const suiteId = `${command.name}.${label}`;
    rows.push({
      command: command.name,
      kind,
      condition,
      label,
      id: SUITE_IDS.has(suiteId) ? suiteId : `${command.name} ${condition ?? kind}: ${label}`,
      title: titleOf(command, kind, condition, label, second),
      run(start) {
        const world = new World(start({ ...setup, ...row.on }));
        const valid = given(world);
        const made = row(valid, world);
        const { inputs, ...expected } = CASE in made ? (made as Case<object, Regs>) : when<object, Regs>(made, {});
        // What a row says of its answer replaces the exit that a valid call has.
        const leaves = exit === undefined || expected.result !== undefined ? {} : { exit };
        return check(
          command,
          world,
          { ...valid, ...inputs },
          { kind, condition, second, expected: { ...leaves, ...expected } },
        );
      },
    });
  };
  const addAll = (kind: Kind, byCondition: AnyRows): void => {
    for (const [condition, byLabel] of Object.entries(byCondition)) {
      for (const [label, row] of Object.entries(byLabel)) add(kind, condition, label, row);
    }
  };
  add('also', undefined, 'a valid call', () => ({}));
  addAll('fails', fails);
  for (const [label, [first, second, row]] of Object.entries(wins)) add('wins', first, label, row, second);
  addAll('passes', passes);
  addAll('succeeds', succeeds);
  for (const [label, row] of Object.entries(also)) add('also', undefined, label, row);
  return { command, rows };
};

type AnyRow = ((given: object, world: World) => object) & { readonly on?: Setup };
type AnyRows = Readonly<Record<string, Readonly<Record<string, AnyRow>>>>;

/** A table with its types forgotten: what the compiler had to say, it has said at the literal. */
interface Untyped {
  readonly given: (world: World) => object;
  readonly on?: Setup;
  readonly exit?: Partial<RmiRecExit>;
  readonly fails: AnyRows;
  readonly wins?: Readonly<Record<string, readonly [string, string, AnyRow]>>;
  readonly passes?: AnyRows;
  readonly succeeds: AnyRows;
  readonly also?: Readonly<Record<string, AnyRow>>;
}

const titleOf = (
  { failures }: Command,
  kind: Kind,
  condition: string | undefined,
  label: string,
  second: string | undefined,
): string => {
  switch (kind) {
    case 'fails':
      return `fails by ${condition}: ${failures[condition ?? '']?.says} (${label})`;
    case 'wins':
      return `reports ${condition} before ${second} (${label})`;
    case 'passes':
      return `is let through by ${condition}: ${label}`;
    case 'succeeds':
      return `makes ${condition} hold: ${label}`;
    case 'also':
      return `succeeds: ${label}`;
  }
};
