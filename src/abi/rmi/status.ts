/** RmiStatusCode (RMM 1.0 B4.4.25). */
export const RMI_STATUS = {
  RMI_SUCCESS: 0,
  RMI_ERROR_INPUT: 1,
  RMI_ERROR_REALM: 2,
  RMI_ERROR_REC: 3,
  RMI_ERROR_RTT: 4,
} as const;
export type RmiStatus = keyof typeof RMI_STATUS;

/** RmiCommandReturnCode (RMM 1.0 B4.4.1): a status and, for some, which Realm state or RTT level it is about. */
export interface RmiResult {
  readonly status: RmiStatus;
  readonly index: number;
}

const plain = (status: RmiStatus): RmiResult => ({ status, index: 0 });

export const SUCCESS = plain('RMI_SUCCESS');
export const INPUT = plain('RMI_ERROR_INPUT');
export const REALM = plain('RMI_ERROR_REALM');
export const REC = plain('RMI_ERROR_REC');
/** The Realm is in a state of its own name: 0 is NEW, 1 is SYSTEM_OFF. */
export const realmError = (index: number): RmiResult => ({ status: 'RMI_ERROR_REALM', index });
/** The walk stopped at `level`, or the condition names it. */
export const RTT = (level: number): RmiResult => ({ status: 'RMI_ERROR_RTT', index: level });

const NAMES = Object.fromEntries(Object.entries(RMI_STATUS).map(([name, value]) => [value, name as RmiStatus]));

export const encodeRmiResult = ({ status, index }: RmiResult): bigint =>
  BigInt(RMI_STATUS[status] | ((index & 0xff) << 8));

/** @returns undefined for a value that is no return code, such as SMCCC NOT_SUPPORTED. */
export const decodeRmiResult = (x0: bigint): RmiResult | undefined => {
  if (x0 > 0xffffn) return undefined;
  const status = NAMES[Number(x0) & 0xff];
  if (status === undefined) return undefined;
  const index = Number(x0) >> 8;
  return { status, index: status === 'RMI_ERROR_RTT' && index === 0xff ? -1 : index };
};

/** `RMI_ERROR_RTT(2)`, or the bare name where the index says nothing. */
export const rmiResultText = ({ status, index }: RmiResult): string => {
  const indexed = status === 'RMI_ERROR_RTT' || index !== 0;
  return indexed ? `${status}(${index})` : status;
};
