import { nodeCrypto } from '../../crypto/node.ts';
import { createReplayer, type Difference, ReplayError, type Replayer } from '../../platform/index.ts';
import type { CallOf } from '../command.ts';
import type { replay } from '../commands/replay.ts';
import { badInput, EXIT, type ExitCode } from '../exit.ts';
import { jsonLinesOf } from '../io/lines.ts';
import { inputName } from '../io/read.ts';
import { oneLine, type Terminal } from '../io/terminal.ts';

/** Feeds a trace into a machine until something differs. */
const firstDifference = async (replayer: Replayer, path: string): Promise<Difference | undefined> => {
  for await (const { line, value } of jsonLinesOf(path, 'a trace')) {
    try {
      const difference = replayer.feed(value);
      if (difference !== undefined) return difference;
    } catch (error) {
      if (error instanceof ReplayError) throw badInput(`${inputName(path)}:${line}: ${error.message}`, error);
      throw error;
    }
  }
  return replayer.end();
};

const printDifference = ({ line, recorded, happened }: Difference, { print, paint }: Terminal): void => {
  print(paint.red(`different at line ${line}`));
  print(`  recorded  ${oneLine(recorded ?? 'nothing more')}`);
  print(`  happened  ${oneLine(happened ?? 'nothing')}`);
};

export const runReplay = async ({ values, operands, terminal }: CallOf<typeof replay>): Promise<ExitCode> => {
  const [file = '-'] = operands;
  const replayer = createReplayer(nodeCrypto);
  const difference = await firstDifference(replayer, file);
  if (values.json) terminal.json({ same: difference === undefined, events: replayer.events, difference });
  else if (difference === undefined) terminal.print(`the same: ${replayer.events} events`);
  else printDifference(difference, terminal);
  return difference === undefined ? EXIT.ok : EXIT.no;
};
