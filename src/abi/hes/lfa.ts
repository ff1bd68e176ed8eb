/** Status of a live firmware activation, as the LFA service of TF-A answers (hes 7). */
export const LFA_STATUS = {
  LFA_SUCCESS: 0,
  LFA_NOT_SUPPORTED: -1,
  LFA_BUSY: -2,
  LFA_AUTH_ERROR: -3,
  LFA_NO_MEMORY: -4,
  LFA_CRITICAL_ERROR: -5,
  LFA_DEVICE_ERROR: -6,
  LFA_WRONG_STATE: -7,
  LFA_INVALID_PARAMETERS: -8,
  LFA_COMPONENT_WRONG_STATE: -9,
  LFA_INVALID_ADDRESS: -10,
  LFA_ACTIVATION_FAILED: -11,
} as const;
export type LfaStatus = keyof typeof LFA_STATUS;
