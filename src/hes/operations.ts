import type { LfaStatus } from '../abi/index.ts';
import { equalBytes } from '../bytes/index.ts';
import { hashNameOf } from './boot-state.ts';
import type { FirmwareComponent } from './firmware-set.ts';
import { isForward, type Lcs } from './lifecycle.ts';
import type { HesState, Otp } from './state.ts';

/** Why a chip does not take a step of its life. */
export const CHIP_REFUSALS = {
  LCS_BACKWARD: 'a life-cycle state only goes forward: CM, DM, SE, RMA',
  REPROVISIONING_BACKWARD: 'reprovisioning bits are only ever set, and at least one more of 32 has to be',
  GROUP_UNCHANGED: 'the group key comes from this seed already',
  NO_CHIP: 'this HES serves files and has no chip behind it',
} as const;
export type ChipRefusal = keyof typeof CHIP_REFUSALS;

/** What came of a step of a chip's life. */
export type ChipResult = { readonly ok: true } | { readonly ok: false; readonly code: ChipRefusal };

export const refused = (code: ChipRefusal): ChipResult => ({ ok: false, code });

/** OTP after the step, or why there is none. */
type Step = Otp | ChipRefusal;

export const nextLifecycle = (otp: Otp, lcs: Lcs): Step => (isForward(otp.lcs, lcs) ? { ...otp, lcs } : 'LCS_BACKWARD');

/** @param bits  all reprovisioning bits as they are to be: those that are set stay set. */
export const nextReprovisioning = (otp: Otp, bits: number): Step => {
  const before = otp.reprovisioningBits;
  const isMore = Number.isInteger(bits) && bits > before && bits <= 0xffff_ffff;
  const keepsAll = isMore && (BigInt(bits) & BigInt(before)) === BigInt(before);
  return keepsAll ? { ...otp, reprovisioningBits: bits } : 'REPROVISIONING_BACKWARD';
};

export const nextGroup = (otp: Otp, group: string): Step =>
  otp.group === group ? 'GROUP_UNCHANGED' : { ...otp, group };

/** Whether a version comes before another, number by number; what is no number counts as equal. */
const isOlder = (version: string, than: string): boolean => {
  const numbers = (text: string): readonly number[] => text.split(/[.+]/).map((part) => Number.parseInt(part, 10) || 0);
  const [a, b] = [numbers(version), numbers(than)];
  const at = Array.from({ length: Math.max(a.length, b.length) }, (_, i) => i).find((i) => (a[i] ?? 0) !== (b[i] ?? 0));
  return at !== undefined && (a[at] ?? 0) < (b[at] ?? 0);
};

/** What runs in a slot now: what was activated last, else what was booted. */
const running = ({ firmware, activated }: HesState, index: number): FirmwareComponent | undefined =>
  activated.findLast(({ slot }) => slot === index) ?? firmware.components.find(({ slot }) => slot === index);

/**
 * Why a live activation does not happen, before anything changes (hes 7): nothing is there to be replaced, its slot is
 * locked, its maker rules it out; another signer or algorithm, or an older version, fails authentication.
 */
export const activationError = (state: HesState, component: FirmwareComponent): LfaStatus | undefined => {
  const slot = state.slots[component.slot];
  const before = running(state, component.slot);
  if (slot === undefined || before === undefined) return 'LFA_INVALID_PARAMETERS';
  if (before.liveActivation === false) return 'LFA_NOT_SUPPORTED';
  if (slot.is_locked) return 'LFA_ACTIVATION_FAILED';
  const sameMaker = equalBytes(before.signerId, component.signerId);
  const sameAlgorithm = hashNameOf(slot.measurement_algo) === component.algorithm;
  return sameMaker && sameAlgorithm && !isOlder(component.version, before.version) ? undefined : 'LFA_AUTH_ERROR';
};
