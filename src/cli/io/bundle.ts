import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { utf8 } from '../../bytes/index.ts';
import { badOutput } from '../exit.ts';
import { makeFolders } from './folders.ts';
import { type Scratch, scratchBeside } from './scratch.ts';
import { unwritable, writeWhole } from './write.ts';

/** The file that makes a folder a bundle. Its `files` names every other file in it, with its digest. */
export const BUNDLE_INDEX = 'bundle.json';

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

/** A folder of files that appears under its name only when it is whole. */
export interface Bundle {
  /** Adds to a file, which need not be there yet; its name may have folders in it, with `/`. */
  append(name: string, data: string | Uint8Array): void;
  /** Writes the index, with the digests of all files under `files`, and puts the folder in its place by one rename. */
  commit(index: Readonly<Record<string, unknown>>): void;
  /** Leaves everything as it was. Does nothing after `commit`. */
  discard(): void;
}

interface OpenFile {
  readonly fd: number;
  readonly hash: ReturnType<typeof createHash>;
}

/**
 * Begins a bundle. Nothing is created before the first file, so that until then a signal may end the process at once.
 *
 * @throws {UsageError} OUTPUT, here and from each method; everything is as before then.
 */
export const createBundle = (path: string): Bundle => {
  const folder = resolve(path);
  checkBundlePlace(folder);
  const open = new Map<string, OpenFile>();
  let begun: { readonly aside: Scratch; readonly firstParent: string | undefined } | undefined;

  const begin = () => {
    const firstParent = makeFolders(dirname(folder));
    begun = { aside: scratchBeside(folder), firstParent };
    mkdirSync(begun.aside.path);
    return begun;
  };
  const closeAll = (): void => {
    for (const { fd } of open.values()) closeSync(fd);
    open.clear();
  };
  const discard = (): void => {
    closeAll();
    begun?.aside.discard();
    if (begun?.firstParent !== undefined) removeEmpty(dirname(folder), begun.firstParent);
    begun = undefined;
  };
  const guarded = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      discard();
      throw unwritable(path, error);
    }
  };
  const append = (name: string, data: string | Uint8Array): void => {
    const { aside } = begun ?? begin();
    const file = open.get(name) ?? create(join(aside.path, name));
    open.set(name, file);
    const bytes = typeof data === 'string' ? utf8(data) : data;
    file.hash.update(bytes);
    writeWhole(file.fd, bytes);
  };
  return {
    append: (name, data) => guarded(() => append(name, data)),
    commit: (index) =>
      guarded(() => {
        const files = Object.fromEntries([...open].map(([name, { hash }]) => [name, hash.digest('hex')]));
        append(BUNDLE_INDEX, `${JSON.stringify({ ...index, files }, undefined, 2)}\n`);
        closeAll();
        if (begun === undefined) return;
        replace(folder, begun.aside.path);
        begun.aside.keep();
        begun = undefined;
      }),
    discard,
  };
};

const create = (file: string): OpenFile => {
  makeFolders(dirname(file));
  return { fd: openSync(file, 'w'), hash: createHash('sha256') };
};

/** Renames `next` to `folder`; what was there comes back if that fails, and is removed if not. */
const replace = (folder: string, next: string): void => {
  const exists = statSync(folder, { throwIfNoEntry: false }) !== undefined;
  const old = scratchBeside(folder);
  if (exists) renameSync(folder, old.path);
  try {
    renameSync(next, folder);
  } catch (error) {
    if (exists) renameSync(old.path, folder);
    old.keep();
    throw error;
  }
  old.discard();
};

/** Removes the folders that were made on the way, from the innermost out, as long as nothing is in them. */
const removeEmpty = (from: string, to: string): void => {
  try {
    for (let folder = from; folder.length >= to.length; folder = dirname(folder)) rmdirSync(folder);
  } catch {
    // somebody else has put something there meanwhile
  }
};
