import type { Scenario } from '../language/scenario.ts';
import { ATTESTATION } from './attestation.ts';
import { ADDED, POSITIVE, TOPS, VERSIONS } from './commands.ts';
import { ABORTS, EXITS, WAITS } from './exits.ts';
import { DEVICES } from './gic.ts';
import { ACCESSES, LEVEL_MINUS_1, RIPAS_CHANGES, START_LEVELS, TABLES } from './memory.ts';

import { PSCI } from './psci.ts';
import { RSI } from './rsi.ts';

/** Scenarios by what they are about. */
export const SCENARIOS: Readonly<Record<string, readonly Scenario[]>> = {
  'versions and features': VERSIONS,
  'effects that the compliance suite looks at': POSITIVE,
  'where a search for live entries ends': TOPS,
  'rows beside the compliance suite': ADDED,
  waits: WAITS,
  exits: EXITS,
  'data aborts': ABORTS,
  'accesses of a Realm': ACCESSES,
  'RIPAS changes': RIPAS_CHANGES,
  'folding and unfolding': TABLES,
  'starting levels': START_LEVELS,
  'starting level -1': LEVEL_MINUS_1,
  'interrupt controller, timers, PMU': DEVICES,
  'RSI commands': RSI,
  'PSCI commands': PSCI,
  attestation: ATTESTATION,
};
