import { readFileSync } from 'node:fs';
import { encodeRmiResult, type RmiStatus } from '../../../src/abi/index.ts';

/** A row of Arm's compliance suite: which condition it is filed under, and the code that it expects. */
export interface SuiteRow {
  readonly id: string;
  readonly command: string;
  /** The condition of the specification; the first of two, where the row is about their order. */
  readonly condition: string;
  readonly second: string | undefined;
  readonly x0: bigint;
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8'));

/** Names that the suite alone uses, and those of the specification. */
const OWN_NAMES: Readonly<Record<string, string>> = {
  realm_state_null: 'rd_state',
  rec_giv3: 'rec_gicv3',
  rtte_homo: 'rtt_homo',
  'calling state': 'calling_state',
  'target state': 'target_state',
};

type Columns = readonly [command: string, condition: string, label: string, status: RmiStatus, index: number];

export const SUITE_ROWS: readonly SuiteRow[] = (read('acs-command-rows') as { rows: readonly Columns[] }).rows.map(
  ([command, named, label, status, index]) => {
    const [condition = '', second] = (OWN_NAMES[named] ?? named).split('_compare_');
    return { id: `${command}.${label}`, command, condition, second, x0: encodeRmiResult({ status, index }) };
  },
);

export const SUITE_IDS: ReadonlySet<string> = new Set(SUITE_ROWS.map(({ id }) => id));

/** The scenarios that the sheets ask for, by what they are about. */
export const SUITE_SCENARIOS = (
  read('conformance-scenarios') as { scenarios: Readonly<Record<string, readonly string[]>> }
).scenarios;
