import type { Binding, Check, Expectation, Member, Pattern } from './ast.ts';
import { type Cursor, meant, unknown } from './cursor.ts';
import { memberText, parseBraces, parseComparison, parseExpression, parseMember, refuseUnknown } from './expression.ts';
import { clip } from './lexer.ts';
import { variantConditions } from './variants.ts';
import { bareStatus, EXIT_REASONS } from './vocabulary.ts';

/** What an act's results can be checked and bound by: what it is called, and which names it has. */
export interface Results {
  readonly what: string;
  readonly members: readonly string[];
  /** Identifiers of its failure conditions. */
  readonly conditions: readonly string[];
  /** Whether it is one value, which can be kept as a whole. */
  readonly whole: boolean;
}

/** General registers as a script names them. */
export const registerNumber = (name: string): number | undefined => {
  const number = /^x(0|[1-9]|[12][0-9]|30)$/.exec(name)?.[1];
  return number === undefined ? undefined : Number(number);
};

const checkMember = (member: Member, { what, members }: Results): void => {
  if (registerNumber(member.name) !== undefined && member.index === undefined) return;
  refuseUnknown(member, what, members);
};

export const parseCheck = (cursor: Cursor, results: Results): Check => {
  const member = parseMember(cursor, 'the name of a result');
  checkMember(member, results);
  const compare = parseComparison(cursor);
  if (cursor.takeWord('_')) return { member, compare, value: 'any' };
  return { member, compare, value: parseExpression(cursor, 'any') };
};

const parsePattern = (cursor: Cursor): Pattern => {
  const { here, scope } = cursor;
  const place = { line: here.line, column: here.column };
  if (here.kind !== 'word') return { kind: 'value', value: parseExpression(cursor), ...place };
  const { text } = here;
  switch (text) {
    case '_':
      cursor.next();
      return { kind: 'any', ...place };
    case 'done':
    case 'fault':
    case 'entered':
      cursor.next();
      return { kind: text, ...place };
    case 'exit': {
      cursor.next();
      return { kind: 'exit', reason: parseReason(cursor), ...place };
    }
    case 'exception': {
      cursor.next();
      return { kind: 'exception', exception: cursor.wantWord('an exception, such as SEA').text, ...place };
    }
  }
  const name = bareStatus(text);
  if (scope.vocabulary.statuses.has(name)) {
    cursor.next();
    return { kind: 'status', name, index: parseIndex(cursor), ...place };
  }
  if (scope.vocabulary.constants.has(text)) return { kind: 'value', value: parseExpression(cursor), ...place };
  throw cursor.expected('a result, such as SUCCESS, ERROR_RTT(2), exit HOST_CALL or _', [
    ...scope.vocabulary.statuses,
    'exit',
    'exception',
    'entered',
  ]);
};

const parseIndex = (cursor: Cursor): number | undefined => {
  if (!cursor.is('(') || cursor.here.before) return undefined;
  cursor.next();
  const negative = cursor.take('-');
  const index = cursor.wantNumber('the index of the return code').number ?? 0n;
  cursor.want(')', 'a closing )');
  return Number(negative ? -index : index);
};

/** The reason of an exit, when one is named. */
export const parseReason = (cursor: Cursor): string | undefined => {
  if (cursor.here.kind !== 'word' || ['or', 'by', 'under'].includes(cursor.here.text)) return undefined;
  if (!EXIT_REASONS.includes(cursor.here.text)) {
    throw cursor.expected(`a reason of an exit: ${EXIT_REASONS.join(', ')}`, EXIT_REASONS);
  }
  return cursor.next().text;
};

/** `under spec tf-rmm` */
export const parseUnder = (cursor: Cursor): string[] => {
  if (!cursor.takeWord('under')) return [];
  const names: string[] = [];
  do {
    names.push(parsePersonality(cursor));
    cursor.take(',');
  } while (cursor.here.kind === 'word');
  return names;
};

export const parsePersonality = (cursor: Cursor): string => {
  const { personalities } = cursor.scope;
  if (cursor.here.kind !== 'word' || !personalities.includes(cursor.here.text)) {
    throw cursor.expected('a personality such as spec or tf-rmm, or a switch such as D2', personalities);
  }
  return cursor.next().text;
};

const parseExpectation = (cursor: Cursor, results: Results): Expectation => {
  const { line, column } = cursor.want('=>');
  const patterns = [parsePattern(cursor)];
  while (cursor.takeWord('or')) patterns.push(parsePattern(cursor));
  const by = cursor.takeWord('by') ? parseCondition(cursor, results) : undefined;
  const checks = cursor.is('{') ? parseBraces(cursor, () => parseCheck(cursor, results)) : [];
  return { patterns, by, checks, under: parseUnder(cursor), line, column };
};

const parseCondition = (cursor: Cursor, { what, conditions }: Results): string => {
  const { text } = cursor.here;
  const token = cursor.wantWord('the identifier of a failure condition');
  if (!conditions.includes(text) && !variantConditions(what).includes(text)) {
    throw unknown(token, `${what} has no failure condition ${clip(text)}${meant(text, conditions)}`);
  }
  return text;
};

/** Names can be told from words by looking at them; a name of a script has no hyphen. */
export const parseNewName = (cursor: Cursor): string => {
  const { text } = cursor.here;
  if (cursor.here.kind === 'name') throw cursor.expected('a new name, without $');
  if (cursor.here.kind !== 'word' || !/^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z0-9_]+){0,8}$/.test(text) || text === '_') {
    throw cursor.expected('a new name, such as rd');
  }
  return cursor.next().text;
};

const parseBinding = (cursor: Cursor, results: Results): Binding => {
  const isPlain = !(cursor.ahead.kind === 'mark' && ['=', '['].includes(cursor.ahead.text));
  if (isPlain && results.whole) return { source: undefined, name: parseNewName(cursor) };
  const source = parseMember(cursor, 'the name of a result');
  checkMember(source, results);
  cursor.want('=', `= after ${memberText(source)}`);
  return { source, name: parseNewName(cursor) };
};

/** What follows every statement that does something: what is expected, what is kept. */
export const parseTail = (
  cursor: Cursor,
  results: Results,
): { readonly expectations: readonly Expectation[]; readonly bindings: readonly Binding[] } => {
  const expectations: Expectation[] = [];
  const bindings: Binding[] = [];
  while (cursor.is('=>')) expectations.push(parseExpectation(cursor, results));
  while (cursor.take('->')) {
    do {
      bindings.push(parseBinding(cursor, results));
      cursor.take(',');
    } while (cursor.here.kind === 'word');
  }
  return { expectations, bindings };
};
