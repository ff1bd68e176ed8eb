import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** One line, whatever a file name or a recording holds. */
export const line = (text) => text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 600);

/** Ends a script that is used wrongly: one line says how. */
export const misusedBy = (script) => (sentence) => {
  console.error(`${script}: ${line(sentence)}`);
  process.exit(2);
};

const readText = (path, maxMiB, misused) => {
  const fd = openSync(path, 'r');
  try {
    if (!fstatSync(fd).isFile()) return misused(`${path}: is not a regular file`);
    const pieces = [];
    for (let size = 0; size <= maxMiB << 20; ) {
      const piece = Buffer.alloc(1 << 20);
      const got = readSync(fd, piece);
      if (got === 0) return Buffer.concat(pieces).toString('utf8');
      pieces.push(piece.subarray(0, got));
      size += got;
    }
    return misused(`${path}: is larger than ${maxMiB} MiB`);
  } finally {
    closeSync(fd);
  }
};

/**
 * What a file says, or the end of the script in one line: when it cannot be read, is too large, or `parse` refuses it.
 *
 * @template T
 * @param {string} path
 * @param {{ readonly maxMiB: number, readonly parse: (text: string) => T, readonly Refusal: new (...args: any[]) => Error, readonly misused: (sentence: string) => never }} how
 * @returns {T}
 */
export const readInput = (path, { maxMiB, parse, Refusal, misused }) => {
  try {
    return parse(readText(path, maxMiB, misused));
  } catch (error) {
    if (error instanceof Refusal) return misused(`${path}: ${error.message}`);
    if (error.code === undefined) throw error;
    return misused(`${path}: cannot be read: ${error.code}`);
  }
};
