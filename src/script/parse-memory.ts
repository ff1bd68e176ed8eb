import type { Expression, Field, Shape, Transfer } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { clip } from './lexer.ts';
import { structureFields } from './parse-calls.ts';
import type { Results } from './patterns.ts';
import { syntax } from './problem.ts';
import { parseShape } from './shape.ts';
import { EXIT_MEMBERS, leaving, NO_CONDITIONS, type Parsed } from './statement-kind.ts';

const transferOf = (cursor: Cursor, word: 'into' | 'from'): Transfer | undefined => {
  if (!cursor.takeWord(word)) return undefined;
  const token = cursor.wantWord('a register: x0 to x30, w0 to w30, r0 to r30, xzr or wzr');
  const [, width, number] = /^([xwr])(zr|[0-9]|[12][0-9]|30)$/.exec(token.text) ?? [];
  if (width === undefined || number === undefined) {
    throw syntax(token, `expected a register: x0 to x30, w0 to w30, r0 to r30, xzr or wzr, found ${clip(token.text)}`);
  }
  const signExtend = cursor.takeWord('signed') ? true : cursor.takeWord('unsigned') ? false : undefined;
  return {
    srt: number === 'zr' ? 31 : Number(number),
    sf: width === 'r' ? undefined : width === 'x',
    signExtend,
  };
};

const resultsOfReading = (shape: Shape, by: 'host' | 'realm'): Results => {
  const members = shape.kind === 'structure' ? Object.keys(shape.layout.members) : [];
  const own = shape.kind === 'structure' ? shape.layout.name : 'what is read';
  return {
    what: own,
    members: by === 'realm' ? [...members, ...EXIT_MEMBERS] : members,
    conditions: NO_CONDITIONS,
    whole: shape.kind !== 'structure',
  };
};

export const read =
  (by: 'host' | 'realm') =>
  (cursor: Cursor): Parsed => {
    const shape = parseShape(cursor);
    if (shape.kind === 'bytes' && shape.length === undefined)
      throw cursor.expected('[ and how many bytes, as bytes[16]');
    if (!cursor.takeWord('at')) throw cursor.expected('at and an address');
    const address = parseExpression(cursor);
    const transfer = by === 'realm' ? transferOf(cursor, 'into') : undefined;
    return { act: { act: 'read', by, shape, address, transfer }, results: resultsOfReading(shape, by) };
  };

export const write =
  (by: 'host' | 'realm', keeps: boolean) =>
  (cursor: Cursor): Parsed => {
    const shape = parseShape(cursor);
    if (shape.kind === 'bytes' && shape.length !== undefined) {
      throw syntax(shape.length, 'bytes that are written have the length that they have: bytes at $p = hex"…"');
    }
    if (keeps && shape.kind !== 'structure') throw cursor.expected('a structure, some of whose members change');
    if (!cursor.takeWord('at')) throw cursor.expected('at and an address');
    const address = parseExpression(cursor);
    let value: Expression | readonly Field[];
    if (shape.kind === 'structure') value = structureFields(cursor, shape.layout);
    else {
      cursor.want('=', '= and a value');
      value = parseExpression(cursor);
    }
    const transfer = by === 'realm' ? transferOf(cursor, 'from') : undefined;
    return { act: { act: 'write', by, shape, address, value, keeps, transfer }, results: leaving('a write') };
  };

export const fetch = (cursor: Cursor): Parsed => {
  let length: Expression | undefined;
  if (cursor.takeWord('bytes')) {
    cursor.want('[', '[ and how many bytes');
    length = parseExpression(cursor);
    cursor.want(']', 'a closing ]');
  }
  if (!cursor.takeWord('at')) throw cursor.expected('at and an address');
  return { act: { act: 'fetch', address: parseExpression(cursor), length }, results: leaving('a fetch') };
};
