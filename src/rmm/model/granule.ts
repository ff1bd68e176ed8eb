import { type StateMachine, stateMachine } from '../../spec/index.ts';

/** RmmGranuleState (RMM 1.0 A2.2.2). */
export type GranuleState = 'UNDELEGATED' | 'DELEGATED' | 'RD' | 'REC' | 'REC_AUX' | 'DATA' | 'RTT';

type GranuleEvent =
  | 'GRANULE_DELEGATE'
  | 'GRANULE_UNDELEGATE'
  | 'REALM_CREATE (rd)'
  | 'REALM_CREATE (rtt)'
  | 'REALM_DESTROY'
  | 'REC_CREATE (rec)'
  | 'REC_CREATE (aux)'
  | 'REC_DESTROY'
  | 'DATA_CREATE'
  | 'DATA_DESTROY'
  | 'RTT_CREATE'
  | 'RTT_DESTROY'
  | 'RTT_FOLD';

/** The life of a granule. RTT_FOLD is missing from the table of A2.2.3 and present in its own definition, B4.3.17. */
export const granuleState: StateMachine<GranuleState, GranuleEvent> = stateMachine<GranuleState, GranuleEvent>(
  'RmmGranuleState',
  'RMM 1.0 A2.2.3',
  {
    UNDELEGATED: { GRANULE_DELEGATE: 'DELEGATED' },
    DELEGATED: {
      GRANULE_UNDELEGATE: 'UNDELEGATED',
      'REALM_CREATE (rd)': 'RD',
      'REALM_CREATE (rtt)': 'RTT',
      'REC_CREATE (rec)': 'REC',
      'REC_CREATE (aux)': 'REC_AUX',
      DATA_CREATE: 'DATA',
      RTT_CREATE: 'RTT',
    },
    RD: { REALM_DESTROY: 'DELEGATED' },
    REC: { REC_DESTROY: 'DELEGATED' },
    REC_AUX: { REC_DESTROY: 'DELEGATED' },
    DATA: { DATA_DESTROY: 'DELEGATED' },
    RTT: { REALM_DESTROY: 'DELEGATED', RTT_DESTROY: 'DELEGATED', RTT_FOLD: 'DELEGATED' },
  },
);
