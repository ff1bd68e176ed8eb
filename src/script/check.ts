import { equalBytes, padEnd } from '../bytes/index.ts';
import type { Check, Comparison, Expectation, Expression, Pattern } from './ast.ts';
import { evaluate, type Surroundings } from './evaluate.ts';
import { memberText } from './expression.ts';
import { type Cell, type CellRecord, cellText, type Outcome } from './outcome.ts';
import { registerNumber } from './patterns.ts';
import { impossible, type Place } from './problem.ts';

/** Something that a script expected and that is otherwise. */
export interface Mismatch extends Place {
  readonly expected: string;
  readonly found: string;
}

const UNSIGNED = 64;

const asNumber = (cell: Cell): bigint | undefined => {
  if (typeof cell === 'bigint') return BigInt.asUintN(UNSIGNED, cell);
  if (typeof cell === 'number' && Number.isInteger(cell)) return BigInt.asUintN(UNSIGNED, BigInt(cell));
  if (typeof cell === 'boolean') return cell ? 1n : 0n;
  return undefined;
};

const ORDERED: Readonly<Record<Comparison, (a: bigint, b: bigint) => boolean>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

const equality = (compare: Comparison, equal: boolean, place: Place): boolean => {
  if (compare === '=') return equal;
  if (compare === '!=') return !equal;
  throw impossible(place, `${compare} compares numbers`);
};

/** Bytes are written without the zeros at their tail. */
const sameBytes = (cell: Uint8Array, given: Uint8Array): boolean =>
  given.length <= cell.length && equalBytes(cell, padEnd(given, cell.length));

const WORDS: Readonly<Record<string, Cell>> = { none: undefined, true: true, false: false };

/** Whether a member is as a check says. Names of states compare as text, everything else by value. */
export const holds = (cell: Cell, compare: Comparison, expression: Expression, around: Surroundings): boolean => {
  if (expression.kind === 'word') {
    if (typeof cell === 'string') return equality(compare, cell === expression.word, expression);
    if (Object.hasOwn(WORDS, expression.word)) return equality(compare, cell === WORDS[expression.word], expression);
  }
  const value = evaluate(expression, around);
  if (typeof value !== 'bigint') {
    return equality(compare, cell instanceof Uint8Array && sameBytes(cell, value), expression);
  }
  const number = typeof cell === 'string' ? around.constants.get(cell) : asNumber(cell);
  if (number === undefined) return equality(compare, false, expression);
  return ORDERED[compare](number, value);
};

/** @returns undefined where there is no such element. */
export const memberOf = (record: CellRecord, x: readonly bigint[], { member }: Pick<Check, 'member'>): Cell => {
  const register = registerNumber(member.name);
  if (register !== undefined && member.index === undefined && !Object.hasOwn(record, member.name)) return x[register];
  const cell = record[member.name];
  if (member.index === undefined) return cell;
  if (!Array.isArray(cell)) throw impossible(member, `${member.name} is no array`);
  return (cell as readonly Cell[])[member.index];
};

/** What a check says, with its value as it comes out here. */
const checkText = ({ member, compare, value }: Check, around: Surroundings): string => {
  if (value === 'any') return `${memberText(member)}${compare}_`;
  const shown = value.kind === 'word' ? value.word : cellText(evaluate(value, around));
  return `${memberText(member)}${compare}${shown}`;
};

/** The checks that do not hold, as what they say and what there is instead. */
export const failedChecks = (
  checks: readonly Check[],
  record: CellRecord,
  x: readonly bigint[],
  around: Surroundings,
): Mismatch[] =>
  checks.flatMap((check) => {
    const cell = memberOf(record, x, check);
    if (check.value === 'any' || holds(cell, check.compare, check.value, around)) return [];
    const { line, column } = check.member;
    const found = `${memberText(check.member)}=${cellText(cell)}`;
    return [{ line, column, expected: checkText(check, around), found }];
  });

const matches = (pattern: Pattern, outcome: Outcome, around: Surroundings): boolean => {
  switch (pattern.kind) {
    case 'any':
      return true;
    case 'status':
      return (
        outcome.status?.name === pattern.name && (pattern.index === undefined || outcome.status.index === pattern.index)
      );
    case 'value': {
      const value = evaluate(pattern.value, around);
      if (outcome.value === undefined) return false;
      if (typeof value === 'bigint') return outcome.value === value;
      return typeof outcome.value !== 'bigint' && sameBytes(outcome.value, value);
    }
    case 'exit':
      return outcome.kind === 'exit' && (pattern.reason === undefined || pattern.reason === outcome.reason);
    case 'exception':
      return outcome.exception === pattern.exception;
    case 'done':
      return outcome.kind === 'done' || outcome.kind === 'value';
    case 'fault':
    case 'entered':
      return outcome.kind === pattern.kind;
  }
};

export const patternText = (pattern: Pattern, around: Surroundings): string => {
  switch (pattern.kind) {
    case 'any':
      return '_';
    case 'status':
      return pattern.index === undefined ? pattern.name : `${pattern.name}(${pattern.index})`;
    case 'value':
      return cellText(evaluate(pattern.value, around));
    case 'exit':
      return pattern.reason === undefined ? 'exit' : `exit ${pattern.reason}`;
    case 'exception':
      return `exception ${pattern.exception}`;
    default:
      return pattern.kind;
  }
};

/** The clauses of a statement that hold under a personality: those that name it, else those that name none. */
export const clausesFor = <T extends { readonly under: readonly string[] }>(
  clauses: readonly T[],
  personality: string,
): readonly T[] => {
  const named = clauses.filter(({ under }) => under.includes(personality));
  return named.length > 0 ? named : clauses.filter(({ under }) => under.length === 0);
};

/** What an outcome should have been, clause by clause. */
export const mismatches = (
  expectations: readonly Expectation[],
  outcome: Outcome,
  personality: string,
  around: Surroundings,
): Mismatch[] =>
  clausesFor(expectations, personality).flatMap((clause) => {
    const { line, column, patterns, by, checks } = clause;
    const expected = patterns.map((pattern) => patternText(pattern, around)).join(' or ');
    if (!patterns.some((pattern) => matches(pattern, outcome, around))) {
      return [{ line, column, expected, found: outcome.text }];
    }
    if (by !== undefined && outcome.failed !== by) {
      return [{ line, column, expected: `${expected} by ${by}`, found: `${outcome.text}${byText(outcome)}` }];
    }
    return failedChecks(checks, outcome.members, outcome.x, around);
  });

export const byText = ({ failed }: Pick<Outcome, 'failed'>): string => (failed === undefined ? '' : ` by ${failed}`);
