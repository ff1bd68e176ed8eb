import { Bug, nearest } from '../bytes/index.ts';
import type { Setting } from './ast.ts';
import { clip, type Token } from './lexer.ts';
import { type Place, ScriptError, syntax } from './problem.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What a parser needs to know besides the text. */
export interface Scope {
  readonly vocabulary: Vocabulary;
  /** Whether a name has a value where the statement stands. */
  knows(name: string): boolean;
  /** From here on the name has a value. */
  learn(name: string): void;
  readonly names: readonly string[];
  /** Personalities that can be asked for, and switches that stand for the specification with that one on. */
  readonly personalities: readonly string[];
  /** Identifiers of single differences. */
  readonly switches: readonly string[];
  /** Members that each kind of setting has. */
  readonly settings: Readonly<Record<Setting, readonly string[]>>;
}

/** The tokens of one statement, read from left to right. Each `want…` refuses with what it expected. */
export interface Cursor {
  readonly scope: Scope;
  /** The token that is next. */
  readonly here: Token;
  /** The one after it. */
  readonly ahead: Token;
  /** How deeply brackets are nested: bounded, so that no text exhausts the stack. */
  nested<T>(read: () => T): T;
  next(): Token;
  is(mark: string): boolean;
  isWord(...words: readonly string[]): boolean;
  take(mark: string): boolean;
  takeWord(word: string): boolean;
  want(mark: string, what?: string): Token;
  wantWord(what: string): Token;
  wantNumber(what: string): Token;
  /** Whether nothing of the statement's own part is left: its expectations and bindings may follow. */
  readonly isOver: boolean;
  expected(what: string, known?: readonly string[]): ScriptError;
}

const MAX_NESTING = 64;

const found = (token: Token): string => {
  if (token.kind === 'end') return 'the line ends here';
  return `found ${token.kind === 'name' ? `$${clip(token.text)}` : clip(token.text)}`;
};

/** ` (did you mean RTT_FOLD?)`, or nothing. */
export const meant = (word: string, known: readonly string[]): string => {
  const near = nearest(word, known);
  return near === undefined ? '' : ` (did you mean ${near}?)`;
};

export const createCursor = (tokens: readonly Token[], scope: Scope): Cursor => {
  let position = 0;
  let depth = 0;
  const at = (offset: number): Token => {
    const token = tokens[Math.min(position + offset, tokens.length - 1)];
    if (token === undefined) throw new Bug('a statement without tokens');
    return token;
  };
  const cursor: Cursor = {
    scope,
    get here() {
      return at(0);
    },
    get ahead() {
      return at(1);
    },
    nested(read) {
      if (depth >= MAX_NESTING) throw syntax(at(0), `brackets are nested more than ${MAX_NESTING} deep`);
      depth += 1;
      const value = read();
      depth -= 1;
      return value;
    },
    next() {
      const token = at(0);
      position = Math.min(position + 1, tokens.length - 1);
      return token;
    },
    is: (mark) => at(0).kind === 'mark' && at(0).text === mark,
    isWord: (...words) => at(0).kind === 'word' && words.includes(at(0).text),
    take(mark) {
      if (!cursor.is(mark)) return false;
      cursor.next();
      return true;
    },
    takeWord(word) {
      if (!cursor.isWord(word)) return false;
      cursor.next();
      return true;
    },
    want(mark, what = mark) {
      if (!cursor.is(mark)) throw cursor.expected(what);
      return cursor.next();
    },
    wantWord(what) {
      if (at(0).kind !== 'word') throw cursor.expected(what);
      return cursor.next();
    },
    wantNumber(what) {
      if (at(0).kind !== 'number') throw cursor.expected(what);
      return cursor.next();
    },
    get isOver() {
      return at(0).kind === 'end' || cursor.is('=>') || cursor.is('->');
    },
    expected(what, known = []) {
      const token = at(0);
      return syntax(token, `expected ${what}, ${found(token)}${meant(token.text, known)}`);
    },
  };
  return cursor;
};

export const unknown = (place: Place, message: string): ScriptError => new ScriptError('NAME', place, message);
