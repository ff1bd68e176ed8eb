import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromUtf8, utf8 } from '../../../src/bytes/index.ts';
import { UsageError } from '../../../src/cli/exit.ts';
import { explain } from '../../../src/cli/explain.ts';

/** Takes one input. What it throws is a failure: what a parser may answer, errors of its own among it, is taken here. */
export type Read = (input: Uint8Array) => void | Promise<void>;

export interface Parser {
  /** Good inputs, from which others are made. */
  readonly seeds: () => readonly Uint8Array[];
  /** Prepares what the parser needs besides. */
  readonly make: () => Read;
}

const LINE = /^[^\n]{1,2000}$/;

export const aLine = (says: string): void => {
  if (!LINE.test(says)) throw new Error(`is told in something else than a line: ${says.slice(0, 200)}`);
};

/** Errors that a person can mend: coded, and told in one line, however long what it quotes is. */
export const mendable = (error: unknown): void => {
  if (!(error instanceof UsageError)) throw error;
  const { lines } = explain(error, []);
  aLine(lines.join('\n'));
};

/** A result, or one line that says why there is none. */
export const orLine = (result: { readonly ok: boolean; readonly error?: unknown }): void => {
  if (!result.ok) aLine(String(result.error));
};

/** Made when it is first needed. */
export const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

export const jsonBytes = (value: unknown): Uint8Array => utf8(JSON.stringify(value, undefined, 1));
/** Any bytes as text: what is no UTF-8 is read byte by byte. */
export const textOf = (bytes: Uint8Array): string => fromUtf8(bytes) ?? new TextDecoder('latin1').decode(bytes);
export const jsonOf = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(textOf(bytes));
  } catch {
    return undefined;
  }
};

/** A reader of files, given each input in a file of its own. */
export const fromFile =
  (name: string, read: (path: string) => Promise<unknown>): (() => Read) =>
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'swcca-input-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, name);
    return (input) => {
      writeFileSync(path, input);
      return read(path).then(() => undefined, mendable);
    };
  };
