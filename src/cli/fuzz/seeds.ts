import { readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { dictionary, encodeScript, seeds } from '../../response/index.ts';
import { badCommandLine, badOutput, EXIT, type ExitCode } from '../exit.ts';
import { makeFolders } from '../io/folders.ts';
import { scratchBeside } from '../io/scratch.ts';
import { unwritable } from '../io/write.ts';
import type { FuzzCall } from '../run/fuzz.ts';

const SCRIPTS = 'scripts';
const DICTIONARY = 'swcca.dict';

/** A folder that appears whole: what is there already is not touched, unless it is empty. */
const writeFolder = (folder: string, files: ReadonlyMap<string, string | Uint8Array>): void => {
  const target = resolve(folder);
  const aside = scratchBeside(target);
  try {
    const stats = statSync(target, { throwIfNoEntry: false });
    if (stats !== undefined && !stats.isDirectory()) throw badOutput(`${folder}: is a file; name a folder`);
    if (stats !== undefined && readdirSync(target).length > 0)
      throw badOutput(`${folder}: exists and is not empty; name another folder`);
    for (const [name, data] of files) {
      const path = join(aside.path, name);
      makeFolders(dirname(path));
      writeFileSync(path, data);
    }
    renameSync(aside.path, target);
    aside.keep();
  } catch (error) {
    throw unwritable(folder, error);
  } finally {
    aside.discard();
  }
};

export const writeSeeds = async ({ values, terminal }: FuzzCall): Promise<ExitCode> => {
  const folder = values.out;
  if (folder === undefined || folder === '') throw badCommandLine('seeds needs --out DIR, a new folder');
  const all = seeds();
  const scripts = [...all].map(([name, script]) => [join(SCRIPTS, name), encodeScript(script)] as const);
  writeFolder(folder, new Map<string, string | Uint8Array>([...scripts, [DICTIONARY, dictionary()]]));
  if (values.json)
    terminal.json({ scripts: join(folder, SCRIPTS), dictionary: join(folder, DICTIONARY), names: [...all.keys()] });
  else {
    terminal.print(
      `wrote ${all.size} scripts to ${join(folder, SCRIPTS)} and a dictionary, ${join(folder, DICTIONARY)}`,
    );
    terminal.print(`afl-fuzz -i ${join(folder, SCRIPTS)} -x ${join(folder, DICTIONARY)} -o out -- ./fuzz`);
  }
  return EXIT.ok;
};
