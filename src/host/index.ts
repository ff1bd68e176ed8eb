/**
 * A Host and its guest as library code.
 *
 * Owns: Realm plans, and how a Host builds, runs and undoes a Realm; what the software in a Realm does. Does not own:
 * files, or any rule of the RMM.
 */
export { bufferPage, type FetchedToken, runGuest } from './attest.ts';
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
export * from './plan.ts';
export { type HostRealm, type HostRec, type LaunchOptions, launchRealm } from './realm.ts';
export { callRmi, HostError, type RmiAnswer, rmiFid, tryRmi } from './rmi.ts';
export {
  createVcpu,
  type EnterWith,
  type HostPolicy,
  type RecExit,
  type RunEnd,
  runEndText,
  runVcpu,
  type Vcpu,
} from './run.ts';
export { createTables, type Tables } from './tables.ts';
