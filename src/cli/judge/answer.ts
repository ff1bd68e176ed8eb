import { stripVTControlCharacters } from 'node:util';
import { oneLine } from '../io/terminal.ts';

/** What a verifier did with a token. */
export const ANSWERS = {
  accepted: 'it accepts',
  refused: 'it refuses',
  crashed: 'it ends by a signal, a panic or an exception that nobody caught',
  hung: 'it does not answer in time',
  'out-of-memory': 'it takes more memory than it may',
} as const;
export type AnswerKind = keyof typeof ANSWERS;

export interface Answer {
  readonly kind: AnswerKind;
  /** Its last words, one line. */
  readonly says: string;
  readonly ms: number;
}

/** What counts as acceptance. */
export interface Acceptance {
  /** Exit statuses. */
  readonly exit: readonly number[];
  /** What the output has to match besides. */
  readonly output?: RegExp | undefined;
}

/** Resources that one token may take. */
export interface Limits {
  readonly timeoutMs: number;
  readonly memoryMiB: number;
}

/** How a verifier is asked. */
export interface Verifier {
  readonly name: string;
  ask(one: Question): Promise<Answer>;
  /** Ends what runs on between questions. */
  close(): void;
}

/** One token and what goes with it, as files. */
export interface Question {
  readonly files: Readonly<Record<string, string>>;
  readonly mediaType: string;
}

const MAX_WORDS = 300;

/** The last line of a text that says something, cut, without what a terminal would obey. */
export const lastWords = (text: string): string => {
  const lines = stripVTControlCharacters(text).split(/\r?\n/);
  const line = lines.findLast((each) => each.trim() !== '') ?? '';
  return oneLine(line.trim()).slice(0, MAX_WORDS);
};
