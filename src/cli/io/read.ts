import { closeSync, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { Bug, concatBytes, fromUtf8 } from '../../bytes/index.ts';
import { badInput, UsageError } from '../exit.ts';
import { sizeText } from './size.ts';
import { systemReason } from './system-error.ts';

/** What is read and how much of it there can be: larger input is refused without being read. */
export interface InputKind {
  /** With its article: `a token`. */
  readonly what: string;
  readonly maxBytes: number;
}

/** Limits far above anything real, so that what exceeds them is the wrong file. */
export const INPUTS = {
  token: { what: 'a token', maxBytes: 1 << 20 },
  key: { what: 'a key', maxBytes: 1 << 16 },
  text: { what: 'a description', maxBytes: 1 << 18 },
  payload: { what: 'a payload', maxBytes: 1 << 30 },
} as const satisfies Record<string, InputKind>;

/** How people call a path: `-` is standard input. */
export const inputName = (path: string): string => (path === '-' ? 'standard input' : path);

const unreadable = (path: string, error: unknown): UsageError => {
  const reason = systemReason(error);
  if (reason === undefined) throw error;
  return badInput(`${inputName(path)}: cannot be read: ${reason}`, error);
};

const tooLarge = (path: string, { what, maxBytes }: InputKind, size?: number): UsageError => {
  const given = size === undefined ? '' : `${sizeText(size)}, `;
  return badInput(`${inputName(path)}: is larger than ${what} can be (${given}at most ${sizeText(maxBytes)})`);
};

const closing = <T>(fd: number, use: (fd: number) => T): T => {
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
};

/** Opens a file for reading and looks at it; directories are refused here, since only reading them would fail. */
const open = (path: string): { readonly fd: number; readonly stats: Stats } => {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    const stats = fstatSync(fd);
    if (stats.isDirectory()) throw badInput(`${path}: is a directory, a file is needed`);
    return { fd, stats };
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    if (error instanceof UsageError) throw error;
    throw unreadable(path, error);
  }
};

const CHUNK_BYTES = 1 << 16;

/** Everything in an open file, however long it says it is: pipes and devices say 0. */
const readToEnd = (path: string, fd: number, kind: InputKind, expected: number): Uint8Array => {
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const part = new Uint8Array(size === 0 && expected > 0 ? Math.min(expected + 1, kind.maxBytes + 1) : CHUNK_BYTES);
    let got: number;
    try {
      got = readSync(fd, part);
    } catch (error) {
      throw unreadable(path, error);
    }
    if (got === 0) break;
    size += got;
    if (size > kind.maxBytes) throw tooLarge(path, kind);
    parts.push(part.subarray(0, got));
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : concatBytes(...parts);
};

const readStandardInput = async (kind: InputKind): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of process.stdin as AsyncIterable<Uint8Array>) {
      size += part.length;
      if (size > kind.maxBytes) throw tooLarge('-', kind);
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw unreadable('-', error);
  } finally {
    process.stdin.destroy();
  }
  return concatBytes(...parts);
};

const notEmpty = (path: string, bytes: Uint8Array, { what }: InputKind): Uint8Array => {
  if (bytes.length === 0) throw badInput(`${inputName(path)}: is empty, ${what} is needed`);
  return bytes;
};

const readFile = (path: string, kind: InputKind): Uint8Array => {
  const { fd, stats } = open(path);
  return closing(fd, () => {
    if (stats.size > kind.maxBytes) throw tooLarge(path, kind, stats.size);
    return readToEnd(path, fd, kind, stats.size);
  });
};

/**
 * Reads a whole file, or standard input for `-`.
 *
 * @throws {UsageError} INPUT, when it cannot be read, is empty, or has more bytes than the kind allows; no more than
 *   that is ever held.
 */
export const readInput = async (path: string, kind: InputKind): Promise<Uint8Array> =>
  notEmpty(path, path === '-' ? await readStandardInput(kind) : readFile(path, kind), kind);

/** The same as text. @throws {UsageError} INPUT, also when it is not UTF-8. */
export const readText = async (path: string, kind: InputKind): Promise<string> => {
  const text = fromUtf8(await readInput(path, kind));
  if (text === undefined) throw badInput(`${inputName(path)}: is not text (UTF-8), ${kind.what} is needed`);
  return text;
};

/** A file that is read in pieces while it is used, so that it is never held whole. */
export interface PiecewiseFile {
  readonly name: string;
  /** In bytes, at least 1. */
  readonly size: number;
  /** Exactly `length` bytes, new at each call. */
  read(offset: number, length: number): Uint8Array;
  close(): void;
}

const inMemory = (name: string, bytes: Uint8Array): PiecewiseFile => ({
  name,
  size: bytes.length,
  read: (offset, length) => bytes.slice(offset, offset + length),
  close: () => undefined,
});

/**
 * Opens a payload. A regular file stays open until `close`; anything else is read at once.
 *
 * @throws {UsageError} INPUT, when it cannot be read, is empty or exceeds the largest payload; also from `read`, when
 *   the file became shorter.
 */
export const openPayload = async (path: string): Promise<PiecewiseFile> => {
  const kind = INPUTS.payload;
  if (path === '-') return inMemory(inputName(path), await readInput(path, kind));
  const { fd, stats } = open(path);
  if (!stats.isFile()) {
    return inMemory(
      path,
      notEmpty(
        path,
        closing(fd, () => readToEnd(path, fd, kind, 0)),
        kind,
      ),
    );
  }
  const refused =
    stats.size === 0
      ? badInput(`${path}: is empty, ${kind.what} is needed`)
      : stats.size > kind.maxBytes
        ? tooLarge(path, kind, stats.size)
        : undefined;
  if (refused !== undefined) {
    closeSync(fd);
    throw refused;
  }
  return {
    name: path,
    size: stats.size,
    read: (offset, length) => {
      if (offset < 0 || offset + length > stats.size) throw new Bug(`${path}: piece ${offset}+${length} lies outside`);
      const piece = new Uint8Array(length);
      let got = 0;
      while (got < length) {
        const more = readAt(path, fd, piece.subarray(got), offset + got);
        if (more === 0) throw badInput(`${path}: became shorter while it was read; run again`);
        got += more;
      }
      return piece;
    },
    close: () => closeSync(fd),
  };
};

const readAt = (path: string, fd: number, into: Uint8Array, position: number): number => {
  try {
    return readSync(fd, into, 0, into.length, position);
  } catch (error) {
    throw unreadable(path, error);
  }
};

/** The pieces of a file in order, for hashing. */
export function* piecesOf(file: PiecewiseFile, pieceBytes = 1 << 20): Generator<Uint8Array> {
  for (let at = 0; at < file.size; at += pieceBytes) yield file.read(at, Math.min(pieceBytes, file.size - at));
}
