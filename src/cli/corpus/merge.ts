import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fromUtf8 } from '../../bytes/index.ts';
import { CORPUS_FORMAT, type Listed, listed, type Parameters, planCorpus } from '../../corpus/index.ts';
import { badInput } from '../exit.ts';
import { unwritable } from '../io/write.ts';
import { descriptionFile, PARAMETERS_FILE, readDescription, tokenFile } from './store.ts';

/** Reads what a corpus was made from. @throws {UsageError} INPUT, when the folder is no corpus. */
export const readParameters = (folder: string): { readonly text: string; readonly parameters: Parameters } => {
  const file = join(folder, PARAMETERS_FILE);
  if (!existsSync(file)) throw badInput(`${folder}: is no corpus: there is no ${PARAMETERS_FILE}`);
  const text = fromUtf8(readFileSync(file));
  try {
    const parameters = JSON.parse(text ?? '') as Parameters;
    if (parameters.format === CORPUS_FORMAT) return { text: text ?? '', parameters };
  } catch {
    // told below
  }
  throw badInput(`${file}: is not ${CORPUS_FORMAT}`);
};

/** The parameters that all shards share. @throws {UsageError} INPUT, when they are not of one corpus. */
export const commonParameters = (folders: readonly string[]): ReturnType<typeof readParameters> => {
  const [first, ...rest] = folders.map((folder) => ({ folder, ...readParameters(folder) }));
  if (first === undefined) throw badInput('--merge needs the folders of the shards');
  const other = rest.find(({ text }) => text !== first.text);
  if (other !== undefined) throw badInput(`${other.folder}: is no shard of the same corpus as ${first.folder}`);
  return first;
};

/**
 * Brings the tokens of all shards together, in the order of the corpus.
 *
 * @throws {UsageError} INPUT, when a token is in none of them.
 */
export function* mergeTokens(folders: readonly string[], into: string, { selection }: Parameters): Generator<Listed> {
  const plan = planCorpus(selection);
  for (let position = 0; position < plan.size; position++) {
    const { id } = plan.at(position);
    const found = folders
      .map((folder) => ({ folder, description: readDescription(folder, id) }))
      .find(({ description }) => description !== undefined);
    if (found?.description === undefined) throw badInput(`${id} is in none of the shards: run the missing one first`);
    if (resolve(found.folder) !== resolve(into)) {
      try {
        for (const name of [tokenFile(id), descriptionFile(id)])
          copyFileSync(join(found.folder, name), join(into, name));
      } catch (error) {
        throw unwritable(into, error);
      }
    }
    yield listed(found.description);
  }
}
