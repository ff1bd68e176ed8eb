import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { badOutput } from '../exit.ts';
import { scratchBeside } from './scratch.ts';
import { unwritable } from './write.ts';

/** The file that makes a folder a bundle. Its `files` names every other file in it. */
export const BUNDLE_INDEX = 'bundle.json';

/** Paths inside the bundle, with `/`, and what they hold. */
export type BundleFiles = ReadonlyMap<string, string | Uint8Array>;

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));

/** The files that a bundle's index says it has, or undefined when there is no such index. */
const listedIn = (folder: string): readonly string[] | undefined => {
  try {
    const { files } = JSON.parse(readFileSync(join(folder, BUNDLE_INDEX), 'utf8')) as { files?: unknown };
    return typeof files === 'object' && files !== null ? [BUNDLE_INDEX, ...Object.keys(files)] : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Whether a bundle can be put at `folder`: there is nothing, an empty folder, or a bundle with nothing else in it.
 *
 * @throws {UsageError} OUTPUT: what is in the way is never touched.
 */
export const checkBundlePlace = (folder: string): void => {
  try {
    const stats = statSync(folder, { throwIfNoEntry: false });
    if (stats === undefined) return;
    if (!stats.isDirectory()) throw badOutput(`${folder}: is a file; name a folder for the bundle`);
    const present = filesIn(folder);
    if (present.length === 0) return;
    const listed = listedIn(folder)?.map((name) => join(folder, name));
    if (listed === undefined) throw badOutput(`${folder}: exists and is not a bundle; name another folder`);
    const foreign = present.find((path) => !listed.includes(path));
    if (foreign !== undefined) {
      throw badOutput(
        `${folder}: would be replaced, but ${foreign} is not part of the bundle; move it or name another folder`,
      );
    }
  } catch (error) {
    throw unwritable(folder, error);
  }
};

/**
 * Writes a bundle: aside first, then in its place by one rename. An older bundle there is replaced.
 *
 * @throws {UsageError} OUTPUT, and then everything is as before.
 */
export const writeBundle = (path: string, files: BundleFiles): void => {
  const folder = resolve(path);
  checkBundlePlace(folder);
  const aside = scratchBeside(folder);
  const old = scratchBeside(folder);
  let firstParent: string | undefined;
  try {
    firstParent = mkdirSync(dirname(folder), { recursive: true });
    mkdirSync(aside.path);
    for (const [name, data] of files) {
      const file = join(aside.path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, data);
    }
    replace(folder, aside.path, old.path);
    aside.keep();
  } catch (error) {
    aside.discard();
    if (firstParent !== undefined) removeEmpty(dirname(folder), firstParent);
    throw unwritable(path, error);
  } finally {
    old.discard();
  }
};

/** Removes the folders that were made on the way, from the innermost out, as long as nothing is in them. */
const removeEmpty = (from: string, to: string): void => {
  try {
    for (let folder = from; folder.length >= to.length; folder = dirname(folder)) rmdirSync(folder);
  } catch {
    // somebody else has put something there meanwhile
  }
};

/** Renames `next` to `folder`; what was there comes back if that fails. */
const replace = (folder: string, next: string, old: string): void => {
  const exists = statSync(folder, { throwIfNoEntry: false }) !== undefined;
  if (exists) renameSync(folder, old);
  try {
    renameSync(next, folder);
  } catch (error) {
    if (exists) renameSync(old, folder);
    throw error;
  }
};
