/** Life-cycle states as OTP holds them (hes 1.3), and the lifecycle claim that each yields (hes 4.2). */
export const LCS = {
  CM: { otp: 0, claim: 0x1000 },
  DM: { otp: 1, claim: 0x2000 },
  SE: { otp: 3, claim: 0x3000 },
  RMA: { otp: 7, claim: 0x6000 },
} as const;
export type Lcs = keyof typeof LCS;

export const LCS_NAMES = Object.keys(LCS) as readonly Lcs[];

/** Whether a chip may go from one state to another: bits of OTP are only ever set, so that the way is forward. */
export const isForward = (from: Lcs, to: Lcs): boolean => LCS[to].otp > LCS[from].otp;
