import { EVENT_KINDS, prettySink, type TraceEvent } from '../../trace/index.ts';
import type { CallOf } from '../command.ts';
import type { trace } from '../commands/trace.ts';
import { badInput, EXIT, type ExitCode } from '../exit.ts';
import { gather } from '../io/gather.ts';
import { jsonLinesOf } from '../io/lines.ts';
import { inputName } from '../io/read.ts';
import { oneLine, type Terminal, wantsColour } from '../io/terminal.ts';

/** Characters between two writes: little enough that a reader sees it move. */
const BUFFER = 1 << 16;

const isEvent = (value: unknown): value is TraceEvent =>
  typeof value === 'object' && value !== null && 'type' in value && Object.hasOwn(EVENT_KINDS, String(value.type));

/** A line without control characters but the colours that are ours; those that an event brings along can do no more. */
const shown = (line: string): string =>
  line
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
    .split(/(\u001b\[[0-9]{1,2}m)/)
    .map((part, i) => (i % 2 === 1 ? part : oneLine(part)))
    .join('');

/** The lines of a script that makes a trace happen again. */
const writeScript = async (file: string, terminal: Terminal): Promise<void> => {
  const { createScriptWriter, ScriptError } = await import('../../script/index.ts');
  const writer = createScriptWriter();
  const out = gather((text) => terminal.write(text), BUFFER);
  for await (const { line, value } of jsonLinesOf(file, 'a trace')) {
    try {
      for (const statement of writer.feed(value)) out.write(`${statement}\n`);
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      throw badInput(`${inputName(file)}:${line}: ${error.message}`, error);
    }
  }
  for (const statement of writer.end()) out.write(`${statement}\n`);
  out.flush();
};

export const runTrace = async ({ values, operands, terminal }: CallOf<typeof trace>): Promise<ExitCode> => {
  const [file = '-'] = operands;
  if (values['as-script']) {
    await writeScript(file, terminal);
    return EXIT.ok;
  }
  const colour = wantsColour(process.stdout.isTTY === true, process.env);
  const out = gather((text) => terminal.write(text), BUFFER);
  const sink = prettySink({ write: (line) => out.write(`${colour ? shown(line) : oneLine(line)}\n`), colour });
  for await (const { line, value } of jsonLinesOf(file, 'a trace')) {
    const refuse = (cause?: unknown) => badInput(`${inputName(file)}:${line}: this is no event of a trace`, cause);
    if (!isEvent(value)) throw refuse();
    try {
      sink(value);
    } catch (error) {
      // An event that lacks its members, or has others.
      throw refuse(error);
    }
  }
  out.flush();
  return EXIT.ok;
};
