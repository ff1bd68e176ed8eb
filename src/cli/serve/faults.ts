import type { Fault, FaultCounts, FaultPlan } from '../../fault/index.ts';

/** Which faults of a plan have acted, over all runs of it. */
export interface FaultTally {
  /** A run is over, or has come this far. */
  add(counts: FaultCounts | undefined): void;
  readonly fired: number;
  /** Faults that had to act and did not. */
  missing(): readonly Fault[];
}

export const tallyFaults = ({ faults }: FaultPlan): FaultTally => {
  const fired = new Set<number>();
  return {
    add(counts) {
      for (const place of counts?.fired.keys() ?? []) fired.add(place);
    },
    get fired() {
      return fired.size;
    },
    missing: () => faults.filter(({ requireFired }, place) => requireFired && !fired.has(place)),
  };
};
