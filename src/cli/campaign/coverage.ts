/** What a campaign has met: by kind, then by what it was, how often. */
export type Coverage = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Something that was met once: its kind, and what it was. */
export type Met = readonly [kind: string, what: string];

export interface CoverageCounter {
  add(met: readonly Met[]): void;
  /** By name, so that the same campaign says the same. */
  readonly sum: Coverage;
}

const sorted = <T>(entries: Iterable<readonly [string, T]>): Record<string, T> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

export const createCoverage = (before: Coverage = {}): CoverageCounter => {
  const kinds = new Map(Object.entries(before).map(([kind, counts]) => [kind, new Map(Object.entries(counts))]));
  return {
    add(met) {
      for (const [kind, what] of met) {
        const counts = kinds.get(kind) ?? new Map<string, number>();
        counts.set(what, (counts.get(what) ?? 0) + 1);
        kinds.set(kind, counts);
      }
    },
    get sum() {
      return sorted([...kinds].map(([kind, counts]) => [kind, sorted(counts)] as const));
    },
  };
};
