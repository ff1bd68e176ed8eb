import type { AnyCommand } from './command.ts';

/**
 * Every command, in the order of the help page. A table is loaded when its command is called, or when help lists them
 * all: what options need to know of the machine would otherwise cost every start.
 */
export const COMMANDS = {
  token: async () => (await import('./commands/token.ts')).token,
  verify: async () => (await import('./commands/verify.ts')).verify,
  firmware: async () => (await import('./commands/firmware.ts')).firmware,
  chip: async () => (await import('./commands/chip.ts')).chip,
  endorse: async () => (await import('./commands/endorse.ts')).endorse,
  explain: async () => (await import('./commands/explain.ts')).explain,
  attest: async () => (await import('./commands/attest.ts')).attest,
  show: async () => (await import('./commands/show.ts')).show,
  rewrap: async () => (await import('./commands/rewrap.ts')).rewrap,
  diff: async () => (await import('./commands/diff.ts')).diff,
  corpus: async () => (await import('./commands/corpus.ts')).corpus,
  judge: async () => (await import('./commands/judge.ts')).judge,
  script: async () => (await import('./commands/script.ts')).script,
  repl: async () => (await import('./commands/repl.ts')).repl,
  spec: async () => (await import('./commands/spec.ts')).spec,
  trace: async () => (await import('./commands/trace.ts')).trace,
  replay: async () => (await import('./commands/replay.ts')).replay,
  serve: async () => (await import('./commands/serve.ts')).serve,
  tsm: async () => (await import('./commands/tsm.ts')).tsm,
  linux: async () => (await import('./commands/linux.ts')).linux,
  fuzz: async () => (await import('./commands/fuzz.ts')).fuzz,
  'diff-stack': async () => (await import('./commands/diff-stack.ts')).diffStack,
  stacks: async () => (await import('./commands/stacks.ts')).stacks,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
} as const satisfies Readonly<Record<string, () => Promise<AnyCommand>>>;

export type CommandName = keyof typeof COMMANDS;
export const COMMAND_NAMES = Object.keys(COMMANDS) as readonly CommandName[];
