import { RmiRecEnter, RmiRecExit } from '../abi/index.ts';
import { DEFAULT_PROFILE } from '../machine/index.ts';
import { SPEC_IMP_DEF } from '../rmm/index.ts';
import { sentencesOf, type Token } from './lexer.ts';
import { OBJECT_MEMBERS } from './objects.ts';
import { REALM_FIELDS } from './parse-calls.ts';
import { PERSONALITY_NAMES } from './stage.ts';
import { STATEMENT_WORDS } from './statements.ts';
import { EXIT_REASONS, type Family, VOCABULARY_1_0 } from './vocabulary.ts';

/** What can stand where a line ends, and the part of it that is there already. */
export interface Completion {
  readonly candidates: readonly string[];
  readonly fragment: string;
}

const { commands, structures, constants, statuses } = VOCABULARY_1_0;
const SHAPES = [...structures.keys(), 'u8', 'u16', 'u32', 'u64', 'i64', 'bytes'];
const REGISTERS = [...Array.from({ length: 31 }, (_, n) => `x${n}`), 'pc'];
const RESULTS = [...statuses, 'exit', 'exception', 'entered', 'done', 'fault', '_'];

const isFamily = (word: string): word is Family => Object.hasOwn(commands, word);

const lastSentence = (line: string): readonly Token[] => {
  let last: readonly Token[] = [];
  for (const { tokens } of sentencesOf(line)) last = tokens.slice(0, -1);
  return last;
};

const isMark = (token: Token | undefined, ...marks: readonly string[]): boolean =>
  token?.kind === 'mark' && marks.includes(token.text);

/** Whether the place is between braces that are still open. */
const inBraces = (tokens: readonly Token[]): boolean =>
  tokens.reduce((depth, token) => depth + (isMark(token, '{') ? 1 : isMark(token, '}') ? -1 : 0), 0) > 0;

const membersOf = (words: readonly string[], afterArrow: boolean): readonly string[] => {
  const [first = '', second = ''] = words;
  const layout = structures.get(second);
  if (layout !== undefined) return Object.keys(layout.members);
  if (first === 'realm') return REALM_FIELDS;
  if (first === 'enter' && !afterArrow) return Object.keys(RmiRecEnter.members);
  if (isFamily(first)) return Object.keys(commands[first].get(second)?.outputs ?? {});
  if (first === 'expect' && Object.hasOwn(OBJECT_MEMBERS, second)) {
    return OBJECT_MEMBERS[second as keyof typeof OBJECT_MEMBERS];
  }
  return Object.keys(RmiRecExit.members);
};

/** The second word of a statement, by the first. */
const SECOND: Readonly<Record<string, readonly string[]>> = {
  rmi: [...commands.rmi.keys()],
  rsi: [...commands.rsi.keys()],
  psci: [...commands.psci.keys()],
  smc: ['host', 'realm'],
  write: SHAPES,
  patch: [...structures.keys()],
  read: SHAPES,
  load: SHAPES,
  store: SHAPES,
  fetch: ['at', 'bytes'],
  interrupt: ['IRQ', 'FIQ', 'SERROR'],
  show: ['granule', 'realm', 'rec', 'rtt', 'exit', 'machine', 'names'],
  expect: ['granule', 'realm', 'rec', 'rtt', 'exit', ...REGISTERS],
  help: [...STATEMENT_WORDS, ...commands.rmi.keys(), ...commands.rsi.keys(), ...commands.psci.keys()],
  machine: Object.keys(DEFAULT_PROFILE),
  impdef: Object.keys(SPEC_IMP_DEF),
  personality: PERSONALITY_NAMES,
  switch: PERSONALITY_NAMES,
};

const wordsAt = (tokens: readonly Token[]): readonly string[] => {
  const [first, ...rest] = tokens;
  const last = tokens.at(-1);
  if (first === undefined) return STATEMENT_WORDS;
  const words = tokens.filter(({ kind }) => kind === 'word').map(({ text }) => text);
  const arrow = tokens.findLastIndex((token) => isMark(token, '=>'));
  if (isMark(last, '=>') || last?.text === 'or') return RESULTS;
  if (last?.text === 'exit') return EXIT_REASONS;
  if (last?.text === 'under') return PERSONALITY_NAMES;
  if (inBraces(tokens) && !isMark(last, '=', '!=', '<', '>', '<=', '>=')) return membersOf(words, arrow >= 0);
  if (rest.length === 0) return SECOND[first.text] ?? [...constants.keys(), 'granule'];
  if (first.text === 'machine' || first.text === 'impdef' || first.text === 'personality')
    return SECOND[first.text] ?? [];
  if (arrow >= 0) return ['by', 'or', 'under', ...REGISTERS];
  const [, second = ''] = words;
  const inputs = isFamily(first.text) ? Object.keys(commands[first.text].get(second)?.inputs ?? {}) : [];
  return [...inputs, 'at', 'run', 'into', 'from', 'level', 'granule', ...constants.keys(), ...REGISTERS];
};

/** Completes a line at its end: statements, commands, members, registers, states, and the names of a session. */
export const complete = (line: string, names: Iterable<string>): Completion => {
  const fragment = /(?:\$[A-Za-z0-9_.]*|[A-Za-z_][A-Za-z0-9_.-]*)$/.exec(line)?.[0] ?? '';
  const known = fragment.startsWith('$')
    ? [...names].map((name) => `$${name}`)
    : wordsAt(lastSentence(line.slice(0, line.length - fragment.length)));
  const candidates = [...new Set(known)].filter((each) => each.toLowerCase().startsWith(fragment.toLowerCase()));
  return { candidates, fragment };
};
