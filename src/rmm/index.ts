/**
 * The simulated RMM: granules, Realms, RECs, RTTs, measurements, attestation; one file per command.
 *
 * Owns: what the RMM specification says. Does not own: which order or quirk a real RMM has, keys, or the world around.
 */
export type { AttestationKeys } from './attestation-keys.ts';
export { addrIsGranuleAligned, addrIsRttLevelAligned, mpidrIndex, ripasScan } from './conditions/index.ts';
export type { AfterSmc } from './dispatch.ts';
export { type Attestation, attestState } from './model/attestation.ts';
export { type ImpDef, SPEC_IMP_DEF } from './model/config.ts';
export { type GranuleState, granuleState } from './model/granule.ts';
export { impDefProblems } from './model/imp-def-problems.ts';
export { HASH_NAME, type MeasuredRealmParams, REM_FORMULAS, type RemFormula, rimInit } from './model/measurement.ts';
export { type Realm, realmState } from './model/realm.ts';
export { type RealmException, type Rec, withPsciResult } from './model/rec.ts';
export { levelSize, type Rtt, type Rtte, rttConfigIsValid, startLevelTables } from './model/rtt.ts';
export type { RmmState } from './model/state.ts';
export { STATE_MACHINES } from './model/state-machines.ts';
export type { DeviceValues } from './model/tables.ts';
export type * as psci from './psci/index.ts';
export { realmCall } from './realm/call.ts';
export type { RealmEvent } from './realm/event.ts';
export type { Interrupt, PendingInterrupt } from './realm/interrupt.ts';
export type { RealmAccess } from './realm/memory-access.ts';
export { realmClaims } from './realm/token.ts';
export type * as rmi from './rmi/index.ts';
export {
  type AfterAccess,
  type AfterEvent,
  createRmm,
  type RealmContext,
  type Rmm,
  type RmmOptions,
  type RmmPorts,
} from './rmm.ts';
export type * as rsi from './rsi/index.ts';
export { COMMAND_RULES, GENERAL_RULES, RULES_SOURCE } from './rules.ts';
export { type CommandSet, RMM_1_0 } from './versions/rmm-1.0.ts';
