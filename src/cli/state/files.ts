import { closeSync, fsyncSync, linkSync, openSync, readdirSync, unlinkSync, writeSync } from 'node:fs';
import { makeFolders } from '../io/folders.ts';

/** What a store needs of a file system. Each step either happens or does not, so a stop between two is all there is to fear. */
export interface Files {
  makeFolder(path: string): void;
  list(path: string): readonly string[];
  /** Writes a new file, down to the disk. */
  writeNew(path: string, bytes: Uint8Array): void;
  /** Gives a file a second name. @throws when that name is taken: of two who try, one gets it. */
  link(from: string, to: string): void;
  /** Makes the names in a folder last. */
  syncFolder(path: string): void;
  remove(path: string): void;
}

const closing = (fd: number, use: (fd: number) => void): void => {
  try {
    use(fd);
  } finally {
    closeSync(fd);
  }
};

export const nodeFiles: Files = {
  makeFolder: (path) => void makeFolders(path),
  list: (path) => readdirSync(path),
  writeNew: (path, bytes) =>
    closing(openSync(path, 'wx'), (fd) => {
      for (let rest = bytes; rest.length > 0; ) rest = rest.subarray(writeSync(fd, rest));
      fsyncSync(fd);
    }),
  link: (from, to) => linkSync(from, to),
  syncFolder: (path) => {
    // A folder cannot be opened where it cannot be synced either.
    if (process.platform !== 'win32') closing(openSync(path, 'r'), fsyncSync);
  },
  remove: (path) => unlinkSync(path),
};
