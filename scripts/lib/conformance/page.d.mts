/** What one test of the conformance suite is about, and what came of it. */
export interface Result {
  /** The command, or what a group of scenarios is about. */
  readonly group: string;
  /** The section that it is held against: `RMM 1.0 B4.3.8`. */
  readonly spec: string;
  readonly id: string;
  readonly kind: 'succeeds' | 'fails' | 'wins' | 'passes' | 'also' | 'scenario';
  /** The condition that a row is about. */
  readonly condition?: string | undefined;
  readonly label: string;
  readonly passed: boolean;
}

/** A table of test/known-gaps.md, by the heading above it. */
export type Tables = Readonly<Record<string, readonly (readonly string[])[]>>;

export declare const tablesOf: (markdown: string) => Tables;

/**
 * docs/conformance.md.
 *
 * @param gaps  the text of test/known-gaps.md
 */
export declare const conformancePage: (
  results: readonly Result[],
  gaps: string,
  suite: { readonly rows: readonly string[]; readonly scenarios: readonly string[] },
) => string;
