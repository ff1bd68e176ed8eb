import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultModel } from '../../fault/index.ts';
import { fetchToken } from '../../host/index.ts';
import { type Client, converse, DEFAULT_MEMORY, encodeScript, type ResponseScript } from '../../response/index.ts';
import { badCommandLine } from '../exit.ts';
import {
  type ClientCommand,
  clientEnd,
  forget,
  normalised,
  runClient,
  saysOf,
  usesPlaceholder,
  withFiles,
} from './client.ts';
import { createListener, judgeProcess, responseInputs } from './responses.ts';
import type { Target } from './target.ts';

/** What a client that plays scripts in its own process begins with, when nothing else is said. */
const CHALLENGE = new Uint8Array(64);

/**
 * Clients that play a response script in their own process. Nobody hears their calls: what a script says, and to whom it
 * belongs, is found by a client like the driver, and only crashes, endless loops and memory are findings. A client that
 * judges itself, as src/clients/c/examples/fuzz.c does, is believed when its last words end with the model in brackets.
 */
export const scriptTarget = async ({ words, limits, scratch }: ClientCommand): Promise<Target<ResponseScript>> => {
  if (!usesPlaceholder(words, '{script}')) {
    throw badCommandLine('--client script: CMD has to name {script}, the file with the response script');
  }
  const scriptFile = join(scratch, 'response.bin');
  const command = withFiles(words, { '{script}': scriptFile });
  return {
    ...responseInputs,
    async run(script) {
      writeFileSync(scriptFile, encodeScript(script));
      const listener = createListener();
      const { calls, status } = converse(script, fetchToken(CHALLENGE, DEFAULT_MEMORY.base) as Client<Uint8Array>);
      for (const { given, answer } of calls) listener.hear(given, answer);
      const end = clientEnd(await runClient(command, {}, limits), undefined);
      forget(scriptFile);
      const finding = end.kind === 'gave-up' ? undefined : judgeProcess(end, status);
      const [, model] = /\((host|rmm)\)$/.exec(saysOf(end)) ?? [];
      return {
        end: end.kind,
        says: normalised(saysOf(end)),
        finding: finding && { ...finding, model: (model as FaultModel | undefined) ?? finding.model },
        difference: listener.difference,
        met: [['ends', end.kind], ...listener.met],
      };
    },
    again: (folder) => withFiles(words, { '{script}': join(folder, 'response.bin') }).join(' '),
    close: async () => undefined,
  };
};
