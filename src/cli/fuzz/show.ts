import { EXIT, type ExitCode } from '../exit.ts';
import type { FuzzCall } from '../run/fuzz.ts';
import { conversationWith } from './conversation.ts';
import { readResponseScript } from './read-script.ts';
import { shownJson, shownLines } from './words.ts';

export const show = async ({ values, terminal }: FuzzCall, file: string): Promise<ExitCode> => {
  const script = await readResponseScript(file);
  const shown = await conversationWith(script, values.calls);
  if (values.json) terminal.json(shownJson(script, shown));
  else terminal.print(shownLines(script, shown, terminal.paint).join('\n'));
  return EXIT.ok;
};
