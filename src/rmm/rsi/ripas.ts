/** RsiRipas (RMM 1.0 B5.4.7). DEV has an encoding and cannot be reached in this revision. */
export const RSI_RIPAS = { EMPTY: 0, RAM: 1, DESTROYED: 2 } as const;

/** RsiRipasChangeFlags (RMM 1.0 B5.4.9): whether pages that the Host destroyed may change too. */
export const RSI_CHANGE_DESTROYED = 1n;
