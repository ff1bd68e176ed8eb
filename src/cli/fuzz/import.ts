import { conversationEvents, conversationScript } from '../../response/index.ts';
import { toJson } from '../../trace/index.ts';
import { badCommandLine, EXIT, type ExitCode } from '../exit.ts';
import { checkWritable, writeOutput } from '../io/write.ts';
import type { FuzzCall } from '../run/fuzz.ts';
import { conversationWith } from './conversation.ts';
import { readResponseScript } from './read-script.ts';
import { shownJson, shownLines } from './words.ts';

export const importScript = async ({ values, terminal }: FuzzCall, file: string): Promise<ExitCode> => {
  const outputs = [values.script, values.trace].filter((path) => path !== undefined);
  if (outputs.length === 0) throw badCommandLine('import writes --script FILE, --trace FILE or both; name one');
  if (outputs.filter((path) => path === '-').length + (values.json ? 1 : 0) > 1)
    throw badCommandLine('standard output takes one of --script -, --trace - and --json');
  for (const path of outputs) checkWritable(path);
  const script = await readResponseScript(file);
  const shown = await conversationWith(script, values.calls);
  const put = (path: string | undefined, text: () => string): void => {
    if (path === '-') terminal.write(text());
    else if (path !== undefined) writeOutput(path, text());
  };
  put(values.script, () => conversationScript(shown.calls));
  put(values.trace, () =>
    conversationEvents(shown.calls)
      .map((event) => `${toJson(event)}\n`)
      .join(''),
  );
  if (values.json) terminal.json(shownJson(script, shown));
  else if (!outputs.includes('-')) {
    terminal.print(shownLines(script, shown, terminal.paint).join('\n'));
    for (const path of outputs) terminal.print(`wrote ${path}`);
  }
  return EXIT.ok;
};
