import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/**
 * Makes a folder and what is missing above it. Node's own way to do so never ends where a file system says of what it will
 * not make that it is not there, as /proc does.
 *
 * @returns the first folder that was made; undefined when all were there.
 * @throws what `mkdir` throws.
 */
export const makeFolders = (path: string): string | undefined => {
  const folder = resolve(path);
  if (isFolder(folder)) return undefined;
  const parent = dirname(folder);
  const first = parent === folder ? undefined : makeFolders(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if (!isFolder(folder)) throw error;
  }
  return first ?? folder;
};
