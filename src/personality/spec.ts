import type { Personality } from './personality.ts';

/** The specification as the emulator reads it (docs/decisions/0006-readings.md): the published orders, and no deviation. */
export const SPEC: Personality = {
  id: 'spec',
  title: 'DEN0137 1.0-rel0',
  evidence: [],
  impDef: {},
  orders: {},
  deviations: [],
};
