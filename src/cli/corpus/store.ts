import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Description, jsonText, type Listed, listed, type Made, TOKEN_FORMAT } from '../../corpus/index.ts';
import { badOutput } from '../exit.ts';
import { makeFolders } from '../io/folders.ts';
import { unwritable } from '../io/write.ts';

/** What a corpus was made from. A folder with this file is a corpus, if perhaps not a whole one. */
export const PARAMETERS_FILE = 'corpus.json';
/** It is there when every token is. */
export const MANIFEST_FILE = 'manifest.json';

export const tokenFile = (id: string): string => `${id}.cbor`;
export const descriptionFile = (id: string): string => `${id}.json`;

const readIfThere = (path: string): Buffer | undefined => {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
};

const guarded = <T>(path: string, act: () => T): T => {
  try {
    return act();
  } catch (error) {
    throw unwritable(path, error);
  }
};

/** Puts a file in its place whole: beside it first, then renamed. */
const put = (path: string, data: string | Uint8Array): void => {
  makeFolders(dirname(path));
  writeFileSync(`${path}.part`, data);
  renameSync(`${path}.part`, path);
};

/**
 * Looks whether a folder may become this corpus, and touches nothing.
 *
 * @param parameters  text of `corpus.json`.
 * @returns whether it is that corpus already, if perhaps not a whole one.
 * @throws {UsageError} OUTPUT, when something else is there.
 */
export const checkCorpus = (folder: string, parameters: string): boolean =>
  guarded(folder, () => {
    const stats = statSync(folder, { throwIfNoEntry: false });
    if (stats !== undefined && !stats.isDirectory()) throw badOutput(`${folder}: is a file; name a folder`);
    const before = readIfThere(join(folder, PARAMETERS_FILE))?.toString();
    if (before === undefined && stats !== undefined && readdirSync(folder).length > 0) {
      throw badOutput(`${folder}: exists and is no corpus; name another folder`);
    }
    if (before !== undefined && before !== parameters) {
      throw badOutput(`${folder}: holds another corpus, made from other options; name another folder`);
    }
    return before !== undefined;
  });

/**
 * Makes a folder a corpus, or finds that it is one and was interrupted.
 *
 * @param parameters  text of `corpus.json`.
 * @param files       what stands beside the tokens.
 * @returns whether there may be tokens already.
 * @throws {UsageError} OUTPUT, when something else is there: it is not touched.
 */
export const openCorpus = (
  folder: string,
  parameters: string,
  files: readonly (readonly [name: string, data: string | Uint8Array])[],
): { readonly resumed: boolean } => {
  const resumed = checkCorpus(folder, parameters);
  return guarded(folder, () => {
    // The manifest that a killed run had begun, under the name that it has until it is whole.
    for (const name of resumed ? readdirSync(folder) : []) {
      if (name.startsWith(`${MANIFEST_FILE}.swcca-`)) rmSync(join(folder, name));
    }
    put(join(folder, PARAMETERS_FILE), parameters);
    for (const [name, data] of files) put(join(folder, name), data);
    return { resumed };
  });
};

/** Writes a token, then what is said of it: where the second is, the first is whole. */
export const writeMade = (folder: string, { id, token, description }: Made): Listed => {
  guarded(folder, () => {
    writeFileSync(join(folder, tokenFile(id)), token);
    put(join(folder, descriptionFile(id)), jsonText(description));
  });
  return listed(description);
};

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What a corpus says of a token, if both files are there and belong together. */
export const readDescription = (folder: string, id: string): Description | undefined => {
  const text = readIfThere(join(folder, descriptionFile(id)));
  const token = readIfThere(join(folder, tokenFile(id)));
  if (text === undefined || token === undefined) return undefined;
  try {
    const description = JSON.parse(text.toString()) as Description;
    return description.format === TOKEN_FORMAT && description.sha256 === sha256(token) ? description : undefined;
  } catch {
    return undefined;
  }
};
