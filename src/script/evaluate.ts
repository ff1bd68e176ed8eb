import { concatBytes } from '../bytes/index.ts';
import type { BinaryOp, Expression } from './ast.ts';
import { impossible, type Place, ScriptError } from './problem.ts';

/** What a name stands for. */
export type Value = bigint | Uint8Array;

/** What values depend on. */
export interface Surroundings {
  readonly names: ReadonlyMap<string, Value>;
  readonly constants: ReadonlyMap<string, bigint>;
  /** Granules that nobody uses. */
  granules(count: number, at?: Place): bigint;
}

/** Longest byte string that a script may build. */
const MAX_BYTES = 1 << 20;

const wrap = (value: bigint): bigint => BigInt.asUintN(64, value);

const NUMERIC: Readonly<Record<BinaryOp, (a: bigint, b: bigint) => bigint>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '<<': (a, b) => (b > 63n ? 0n : a << b),
  '>>': (a, b) => (b > 63n ? 0n : a >> b),
};

const repeated = (place: Place, bytes: Uint8Array, times: bigint): Uint8Array => {
  if (BigInt(bytes.length) * times > BigInt(MAX_BYTES)) throw impossible(place, 'bytes are longer than 1 MiB');
  const out = new Uint8Array(bytes.length * Number(times));
  for (let at = 0; at < out.length; at += bytes.length) out.set(bytes, at);
  return out;
};

const combine = (op: BinaryOp, left: Value, right: Value, place: Place): Value => {
  if (typeof left === 'bigint' && typeof right === 'bigint') return wrap(NUMERIC[op](left, right));
  if (op === '+' && typeof left !== 'bigint' && typeof right !== 'bigint') {
    if (left.length + right.length > MAX_BYTES) throw impossible(place, 'bytes are longer than 1 MiB');
    return concatBytes(left, right);
  }
  if (op === '*' && typeof left !== 'bigint' && typeof right === 'bigint') return repeated(place, left, right);
  throw impossible(place, `${op} takes two numbers; bytes are joined by +, and repeated by * and a number`);
};

/** @throws {ScriptError} IMPOSSIBLE, when a value cannot be had; NAME, when a word is no constant. */
export const evaluate = (expression: Expression, around: Surroundings): Value => {
  switch (expression.kind) {
    case 'number':
    case 'bytes':
      return expression.value;
    case 'name': {
      const value = around.names.get(expression.name);
      if (value === undefined) throw new ScriptError('NAME', expression, `$${expression.name} has no value`);
      return value;
    }
    case 'word': {
      const value = around.constants.get(expression.word);
      if (value === undefined) throw new ScriptError('NAME', expression, `${expression.word} is no constant`);
      return value;
    }
    case 'granule': {
      const count = expression.count === undefined ? 1n : numberOf(expression.count, around);
      if (count === 0n || count > 1n << 28n) throw impossible(expression, 'granule(n) takes 1 or more granules');
      return around.granules(Number(count), expression);
    }
    case 'negate':
      return wrap(-numberOf(expression.of, around));
    case 'invert':
      return wrap(~numberOf(expression.of, around));
    case 'binary':
      return combine(expression.op, evaluate(expression.left, around), evaluate(expression.right, around), expression);
    case 'list':
      throw impossible(expression, 'a list can only be given to a member that is an array');
  }
};

export const numberOf = (expression: Expression, around: Surroundings): bigint => {
  const value = evaluate(expression, around);
  if (typeof value !== 'bigint') throw impossible(expression, 'a number is needed here, these are bytes');
  return value;
};

/** A number that is small enough to count with. */
export const countOf = (expression: Expression, around: Surroundings, max: number, what: string): number => {
  const value = numberOf(expression, around);
  if (value > BigInt(max)) throw impossible(expression, `${what} is at most ${max}`);
  return Number(value);
};
