/** SMCCC NOT_SUPPORTED: what X0 holds after an SMC that nobody answers (RMM 1.0 B1.1). */
export const SMCCC_NOT_SUPPORTED = 0xffff_ffff_ffff_ffffn;

/** The SVE hint of a function identifier, to be masked before it is looked up (SMCCC 1.3). */
export const FID_SVE_HINT = 0x1_0000n;

/** Registers that take part in an SMC64 call: X0 to X17. */
export const SMC_REGISTERS = 18;

export const SMCCC_VERSION_FID = 0x8000_0000;

/** A revision as the RMM, PSCI and SMCCC encode it: minor in [15:0], major in [30:16] (RMM 1.0 B2). */
export const revision = (major: number, minor: number): bigint => BigInt(major * 0x1_0000 + minor);

const WITHOUT_HINT = ~Number(FID_SVE_HINT);

/** The function identifier in X0 without the SVE hint; undefined when X0[63:32] is not zero. */
export const functionId = (x0: bigint): number | undefined =>
  x0 > 0xffff_ffffn ? undefined : (Number(x0) & WITHOUT_HINT) >>> 0;
