import type { CallOf } from '../command.ts';
import type { fuzz } from '../commands/fuzz.ts';
import { badCommandLine, type ExitCode } from '../exit.ts';
import { suggestion } from '../suggestion.ts';

export type FuzzCall = CallOf<typeof fuzz>;

/** Each action is loaded when it is asked for. */
const ACTIONS = {
  run: async (call) => (await import('../campaign/run.ts')).fuzzRun(call),
  seeds: async (call) => (await import('../fuzz/seeds.ts')).writeSeeds(call),
  show: async (call, file) => (await import('../fuzz/show.ts')).show(call, file),
  import: async (call, file) => (await import('../fuzz/import.ts')).importScript(call, file),
  assemble: async (call, file) => (await import('../fuzz/assemble.ts')).assembleScript(call, file),
} as const satisfies Readonly<Record<string, (call: FuzzCall, file: string) => Promise<ExitCode>>>;

const NAMES = Object.keys(ACTIONS);

/** Actions that take no file. */
const ALONE: readonly string[] = ['seeds'];

/** Options that belong to some actions only: elsewhere they would be passed over, which nobody wants. */
const OWNERS = {
  client: ['run'],
  vary: ['run'],
  runs: ['run'],
  seed: ['run'],
  shard: ['run'],
  timeout: ['run'],
  memory: ['run'],
  replay: ['run'],
  out: ['run', 'seeds'],
  output: ['assemble'],
  calls: ['show', 'import'],
  script: ['import'],
  trace: ['import'],
} as const satisfies Readonly<Partial<Record<keyof FuzzCall['values'], readonly string[]>>>;

export const runFuzz = async (call: FuzzCall): Promise<ExitCode> => {
  const [action = '', file, ...more] = call.operands;
  const run = Object.hasOwn(ACTIONS, action) ? ACTIONS[action as keyof typeof ACTIONS] : undefined;
  if (run === undefined)
    throw badCommandLine(`there is no ${action.slice(0, 40)}: ${NAMES.join(', ')}${suggestion(action, NAMES)}`);
  if (ALONE.includes(action)) {
    if (file !== undefined) throw badCommandLine(`${action} takes no file`);
  } else if (action !== 'run') {
    if (file === undefined) throw badCommandLine(`${action} takes a file`);
    if (more.length > 0) throw badCommandLine(`${action} takes one file`);
  }
  for (const [option, owners] of Object.entries(OWNERS)) {
    const given = call.values[option as keyof typeof OWNERS];
    const mine: readonly string[] = owners;
    if (given !== undefined && !mine.includes(action)) {
      throw badCommandLine(`--${option} is an option of ${owners.join(' and ')}`);
    }
  }
  return run(call, file ?? '');
};
