/**
 * Fault plans: what they say, and wrappers of ports that carry them out.
 *
 * Owns: where faults can act, when, and what they do there. Does not own: the ports, whose users cannot tell; how a plan is
 * written down (the command line).
 */
export { editedBytes } from './edit.ts';
export {
  ACTS,
  type Act,
  type ActName,
  actsOf,
  type CallRange,
  type ClaimEdit,
  FAULT_ERRNOS,
  FAULT_MODELS,
  FAULT_PLAN_VERSION,
  type Fault,
  type FaultComponent,
  type FaultErrno,
  type FaultInterrupt,
  type FaultModel,
  type FaultPlan,
  HIDEABLE,
  isOutside,
  type RegisterValue,
  SEAMS,
  type Seam,
  type When,
} from './plan.ts';
export {
  type FaultPorts,
  type FaultyChip,
  faultyBootArguments,
  faultyClaims,
  faultyCrypto,
  faultyEntropy,
  faultyHes,
  faultyMeasuredBoot,
  faultySmc,
  type SharedPage,
} from './ports.ts';
export { callSeams, faultyRealmSmc } from './realm-smc.ts';
export { actText, createFaultSession, type FaultCounts, type FaultSession } from './session.ts';
