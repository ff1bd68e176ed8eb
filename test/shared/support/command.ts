import type { AnyCommand, Call } from '../../../src/cli/command.ts';
import type { ExitCode } from '../../../src/cli/exit.ts';
import { explain } from '../../../src/cli/explain.ts';
import { paint, type Terminal } from '../../../src/cli/io/terminal.ts';
import { parseCommandLine } from '../../../src/cli/parse.ts';

export interface Ran {
  readonly code: ExitCode;
  /** What it printed. */
  readonly text: string;
  /** What it answered to `--json`. */
  readonly json: unknown;
}

/** Runs a command in this process: a process for each of hundreds of files would take minutes. */
export const runCommand = async (command: AnyCommand, args: readonly string[]): Promise<Ran> => {
  let text = '';
  let json: unknown;
  const terminal: Terminal = {
    paint: paint(false),
    print: (line) => {
      text += `${line}\n`;
    },
    write: (piece) => {
      text += piece;
    },
    json: (value) => {
      json = value;
    },
    binary: () => undefined,
    note: () => undefined,
  };
  try {
    const { values, operands } = parseCommandLine(command, args);
    const run = command.run as (call: Call) => Promise<ExitCode>;
    const code = await run({ values: values as Call['values'], operands, terminal });
    return { code, text, json };
  } catch (error) {
    return { code: explain(error, args).code, text, json };
  }
};
