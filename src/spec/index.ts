/**
 * The language in which commands are written, what runs it, and the pages that describe them.
 *
 * Owns: the shape of a command, registers, partial orders, the runner, state machines, pages out of all these.
 * Does not own: any command.
 */
export * from './change.ts';
export * from './command.ts';
export * from './describe.ts';
export * from './difference.ts';
export * from './execute.ts';
export { frameOf, type Prepared, prepare, writeOutputs } from './frame.ts';
export * from './order.ts';
export * from './order-diagram.ts';
export * from './page-markdown.ts';
export { columns, edgeText } from './page-parts.ts';
export * from './page-text.ts';
export * from './register.ts';
export * from './revisions.ts';
export * from './state-machine.ts';
export * from './states-text.ts';
