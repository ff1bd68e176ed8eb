import type { StateMachine } from '../../spec/index.ts';
import { attestState } from './attestation.ts';
import { granuleState } from './granule.ts';
import { realmState } from './realm.ts';
import { recState, runnableState } from './rec-state.ts';
import { ripasState, rtteState } from './rtt-state.ts';

/** The lives of the objects of the RMM, as the tables that its mutators ask. */
export const STATE_MACHINES: readonly StateMachine<string, string>[] = [
  granuleState,
  realmState,
  recState,
  runnableState,
  rtteState,
  ripasState,
  attestState,
] as readonly unknown[] as readonly StateMachine<string, string>[];
