import type { AnyCommand } from './command.ts';
import { doctor } from './commands/doctor.ts';
import { replay } from './commands/replay.ts';
import { show } from './commands/show.ts';
import { spec } from './commands/spec.ts';
import { token } from './commands/token.ts';
import { verify } from './commands/verify.ts';

/** Every command, in the order of the help page. Only tables: what runs a command is loaded when it runs. */
export const COMMANDS: readonly AnyCommand[] = [token, verify, show, spec, replay, doctor];
