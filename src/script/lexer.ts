import { fromHex, utf8 } from '../bytes/index.ts';
import { type Place, type ScriptError, syntax } from './problem.ts';

/** A piece of a script. `spaced` says whether white space stands before it and after it: it tells `-1` from `a - 1`. */
export interface Token extends Place {
  readonly kind: 'number' | 'word' | 'name' | 'bytes' | 'mark' | 'raw' | 'end';
  /** As it is written; of a name without the `$`. */
  readonly text: string;
  readonly number?: bigint;
  readonly bytes?: Uint8Array;
  readonly before: boolean;
  readonly after: boolean;
}

/** One statement's tokens, up to and with its `end`. */
export interface Sentence {
  readonly tokens: readonly Token[];
  /** What is wrong with its text, if something is: it has no meaning then. */
  readonly error?: ScriptError;
}

const MARKS = ['=>', '->', '..', '<<', '>>', '<=', '>=', '!=', ...'{}()[],=<>+-*&|~'] as const;

const UNITS: Readonly<Record<string, bigint>> = { KiB: 1n << 10n, MiB: 1n << 20n, GiB: 1n << 30n, TiB: 1n << 40n };

const NUMBER = /(0x[0-9a-f_]+|[0-9][0-9_]*)([KMGT]iB)?(?![A-Za-z0-9_])/iy;
// A word or a name has a bounded number of parts: an expression engine has no bound on its own stack.
const WORD = /[A-Za-z_][A-Za-z0-9_.]*(?:-[A-Za-z0-9_][A-Za-z0-9_.]*){0,8}/y;
const NAME = /\$([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+){0,8})/y;
const HEX_STRING = /hex"([^"\n]*)"/y;
const STRING = /"([^"\n]*)"/y;
const SPACE = /[ \t\r]+/y;
const COMMENT = /#[^\n]*/y;

/** The first word of a sentence whose rest is taken as it stands. */
const RAW_WORDS: ReadonlySet<string> = new Set(['config', 'help']);

const LARGEST = (1n << 64n) - 1n;

/** More digits than any 64-bit value has, underscores included. */
const MAX_DIGITS = 96;

const numberOf = (text: string, unit: string | undefined, place: Place): bigint => {
  const digits = text.replaceAll('_', '');
  if (digits.length > MAX_DIGITS || /^0x$/i.test(digits)) throw syntax(place, `"${clip(text)}" is no number`);
  const value = BigInt(digits) * (unit === undefined ? 1n : (UNITS[unit] ?? 1n));
  if (value > LARGEST) throw syntax(place, `${clip(text)}${unit ?? ''} does not fit 64 bits`);
  return value;
};

/** As much of a word as an error shows. */
export const clip = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

interface Read {
  readonly kind: Token['kind'];
  readonly text: string;
  readonly length: number;
  readonly number?: bigint;
  readonly bytes?: Uint8Array;
}

const match = (pattern: RegExp, text: string, at: number): RegExpExecArray | undefined => {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
};

const readToken = (text: string, at: number, place: Place): Read => {
  const hex = match(HEX_STRING, text, at);
  if (hex !== undefined) {
    const bytes = fromHex((hex[1] ?? '').replace(/[ _]/g, ''));
    if (bytes === undefined) throw syntax(place, 'hex"…" takes an even number of hexadecimal digits');
    return { kind: 'bytes', text: hex[0], length: hex[0].length, bytes };
  }
  const string = match(STRING, text, at);
  if (string !== undefined) {
    return { kind: 'bytes', text: string[0], length: string[0].length, bytes: utf8(string[1] ?? '') };
  }
  const number = match(NUMBER, text, at);
  if (number !== undefined) {
    const value = numberOf(number[1] ?? '', number[2], place);
    return { kind: 'number', text: number[0], length: number[0].length, number: value };
  }
  const name = match(NAME, text, at);
  if (name !== undefined) return { kind: 'name', text: name[1] ?? '', length: name[0].length };
  const word = match(WORD, text, at);
  if (word !== undefined) return { kind: 'word', text: word[0], length: word[0].length };
  const mark = MARKS.find((each) => text.startsWith(each, at));
  if (mark !== undefined) return { kind: 'mark', text: mark, length: mark.length };
  const odd = /^[0-9][A-Za-z0-9_]*/.exec(text.slice(at, at + 64))?.[0];
  if (odd !== undefined) throw syntax(place, `"${clip(odd)}" is no number; write 10, 0x1000 or 2MiB`);
  if (text[at] === '"') throw syntax(place, 'a closing " is missing on this line');
  if (text[at] === '$') throw syntax(place, 'a name follows $, such as $rd');
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  throw syntax(place, `a script has no use for ${JSON.stringify(character)}`);
};

