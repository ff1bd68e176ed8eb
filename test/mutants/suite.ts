import {
  encodePsciStatus,
  encodeRmiResult,
  encodeRsiStatus,
  type PsciStatus,
  type RmiResult,
  type RsiStatus,
} from '../../src/abi/index.ts';
import type { Platform } from '../../src/platform/index.ts';
import { realmCall } from '../../src/rmm/realm/call.ts';
import { type Command, frameOf, prepare } from '../../src/spec/index.ts';
import type { Conformance, RowCase } from '../conformance/language/conformance.ts';
import type { Driver, Inside, StartDriver } from '../conformance/language/driver.ts';
import { psciRows } from '../conformance/psci/index.ts';
import { rmiRows } from '../conformance/rmi/index.ts';
import { rsiRows } from '../conformance/rsi/index.ts';
import { quickMachine } from '../properties/machines.ts';
import { EDGE_CHECKS } from '../properties/places.ts';
import { createScene, type Scene, sharesOf } from '../properties/scenes.ts';
import { compareTwins } from '../properties/second/compare.ts';
import { TWIN_MACHINE } from '../properties/second/twin.ts';
import { runSequence } from '../properties/sequence.ts';
import { mutantsOf } from './commands.ts';
import { crossingMutants } from './crossing.ts';
import type { Mutant } from './mutant.ts';
import { observeBehaviour } from './observe.ts';
import { spoil } from './spoil.ts';
import { COMMANDS, changedCommand, createWorkbench, starter } from './workbench.ts';

/** How far a suite looks before it gives up. */
export interface Bounds {
  /** Random sequences from each scene, and lives of a Realm beside the second account. */
  readonly sequences: number;
  readonly lives: number;
}

export const BOUNDS: Bounds = { sequences: 12, lives: 12 };
const LENGTH = 200;

/** A suite that is fast enough to be run against every mutant. */
export interface Suite {
  readonly mutants: readonly Mutant[];
  /** @returns what noticed the mutant, or undefined when it lives. */
  killer(mutant: Mutant, bounds?: Bounds): string | undefined;
}

const TABLES: readonly Conformance[] = [...rmiRows, ...rsiRows, ...psciRows];

export const createSuite = (): Suite => {
  const bench = createWorkbench();
  const start = starter(bench, {});
  // A row that does not hold of the sound monitor says nothing of a mutant.
  const sound = new Set(TABLES.flatMap(({ rows }) => rows).filter((row) => fails(() => row.run(start)) === undefined));
  const tables = TABLES.map(({ command, rows }) => ({ command, rows: rows.filter((row) => sound.has(row)) }));
  const behaviours = new Map(tables.map((table) => [table.command.name, observeBehaviour(bench, table)]));

  const scenes: Scene[] = sharesOf(1).map(({ name }) => createScene(name, { commands: bench.commands }));
  const edges = EDGE_CHECKS.map((check) => ({
    ...check,
    platform: quickMachine({ machine: check.machine, commands: bench.commands }),
  }));
  const twin = quickMachine({ machine: TWIN_MACHINE, commands: bench.commands });

  /** Rows that are likely to notice first: those about the condition, then those of the command, then all others. */
  const rowsFor = ({ command, condition }: Mutant): readonly RowCase[] => {
    const rows = tables.flatMap((table) => table.rows);
    const rank = (row: RowCase): number => {
      if (row.command !== command) return 2;
      return condition === undefined || row.condition === condition ? 0 : 1;
    };
    return [0, 1, 2].flatMap((wanted) => rows.filter((row) => rank(row) === wanted));
  };

  const byRows = (mutant: Mutant): string | undefined => {
    const starts = starter(bench, mutant);
    const isAbout = (row: RowCase): boolean => row.command === mutant.command || mutant.command === undefined;
    const rows = rowsFor(mutant);
    const own = rows.find((row) => isAbout(row) && fails(() => row.run(starts)) !== undefined);
    return own?.id;
  };
  const byOtherRows = (mutant: Mutant): string | undefined => {
    const starts = starter(bench, mutant);
    return rowsFor(mutant).find((row) => row.command !== mutant.command && fails(() => row.run(starts)) !== undefined)
      ?.id;
  };

  const byEdges = ({ alter }: Mutant): string | undefined =>
    edges.find(({ platform, run }) => {
      const machine = platform.fork();
      alter?.(machine);
      return fails(() => run(machine)) !== undefined;
    })?.title;

  const bySequences = ({ alter }: Mutant, { sequences, lives }: Bounds): string | undefined => {
    for (const scene of scenes) {
      for (let seed = 0; seed < sequences; seed += 1) {
        const { failure } = runSequence(scene, seed, LENGTH, { alter });
        if (failure !== undefined) return `a random sequence: ${failure.law}`;
      }
    }
    for (let seed = 0; seed < lives; seed += 1) {
      const platform = twin.fork();
      alter?.(platform);
      const difference = fails(() => compareTwins(platform, seed));
      if (difference !== undefined) return `the second account: ${difference}`;
    }
    return undefined;
  };

  /** For a command without one of its edges: whether it answers what the edge does not permit. */
  const byOrder = (mutant: Mutant): string | undefined => {
    const command = COMMANDS.find(({ name }) => name === mutant.command);
    if (command === undefined) return undefined;
    const [left] = mutant.edge ?? [''];
    for (const spoiled of [undefined, left]) {
      const starts = judging(starter(bench, mutant), command, spoiled);
      for (const row of rowsFor(mutant)) {
        if (row.command !== mutant.command) continue;
        const found = fails(() => row.run(starts));
        if (found?.startsWith(UNORDERED) === true) return `${row.id}: ${found}`;
      }
    }
    return undefined;
  };

  return {
    mutants: [
      ...tables.flatMap(({ command }) => mutantsOf(command, behaviours.get(command.name)!)),
      ...crossingMutants(),
    ],
    killer: (mutant, bounds = BOUNDS) =>
      bench.with(changedCommand(mutant), () =>
        mutant.edge === undefined
          ? (byRows(mutant) ?? byEdges(mutant) ?? bySequences(mutant, bounds) ?? byOtherRows(mutant))
          : (byOrder(mutant) ?? byEdges(mutant)),
      ),
  };
};

