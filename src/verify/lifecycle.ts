/** States of the security lifecycle, claim 2395, and the first value of each; every state has 256 values. */
export const LIFECYCLE_STATES = {
  unknown: 0x0000,
  assembly_and_test: 0x1000,
  platform_rot_provisioning: 0x2000,
  secured: 0x3000,
  non_platform_rot_debug: 0x4000,
  recoverable_platform_rot_debug: 0x5000,
  decommissioned: 0x6000,
} as const;
export type LifecycleState = keyof typeof LIFECYCLE_STATES;

/** The low byte is the implementation's own. */
const VALUES_PER_STATE = 0x100;

export const LIFECYCLE_STATE_NAMES = Object.keys(LIFECYCLE_STATES) as readonly LifecycleState[];

/** @returns undefined for a value between the ranges. */
export const lifecycleStateOf = (value: number | bigint): LifecycleState | undefined =>
  LIFECYCLE_STATE_NAMES.find(
    (name) => value >= LIFECYCLE_STATES[name] && value < LIFECYCLE_STATES[name] + VALUES_PER_STATE,
  );
