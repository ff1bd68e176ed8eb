import type { Interrupt } from '../rmm/index.ts';

interface Pending {
  readonly kind: Interrupt;
  /** How many looks at ISR_EL1 it takes until it shows. */
  readonly polls: number;
}

/** The interrupt lines of the PEs: what is pending, and from which look on. */
export interface Interrupts {
  raise(pe: number, kind: Interrupt, polls: number): void;
  /** What interrupts the next instruction. */
  taken(pe: number): Interrupt | undefined;
  /** ISR_EL1, as a long-running command reads it. */
  poll(pe: number): Interrupt | undefined;
  /** The Host handled it. */
  clear(pe: number): void;
  fork(): Interrupts;
}

export const createInterrupts = (lines: ReadonlyMap<number, Pending> = new Map()): Interrupts => {
  const pending = new Map(lines);
  return {
    raise: (pe, kind, polls) => {
      pending.set(pe, { kind, polls });
    },
    taken: (pe) => {
      const line = pending.get(pe);
      return line?.polls === 0 ? line.kind : undefined;
    },
    poll: (pe) => {
      const line = pending.get(pe);
      if (line === undefined) return undefined;
      const polls = Math.max(0, line.polls - 1);
      pending.set(pe, { kind: line.kind, polls });
      return polls === 0 ? line.kind : undefined;
    },
    clear: (pe) => {
      pending.delete(pe);
    },
    fork: () => createInterrupts(pending),
  };
};
