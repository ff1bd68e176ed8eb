/**
 * What crosses a boundary, as data: function identifiers, status codes, structures at their offsets.
 *
 * Owns: numbers and names. Does not own: behaviour.
 */
export * from './el3/index.ts';
export * from './hes/index.ts';
export * from './psci/index.ts';
export * from './rmi/index.ts';
export * from './rsi/index.ts';
export * from './smccc.ts';
