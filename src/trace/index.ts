/**
 * The one stream of events that a machine emits, and where it can go.
 *
 * Owns: what an event is. Does not own: when one happens; the runner and the mutators of state say that.
 */
export * from './event.ts';
export { toJson } from './json.ts';
export { jsonlSink } from './sinks/jsonl.ts';
export { type PrettyOptions, prettySink } from './sinks/pretty.ts';
