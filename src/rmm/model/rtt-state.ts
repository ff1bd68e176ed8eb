import type { Ripas } from '../../abi/index.ts';
import { type StateMachine, stateMachine } from '../../spec/index.ts';
import type { RtteState } from './rtt.ts';

type EntryEvent =
  | 'DATA_CREATE'
  | 'DATA_CREATE_UNKNOWN'
  | 'DATA_DESTROY'
  | 'RTT_MAP_UNPROTECTED'
  | 'RTT_UNMAP_UNPROTECTED'
  | 'RTT_CREATE'
  | 'RTT_DESTROY'
  | 'RTT_DESTROY (Unprotected)'
  | `RTT_FOLD (${Exclude<RtteState, 'TABLE'>})`;

/** HIPAS, and what stands for a table: the life of an RTT entry. What it folds into is what its table held. */
export const rtteState: StateMachine<RtteState, EntryEvent> = stateMachine<RtteState, EntryEvent>(
  'RmmRttEntryState',
  'RMM 1.0 A5.3, A5.5',
  {
    UNASSIGNED: { DATA_CREATE: 'ASSIGNED', DATA_CREATE_UNKNOWN: 'ASSIGNED', RTT_CREATE: 'TABLE' },
    ASSIGNED: { DATA_DESTROY: 'UNASSIGNED', RTT_CREATE: 'TABLE' },
    UNASSIGNED_NS: { RTT_MAP_UNPROTECTED: 'ASSIGNED_NS', RTT_CREATE: 'TABLE' },
    ASSIGNED_NS: { RTT_UNMAP_UNPROTECTED: 'UNASSIGNED_NS', RTT_CREATE: 'TABLE' },
    TABLE: {
      RTT_DESTROY: 'UNASSIGNED',
      'RTT_DESTROY (Unprotected)': 'UNASSIGNED_NS',
      'RTT_FOLD (UNASSIGNED)': 'UNASSIGNED',
      'RTT_FOLD (ASSIGNED)': 'ASSIGNED',
      'RTT_FOLD (UNASSIGNED_NS)': 'UNASSIGNED_NS',
      'RTT_FOLD (ASSIGNED_NS)': 'ASSIGNED_NS',
    },
  },
);

type RipasEvent =
  | 'RTT_INIT_RIPAS'
  | 'DATA_CREATE'
  | 'DATA_DESTROY'
  | 'RTT_DESTROY'
  | 'RTT_SET_RIPAS (EMPTY)'
  | 'RTT_SET_RIPAS (RAM)';

/** What a Realm believes of a Protected IPA. Only the Realm leads out of DESTROYED, once it is active. */
export const ripasState: StateMachine<Ripas, RipasEvent> = stateMachine<Ripas, RipasEvent>(
  'RmmRipas',
  'RMM 1.0 A5.2.2',
  {
    EMPTY: { RTT_INIT_RIPAS: 'RAM', DATA_CREATE: 'RAM', 'RTT_SET_RIPAS (RAM)': 'RAM', RTT_DESTROY: 'DESTROYED' },
    RAM: { 'RTT_SET_RIPAS (EMPTY)': 'EMPTY', DATA_DESTROY: 'DESTROYED', RTT_DESTROY: 'DESTROYED' },
    DESTROYED: {
      RTT_INIT_RIPAS: 'RAM',
      DATA_CREATE: 'RAM',
      'RTT_SET_RIPAS (RAM)': 'RAM',
      'RTT_SET_RIPAS (EMPTY)': 'EMPTY',
    },
  },
);
