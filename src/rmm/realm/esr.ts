/** Fields of ESR_EL2 that a Host sees (RMM 1.0 A4.3.4). */
const EC_SHIFT = 26n;
export const ESR_EC = { WFX: 0x01n, INSTRUCTION_ABORT: 0x20n, DATA_ABORT: 0x24n, SERROR: 0x2fn } as const;
export const ESR_IL = 1n << 25n;
export const ESR_ISV = 1n << 24n;
export const ESR_SF = 1n << 15n;
export const ESR_WNR = 1n << 6n;
const SAS_SHIFT = 22n;
const SAS = { 1: 0n, 2: 1n, 4: 2n, 8: 3n } as const;
/** Fault status codes; the level is added. */
export const FSC = { TRANSLATION: 0x04n, PERMISSION: 0x0cn, SEA: 0x10n, GPF: 0x28n } as const;

/** An exception class with a syndrome below it. */
export const esr = (ec: keyof typeof ESR_EC, iss: bigint): bigint => (ESR_EC[ec] << EC_SHIFT) | iss;

/** SAS of an access size in bytes. */
export const esrSize = (size: number): bigint => (SAS[size as keyof typeof SAS] ?? 0n) << SAS_SHIFT;

/** A fault status at a level; level -1 has codes of its own (Arm ARM, DFSC). */
export const faultAt = (fault: 'TRANSLATION' | 'PERMISSION', level: number): bigint =>
  level >= 0 ? FSC[fault] + BigInt(level) : fault === 'TRANSLATION' ? 0x2bn : FSC.PERMISSION;

/** HPFAR_EL2 of a faulting IPA: FIPA holds bits [51:12] from bit 4 on. */
export const hpfarOf = (ipa: bigint): bigint => (ipa >> 12n) << 4n;
/** How far an IPA moves down to get there. */
export const HPFAR_SHIFT = 8n;
