/** RsiCommandReturnCode (RMM 1.0 B5.4.1). */
export const RSI_STATUS = {
  RSI_SUCCESS: 0,
  RSI_ERROR_INPUT: 1,
  RSI_ERROR_STATE: 2,
  RSI_INCOMPLETE: 3,
  RSI_ERROR_UNKNOWN: 4,
} as const;
export type RsiStatus = keyof typeof RSI_STATUS;

export const encodeRsiStatus = (status: RsiStatus): bigint => BigInt(RSI_STATUS[status]);

/** @returns undefined for a value that is no RSI return code. */
export const decodeRsiStatus = (x0: bigint): RsiStatus | undefined =>
  (Object.entries(RSI_STATUS) as [RsiStatus, number][]).find(([, value]) => BigInt(value) === x0)?.[0];
