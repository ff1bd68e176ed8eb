import { spawn } from 'node:child_process';
import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import type { ClientEnd } from '../../response/index.ts';
import { oneLine } from '../io/terminal.ts';
import { type Limits, lastWords } from '../judge/answer.ts';
import { isDeath, type ProcessEnd, watched } from '../judge/process.ts';

/** The command line of a client, with the words that files replace. */
export interface ClientCommand {
  readonly words: readonly string[];
  readonly limits: Limits;
  /** A folder for what is passed in files. */
  readonly scratch: string;
}

/** Bytes of a token file that are read: more than any client should take. */
const MOST_TOKEN = 1 << 20;

export const usesPlaceholder = (words: readonly string[], placeholder: string): boolean =>
  words.some((word) => word.includes(placeholder));

export const withFiles = (words: readonly string[], files: Readonly<Record<string, string>>): readonly string[] =>
  words.map((word) =>
    Object.entries(files).reduce((text, [placeholder, file]) => text.replaceAll(placeholder, file), word),
  );

/** How a client ended, besides how a conversation can. */
export type ProcessKind = ClientEnd | { readonly kind: 'out-of-memory' } | { readonly kind: 'done' };

const readToken = (path: string): Uint8Array | undefined => {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const bytes = new Uint8Array(MOST_TOKEN);
    return bytes.subarray(0, readSync(file, bytes));
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
};

/** What a process says by how it ended. A client that wrote no token file although it was asked to has none. */
export const clientEnd = (end: ProcessEnd, tokenFile: string | undefined): ProcessKind => {
  const says = lastWords(end.stderr) || lastWords(end.stdout);
  if (end.ended === 'hung') return { kind: 'endless' };
  if (end.ended === 'out-of-memory') return { kind: 'out-of-memory' };
  if (isDeath(end.status, end.signal, end.stderr))
    return { kind: 'crashed', says: `${end.signal ?? ''} ${says}`.trim() };
  if (end.status !== 0) return { kind: 'gave-up', says: says || `exit status ${end.status}` };
  if (tokenFile === undefined) return { kind: 'done' };
  const token = readToken(tokenFile);
  return token === undefined ? { kind: 'gave-up', says: 'wrote no token' } : { kind: 'token', token };
};

/** Words that name the same place of a program in each run: numbers and addresses are left out. */
export const normalised = (says: string): string =>
  oneLine(says)
    .replaceAll(/0x[0-9a-fA-F]+/g, '…')
    .replaceAll(/[0-9a-fA-F]{8,}/g, '…')
    .replaceAll(/\d+/g, 'N')
    .slice(0, 120);

export const saysOf = (end: ProcessKind): string => ('says' in end ? end.says : '');

/** Starts a client as a process of its own group, and waits for it within its limits. */
export const runClient = (
  [program = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
  limits: Limits,
): Promise<ProcessEnd> =>
  watched(
    spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } }),
    limits,
  );

export const forget = (path: string): void => rmSync(path, { force: true });
