import { type CommandSet, RMM_1_0 } from '../../src/rmm/index.ts';
import { type Command, reordered } from '../../src/spec/index.ts';
import type { Setup, StartDriver } from '../conformance/language/driver.ts';
import { inProcess } from '../conformance/language/in-process.ts';
import type { Mutant } from './mutant.ts';

export const COMMANDS: readonly Command[] = [...RMM_1_0.rmi, ...RMM_1_0.rsi, ...RMM_1_0.psci];

/** A set of commands in which one can be exchanged: machines are booted once, and what is forked has the one of now. */
export interface Workbench {
  readonly commands: CommandSet;
  /** Runs something while a command is another one. */
  with<T>(changed: Command | undefined, run: () => T): T;
}

export const createWorkbench = (): Workbench => {
  let current: Command | undefined;
  const exchanged = <R>(commands: readonly Command<R>[]): readonly Command<R>[] =>
    current === undefined
      ? commands
      : commands.map((command) => (command.name === current?.name ? (current as Command<R>) : command));
  const commands: CommandSet = {
    revision: RMM_1_0.revision,
    get rmi() {
      return exchanged(RMM_1_0.rmi);
    },
    get rsi() {
      return exchanged(RMM_1_0.rsi);
    },
    get psci() {
      return exchanged(RMM_1_0.psci);
    },
  };
  return {
    commands,
    with(changed, run) {
      current = changed;
      try {
        return run();
      } finally {
        current = undefined;
      }
    },
  };
};

/** The command as a mutant has it, or undefined when its commands are sound. */
export const changedCommand = ({ command, change }: Mutant): Command | undefined => {
  const sound = COMMANDS.find(({ name }) => name === command);
  return sound === undefined || change === undefined ? undefined : change(sound);
};

/** Starts machines of the workbench for conformance rows. Rows that bring commands of their own keep them. */
export const starter =
  ({ commands }: Workbench, { alter }: Pick<Mutant, 'alter'>): StartDriver =>
  (setup: Setup) => {
    const driver = inProcess({ commands, ...setup });
    if (driver.inside !== undefined) alter?.(driver.inside.platform);
    return driver;
  };

/** A total order of the conditions in which `right` comes as early, and `left` as late, as the other edges let them. */
export const misordered = (command: Command, left: string, right: string): Command | undefined => {
  const ids = Object.keys(command.failures);
  const edges = [...command.order, ...(command.wellFormed ?? [])].flatMap(([ls, rs]) =>
    ls.flatMap((l) => rs.map((r) => [l, r] as const)),
  );
  const kept = edges.filter(([l, r]) => l !== left || r !== right);
  const before = (id: string): string[] => kept.filter(([, r]) => r === id).map(([l]) => l);
  const first: string[] = [];
  const take = (id: string): void => {
    if (first.includes(id)) return;
    for (const earlier of before(id)) take(earlier);
    first.push(id);
  };
  take(right);
  // Other edges may say the same: then the one that is gone makes no difference.
  if (first.includes(left)) return undefined;
  for (const id of ids) if (id !== left && !needs(left, id, before)) take(id);
  return reordered(command, [...first, left]);
};

const needs = (left: string, id: string, before: (id: string) => string[]): boolean =>
  before(id).some((earlier) => earlier === left || needs(left, earlier, before));