const isSpace = (text: string | undefined): boolean =>
  text === undefined || text === ' ' || text === '\t' || text === '\r' || text === '\n';

/**
 * Splits a script into sentences: one a line, but a line goes on while a bracket is open, and where the next one
 * begins with `=>` or `->`. Total: a sentence that cannot be read says so and the next line is read as if nothing were.
 */
export function* sentencesOf(text: string): Generator<Sentence> {
  let at = 0;
  let line = 1;
  let lineStart = 0;
  let tokens: Token[] = [];
  let depth = 0;
  const place = (): Place => ({ line, column: at - lineStart + 1 });
  const newLine = (): void => {
    at += 1;
    line += 1;
    lineStart = at;
  };
  const take = (error?: ScriptError): Sentence => {
    const end: Token = { kind: 'end', text: '', before: true, after: true, ...place() };
    const sentence: Sentence = { tokens: [...tokens, end], ...(error === undefined ? {} : { error }) };
    tokens = [];
    depth = 0;
    return sentence;
  };

  while (at < text.length) {
    const blank = match(SPACE, text, at) ?? match(COMMENT, text, at);
    if (blank !== undefined) {
      at += blank[0].length;
      continue;
    }
    if (text[at] === '\n') {
      if (tokens.length > 0 && depth === 0 && !goesOn(text, at)) yield take();
      newLine();
      continue;
    }
    const here = place();
    const [first] = tokens;
    if (tokens.length === 1 && first?.kind === 'word' && RAW_WORDS.has(first.text)) {
      const stop = text.indexOf('\n', at);
      const raw = text.slice(at, stop < 0 ? text.length : stop).trimEnd();
      tokens.push({ kind: 'raw', text: raw, before: true, after: true, ...here });
      at += raw.length;
      continue;
    }
    try {
      const { length, ...read } = readToken(text, at, here);
      tokens.push({ ...read, ...here, before: isSpace(text[at - 1]), after: isSpace(text[at + length]) });
      if (read.kind === 'mark' && '{(['.includes(read.text)) depth += 1;
      if (read.kind === 'mark' && '})]'.includes(read.text)) depth = Math.max(0, depth - 1);
      at += length;
    } catch (error) {
      yield take(error as ScriptError);
      const stop = text.indexOf('\n', at);
      at = stop < 0 ? text.length : stop;
    }
  }
  if (tokens.length > 0) yield take();
}

/** Whether what follows the end of a line, blank lines and comments aside, belongs to the sentence before it. */
const goesOn = (text: string, at: number): boolean => {
  let next = at;
  for (;;) {
    const blank = text[next] === '\n' ? 1 : (match(SPACE, text, next) ?? match(COMMENT, text, next))?.[0].length;
    if (blank === undefined) return text.startsWith('=>', next) || text.startsWith('->', next);
    next += blank;
  }
};

/** Tokens on one line, as they stand, comments left out. */
export const textOf = (tokens: readonly Token[]): string =>
  tokens
    .map(({ kind, text, before }) => `${before ? ' ' : ''}${kind === 'name' ? `$${text}` : text}`)
    .join('')
    .trim();

/** Whether a bracket is still open: more lines belong to this text. */
export const isOpen = (text: string): boolean => {
  let depth = 0;
  for (const { tokens, error } of sentencesOf(text)) {
    depth = 0;
    if (error !== undefined) continue;
    for (const token of tokens) {
      if (token.kind === 'mark' && '{(['.includes(token.text)) depth += 1;
      if (token.kind === 'mark' && '})]'.includes(token.text)) depth -= 1;
    }
  }
  return depth > 0;
};
