/**
 * A Host and its guest as library code.
 *
 * Owns: Realm plans, and how a Host builds, runs and undoes a Realm; what the software in a Realm does. Does not own:
 * files, or any rule of the RMM.
 */
export { bufferPage, type FetchedToken, runGuest } from './attest.ts';
export type { EnterWith, HostPolicy, RecExit, VcpuHost } from './exits.ts';
export { faultyPolicy } from './faulty-policy.ts';
export { createGranules, type Granules } from './granules.ts';
export {
  call,
  extendMeasurement,
  fetchToken,
  type Guest,
  type GuestAct,
  type GuestResult,
  hostCall,
  probe,
  readMeasurement,
  systemOff,
} from './guest.ts';
export type { HostRealm, HostRec, PageWatcher } from './host-realm.ts';
export * from './plan.ts';
export { type LaunchOptions, launchRealm } from './realm.ts';
export { callRmi, HostError, type RmiAnswer, rmiFid, tryRmi } from './rmi.ts';
export { createVcpu, type GuestVcpu, runEndText, runVcpu } from './run.ts';
export { createTables, type Tables } from './tables.ts';
export { enterVcpu, leaveVcpu, type Progress, performAct, type RunEnd, type Vcpu } from './vcpu.ts';
