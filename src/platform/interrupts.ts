import type { PendingInterrupt } from '../rmm/index.ts';

interface Pending {
  readonly interrupt: PendingInterrupt;
  /** How many looks at ISR_EL1 it takes until it shows. */
  readonly polls: number;
}

/** The interrupt lines of the PEs: what is pending, and from which look on. */
export interface Interrupts {
  raise(pe: number, interrupt: PendingInterrupt, polls: number): void;
  /** What interrupts the next instruction. */
  taken(pe: number): PendingInterrupt | undefined;
  /** ISR_EL1, as a long-running command reads it. */
  poll(pe: number): PendingInterrupt | undefined;
  /** The Host has the PE and handles what shows. What shows only later stays for later. */
  clear(pe: number): void;
  fork(): Interrupts;
}

export const createInterrupts = (lines: ReadonlyMap<number, Pending> = new Map()): Interrupts => {
  const pending = new Map(lines);
  return {
    raise: (pe, interrupt, polls) => {
      pending.set(pe, { interrupt, polls });
    },
    taken: (pe) => {
      const line = pending.get(pe);
      return line?.polls === 0 ? line.interrupt : undefined;
    },
    poll: (pe) => {
      const line = pending.get(pe);
      if (line === undefined) return undefined;
      const polls = Math.max(0, line.polls - 1);
      pending.set(pe, { interrupt: line.interrupt, polls });
      return polls === 0 ? line.interrupt : undefined;
    },
    clear: (pe) => {
      if (pending.get(pe)?.polls === 0) pending.delete(pe);
    },
    fork: () => createInterrupts(pending),
  };
};
