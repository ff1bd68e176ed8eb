import type { Shape } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expression.ts';

/** Numbers in memory, by their type: size in bytes, and whether they have a sign. */
const NUMBERS: Readonly<Record<string, { readonly size: number; readonly signed: boolean }>> = {
  u8: { size: 1, signed: false },
  u16: { size: 2, signed: false },
  u32: { size: 4, signed: false },
  u64: { size: 8, signed: false },
  i64: { size: 8, signed: true },
};

/** `RmiRealmParams`, `u64`, `bytes`, `bytes[16]`. */
export const parseShape = (cursor: Cursor): Shape => {
  const { structures } = cursor.scope.vocabulary;
  const { text } = cursor.here;
  const layout = cursor.here.kind === 'word' ? structures.get(text) : undefined;
  if (layout !== undefined) {
    cursor.next();
    return { kind: 'structure', layout };
  }
  const number = Object.hasOwn(NUMBERS, text) ? NUMBERS[text] : undefined;
  if (cursor.here.kind === 'word' && number !== undefined) {
    cursor.next();
    return { kind: 'number', type: text, ...number };
  }
  if (cursor.takeWord('bytes')) {
    if (!cursor.take('[')) return { kind: 'bytes', length: undefined };
    const length = parseExpression(cursor);
    cursor.want(']', 'a closing ]');
    return { kind: 'bytes', length };
  }
  const known = [...structures.keys(), ...Object.keys(NUMBERS), 'bytes'];
  throw cursor.expected(`a structure such as RmiRealmParams, u8, u16, u32, u64, i64 or bytes[16]`, known);
};
