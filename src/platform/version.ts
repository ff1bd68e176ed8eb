/** The version of swcca: with it, a seed and the inputs, the bytes are fixed. */
export const VERSION = '0.1.0';

/** The version of the trace format. */
export const TRACE_FORMAT = 1;
