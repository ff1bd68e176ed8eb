import { type StateMachine, stateMachine } from '../../spec/index.ts';

/** RmmRecState (RMM 1.0 A2.3.4). */
export type RecState = 'REC_READY' | 'REC_RUNNING';

export const recState: StateMachine<RecState, 'REC_ENTER' | 'REC exit'> = stateMachine<
  RecState,
  'REC_ENTER' | 'REC exit'
>('RmmRecState', 'RMM 1.0 A2.3.4', {
  REC_READY: { REC_ENTER: 'REC_RUNNING' },
  REC_RUNNING: { 'REC exit': 'REC_READY' },
});

type Runnable = 'NOT_RUNNABLE' | 'RUNNABLE';

/** Whether a REC may be entered: the Realm decides (RMM 1.0 A2.3.2). */
export const runnableState: StateMachine<Runnable, 'PSCI_CPU_ON' | 'PSCI_CPU_OFF'> = stateMachine<
  Runnable,
  'PSCI_CPU_ON' | 'PSCI_CPU_OFF'
>('RmmRecRunnable', 'RMM 1.0 A2.3.2', {
  NOT_RUNNABLE: { PSCI_CPU_ON: 'RUNNABLE' },
  RUNNABLE: { PSCI_CPU_OFF: 'NOT_RUNNABLE' },
});
