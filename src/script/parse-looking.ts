import type { Member, Subject } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseBraces, parseComparison, parseExpression } from './expression.ts';
import { OBJECT_MEMBERS } from './objects.ts';
import { parseCheck, parseReason, parseUnder, registerNumber } from './patterns.ts';
import { syntax } from './problem.ts';
import { EXIT_MEMBERS, NO_CONDITIONS, type Parsed } from './statement-kind.ts';

const SUBJECTS = ['granule', 'realm', 'rec', 'rtt', 'exit', 'machine', 'names'] as const;

const parseSubject = (cursor: Cursor): Subject => {
  const place = { line: cursor.here.line, column: cursor.here.column };
  const kind = SUBJECTS.find((each) => cursor.isWord(each));
  if (kind === undefined) throw cursor.expected(`one of ${SUBJECTS.join(', ')}`, SUBJECTS);
  cursor.next();
  if (kind === 'exit' || kind === 'machine' || kind === 'names') return { kind, ...place };
  const address = parseExpression(cursor);
  if (kind !== 'rtt') return { kind, address, ...place };
  const ipa = cursor.takeWord('at') ? parseExpression(cursor) : undefined;
  const level = ipa !== undefined && cursor.takeWord('level') ? parseExpression(cursor) : undefined;
  return { kind, rd: address, ipa, level, ...place };
};

const isRegister = ({ name, index }: Member): boolean =>
  index === undefined && (registerNumber(name) !== undefined || name === 'pc');

export const expect = (cursor: Cursor): Parsed => {
  const { here, ahead } = cursor;
  const register = { name: here.text, index: undefined, line: here.line, column: here.column };
  if (here.kind === 'word' && isRegister(register) && ahead.kind === 'mark') {
    cursor.next();
    const compare = parseComparison(cursor);
    const value = parseExpression(cursor);
    return { act: { act: 'expect-register', check: { member: register, compare, value }, under: parseUnder(cursor) } };
  }
  if (here.kind !== 'word' || cursor.scope.vocabulary.constants.has(here.text)) {
    const left = parseExpression(cursor);
    const compare = parseComparison(cursor);
    return { act: { act: 'expect-value', left, compare, right: parseExpression(cursor), under: parseUnder(cursor) } };
  }
  const subject = parseSubject(cursor);
  if (subject.kind === 'machine' || subject.kind === 'names')
    throw syntax(subject, `nothing can be expected of ${subject.kind}`);
  if (subject.kind === 'rtt' && subject.ipa === undefined) throw cursor.expected('at and an IPA');
  const reason = subject.kind === 'exit' ? parseReason(cursor) : undefined;
  const members = subject.kind === 'exit' ? EXIT_MEMBERS : OBJECT_MEMBERS[subject.kind];
  const results = { what: subject.kind, members, conditions: NO_CONDITIONS, whole: false };
  const checks =
    subject.kind !== 'exit' || cursor.is('{') ? parseBraces(cursor, () => parseCheck(cursor, results)) : [];
  return { act: { act: 'expect', subject, reason, checks, under: parseUnder(cursor) } };
};

export const show = (cursor: Cursor): Parsed => {
  const subject = parseSubject(cursor);
  const hasMembers =
    Object.hasOwn(OBJECT_MEMBERS, subject.kind) && !(subject.kind === 'rtt' && subject.ipa === undefined);
  const members: readonly string[] = hasMembers ? OBJECT_MEMBERS[subject.kind as keyof typeof OBJECT_MEMBERS] : [];
  const act = { act: 'show' as const, subject };
  if (cursor.is('=>')) throw cursor.expected('->, or the end of the line: expect says what an object has to be');
  return hasMembers
    ? { act, results: { what: subject.kind, members, conditions: NO_CONDITIONS, whole: false } }
    : { act };
};
