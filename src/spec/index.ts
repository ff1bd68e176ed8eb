/**
 * The language in which commands are written, and what runs it.
 *
 * Owns: the shape of a command, registers, partial orders, the runner, state machines. Does not own: any command.
 */
export * from './change.ts';
export * from './command.ts';
export * from './execute.ts';
export * from './order.ts';
export * from './register.ts';
export * from './state-machine.ts';