/** The message with which something fails, or undefined when it does not. */
const fails = (run: () => void): string | undefined => {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

const UNORDERED = 'out of order: ';

/**
 * A driver that holds every call of one command against what its partial order permits. With `spoiled`, each call is
 * changed so that this condition holds too, besides those that the row is about.
 */
const judging =
  (start: StartDriver, command: Command, spoiled: string | undefined): StartDriver =>
  (setup) => {
    const driver = start(setup);
    const platform = driver.inside?.platform;
    if (platform === undefined) return driver;
    // A row looks at which conditions hold just before the call that it is about.
    let isNext = false;
    const inside = {
      ...driver.inside,
      holding: (...args: Parameters<Inside['holding']>) => {
        isNext = true;
        return driver.inside?.holding(...args) ?? new Set<string>();
      },
    } as Inside;
    const judged = <T extends { readonly kind: string; readonly x?: readonly bigint[] }>(
      given: readonly bigint[],
      pe: number,
      act: (x: readonly bigint[]) => T,
    ): T => {
      if (given[0] !== BigInt(command.fid)) return act(given);
      const x = spoiled !== undefined && isNext ? spoil(driver, command, spoiled, given) : given;
      isNext = false;
      const permitted = permittedCodes(platform, command, x, pe);
      let reply: T;
      try {
        reply = act(x);
      } catch (error) {
        throw new Error(`${UNORDERED}${error}`);
      }
      const [code] = reply.x ?? [];
      if (permitted.size > 0 && (code === undefined || !permitted.has(code))) {
        throw new Error(`${UNORDERED}X0 is ${code}, and may be ${[...permitted].join(' or ')}`);
      }
      return reply;
    };
    return {
      ...driver,
      inside,
      smc: (x, pe = 0) => judged(x, pe, (given) => driver.smc(given, pe)),
      realmSmc: (x, pe = 0) => judged(x, pe, (given) => driver.realmSmc(given, pe)),
    } satisfies Driver;
  };

/** Codes of the conditions that hold, but for those that another one of them is ordered before. */
const permittedCodes = (
  platform: Platform,
  command: Command,
  x: readonly bigint[],
  pe: number,
): ReadonlySet<bigint> => {
  const { state } = platform.rmm;
  const rec = state.running(pe)?.rec;
  const monitor = command.name.startsWith('RMI_') || rec === undefined ? state : realmCall(state, rec, () => undefined);
  const frame = frameOf(prepare(command), x, monitor);
  const holding = Object.keys(command.failures).filter((id) => {
    try {
      return (command.failures[id]!.pre as (x: object) => boolean)(frame);
    } catch {
      // It reads what another condition makes sure of, so that one holds.
      return false;
    }
  });
  const edges = [...command.order, ...(command.wellFormed ?? [])];
  const isLate = (id: string): boolean =>
    edges.some(([lefts, rights]) => rights.includes(id) && lefts.some((left) => holding.includes(left)));
  return new Set(holding.filter((id) => !isLate(id)).map((id) => codeOf(command, id, frame)));
};

const codeOf = (command: Command, id: string, frame: object): bigint => {
  const post = command.failures[id]?.post as unknown;
  const given = typeof post === 'function' ? (post as (x: object) => unknown)(frame) : post;
  const result = typeof given === 'object' && given !== null && 'result' in given ? given.result : given;
  if (typeof result !== 'string') return encodeRmiResult(result as RmiResult);
  return result.startsWith('RSI_') ? encodeRsiStatus(result as RsiStatus) : encodePsciStatus(result as PsciStatus);
};
