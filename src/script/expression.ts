import type { BinaryOp, Comparison, Expression, Field, Member } from './ast.ts';
import { type Cursor, meant, unknown } from './cursor.ts';
import { clip } from './lexer.ts';

/** What a bare word may be: a constant of the ABI, or, where objects are compared, also the name of a state. */
export type Words = 'constants' | 'any';

const PRECEDENCE: Readonly<Record<BinaryOp, number>> = { '|': 1, '&': 2, '<<': 3, '>>': 3, '+': 4, '-': 4, '*': 5 };

const MAX_CHAIN = 256;

const operatorHere = ({ here }: Cursor): BinaryOp | undefined => {
  if (here.kind !== 'mark' || !Object.hasOwn(PRECEDENCE, here.text)) return undefined;
  // `$a - 1` and `$a-1` are differences; in `$a -1` a second value begins.
  return here.before === here.after ? (here.text as BinaryOp) : undefined;
};

const placeOf = ({ here: { line, column } }: Cursor) => ({ line, column });

const primary = (cursor: Cursor, words: Words): Expression => {
  const place = placeOf(cursor);
  const { here, scope } = cursor;
  switch (here.kind) {
    case 'number':
      cursor.next();
      return { kind: 'number', value: here.number ?? 0n, ...place };
    case 'bytes':
      cursor.next();
      return { kind: 'bytes', value: here.bytes ?? new Uint8Array(), ...place };
    case 'name':
      if (!scope.knows(here.text)) {
        const near = meant(
          `$${here.text}`,
          scope.names.map((name) => `$${name}`),
        );
        throw unknown(here, `$${clip(here.text)} has no value yet; let ${clip(here.text)} = …${near}`);
      }
      cursor.next();
      return { kind: 'name', name: here.text, ...place };
    case 'word':
      return word(cursor, words);
  }
  if (cursor.take('(')) {
    const value = cursor.nested(() => parseExpression(cursor, words));
    cursor.want(')', 'a closing )');
    return value;
  }
  if (cursor.is('-') || cursor.is('~')) {
    const kind = cursor.next().text === '-' ? 'negate' : 'invert';
    return { kind, of: cursor.nested(() => primary(cursor, words)), ...place };
  }
  throw cursor.expected('a value, such as 0x1000, $rd or granule');
};

const word = (cursor: Cursor, words: Words): Expression => {
  const place = placeOf(cursor);
  const { text, after } = cursor.here;
  if (text === 'granule') {
    cursor.next();
    // `granule (…)` with a space is one granule and a value after it.
    if (after || !cursor.take('(')) return { kind: 'granule', count: undefined, ...place };
    const count = cursor.nested(() => parseExpression(cursor, 'constants'));
    cursor.want(')', 'a closing )');
    return { kind: 'granule', count, ...place };
  }
  const { constants } = cursor.scope.vocabulary;
  if (words === 'constants' && !constants.has(text)) {
    throw cursor.expected('a value: a number, a name such as $rd, or a constant', [...constants.keys()]);
  }
  cursor.next();
  return { kind: 'word', word: text, ...place };
};

/** A value: operators bind as in C, but stand with white space on both sides or on none. */
export const parseExpression = (cursor: Cursor, words: Words = 'constants', least = 1): Expression => {
  let left = primary(cursor, words);
  // A chain becomes a tree that leans to the left: as deep as it is long.
  for (let length = 0; ; length += 1) {
    const op = operatorHere(cursor);
    if (op === undefined || PRECEDENCE[op] < least) return left;
    if (length === MAX_CHAIN) throw cursor.expected(`at most ${MAX_CHAIN} operators in a row`);
    cursor.next();
    const right = cursor.nested(() => parseExpression(cursor, words, PRECEDENCE[op] + 1));
    left = { kind: 'binary', op, left, right, line: left.line, column: left.column };
  }
};

/** A value, or `[a, b, …]` for a member that is an array. */
export const parseFieldValue = (cursor: Cursor, words: Words = 'constants'): Expression => {
  const place = placeOf(cursor);
  if (!cursor.take('[')) return parseExpression(cursor, words);
  const items: Expression[] = [];
  while (!cursor.is(']')) {
    items.push(parseExpression(cursor));
    cursor.take(',');
    if (cursor.here.kind === 'end') throw cursor.expected('a closing ]');
  }
  cursor.next();
  return { kind: 'list', items, ...place };
};

/** `top`, `x1`, `gprs[3]`. */
export const parseMember = (cursor: Cursor, what: string): Member => {
  const { text, line, column } = cursor.wantWord(what);
  if (!cursor.is('[') || cursor.here.before) return { name: text, index: undefined, line, column };
  cursor.next();
  const index = cursor.wantNumber('the number of an element').number ?? 0n;
  cursor.want(']', 'a closing ]');
  return { name: text, index: index > 0xffffn ? 0xffff : Number(index), line, column };
};

export const memberText = ({ name, index }: Pick<Member, 'name' | 'index'>): string =>
  index === undefined ? name : `${name}[${index}]`;

/** Reads `{ … }`, white space, commas and line ends between the items. */
export const parseBraces = <T>(cursor: Cursor, item: () => T): T[] => {
  cursor.want('{');
  const items: T[] = [];
  while (!cursor.is('}')) {
    if (cursor.here.kind === 'end') throw cursor.expected('a closing }');
    items.push(item());
    cursor.take(',');
  }
  cursor.next();
  return items;
};

/** `name=value`; `check` refuses a name that is not there. */
export const parseField = (
  cursor: Cursor,
  what: string,
  check: (member: Member) => void,
  words: Words = 'constants',
): Field => {
  const member = parseMember(cursor, what);
  check(member);
  cursor.want('=', `= after ${memberText(member)}`);
  return { member, value: parseFieldValue(cursor, words) };
};

const COMPARISONS: readonly Comparison[] = ['=', '!=', '<', '<=', '>', '>='];

export const parseComparison = (cursor: Cursor): Comparison => {
  const found = COMPARISONS.find((each) => cursor.is(each));
  if (found === undefined) throw cursor.expected('one of = != < <= > >=');
  cursor.next();
  return found;
};

/** No member is given twice. */
export const refuseTwice = (fields: readonly Field[]): void => {
  const seen = new Set<string>();
  for (const { member } of fields) {
    const text = memberText(member);
    if (seen.has(text)) throw unknown(member, `${text} is given twice`);
    seen.add(text);
  }
};

export const refuseUnknown = (member: Member, owner: string, known: readonly string[]): void => {
  if (known.includes(member.name)) return;
  if (known.length === 0) throw unknown(member, `${owner} has no members`);
  const names = known.length > 12 ? '' : `: ${known.join(', ')}`;
  throw unknown(member, `${owner} has no ${clip(member.name)}${meant(member.name, known)}${names}`);
};
