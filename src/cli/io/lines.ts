import { createReadStream } from 'node:fs';
import { fromUtf8 } from '../../bytes/index.ts';
import { badInput } from '../exit.ts';
import { inputName } from './read.ts';
import { systemReason } from './system-error.ts';

/** Longer than any line that was written as one. */
const MAX_LINE_BYTES = 1 << 20;

export interface InputLine {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  const stream = path === '-' ? process.stdin : createReadStream(path);
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) yield chunk;
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    throw badInput(`${inputName(path)}: cannot be read: ${reason}`, error);
  } finally {
    stream.destroy();
  }
}

/**
 * The lines of a file of any size, or of standard input for `-`: no more than one is held.
 *
 * @throws {UsageError} INPUT, when the file cannot be read, or a line is no text or longer than 1 MiB.
 */
export async function* linesOf(path: string): AsyncGenerator<InputLine> {
  const name = inputName(path);
  let line = 0;
  let pending: Uint8Array[] = [];
  let size = 0;
  const take = (tail: Uint8Array): InputLine => {
    line += 1;
    const text = fromUtf8(pending.length === 0 ? tail : Buffer.concat([...pending, tail]));
    if (text === undefined) throw badInput(`${name}:${line}: is not text (UTF-8)`);
    pending = [];
    size = 0;
    return { line, text };
  };
  for await (const chunk of chunksOf(path)) {
    let from = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
      yield take(chunk.subarray(from, end));
      from = end + 1;
    }
    const rest = chunk.subarray(from);
    if (rest.length === 0) continue;
    pending.push(rest);
    size += rest.length;
    if (size > MAX_LINE_BYTES) throw badInput(`${name}:${line + 1}: the line is longer than any that is expected here`);
  }
  if (size > 0) yield take(new Uint8Array());
}

export interface JsonLine {
  readonly line: number;
  readonly value: unknown;
}

/**
 * The JSON values of a file with one on each line.
 *
 * @throws {UsageError} INPUT, as `linesOf`, and when a line is not JSON or there is none.
 */
export async function* jsonLinesOf(path: string, what: string): AsyncGenerator<JsonLine> {
  let lines = 0;
  for await (const { line, text } of linesOf(path)) {
    lines = line;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw badInput(`${inputName(path)}:${line}: is not JSON: ${(error as SyntaxError).message}`, error);
    }
    yield { line, value };
  }
  if (lines === 0) throw badInput(`${inputName(path)}: is empty, ${what} is needed`);
}
