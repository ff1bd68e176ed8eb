import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { undoneAtEnd } from './undo.ts';

/** A file or folder that exists only while something is being made: gone when the process is told to stop. */
export interface Scratch {
  readonly path: string;
  /** It is in its place now, and no longer ours to remove. */
  keep(): void;
  /** Removes it, if it was not kept. */
  discard(): void;
}

const scratchAt = (path: string): Scratch => {
  const remove = (): void => rmSync(path, { recursive: true, force: true });
  const forget = undoneAtEnd(remove);
  return {
    path,
    keep: () => void forget(),
    discard: () => {
      if (forget()) remove();
    },
  };
};

let count = 0;

/** Names a path beside `target`, on the same file system, that is removed unless it is kept. Creates nothing. */
export const scratchBeside = (target: string): Scratch => scratchAt(`${target}.swcca-${process.pid}-${count++}`);

/** Makes an empty folder where temporary files go. @param purpose  a word for its name. */
export const scratchFolder = (purpose: string): Scratch => scratchAt(mkdtempSync(join(tmpdir(), `swcca-${purpose}-`)));
