import type { Layout, Field as LayoutField } from '../bytes/index.ts';
import type { Expression, Field } from './ast.ts';
import { evaluate, numberOf, type Surroundings } from './evaluate.ts';
import { memberText } from './expression.ts';
import { impossible } from './problem.ts';

type AnyField = LayoutField<unknown>;

const bounds = ({ kind, size }: AnyField): readonly [bigint, bigint] =>
  kind.startsWith('i')
    ? [-(1n << BigInt(8 * size - 1)), (1n << BigInt(8 * size)) - 1n]
    : [0n, (1n << BigInt(8 * size)) - 1n];

/** A number as the field of a structure holds it. */
const numeric = (field: AnyField, expression: Expression, around: Surroundings, name: string): number | bigint => {
  let value = numberOf(expression, around);
  const [low, high] = bounds(field);
  // Values wrap to 64 bits, so a negative one is the upper half of them.
  if (low < 0n && value >= 1n << 63n) value -= 1n << 64n;
  if (value < low || value > high) throw impossible(expression, `${name} takes at most 0x${high.toString(16)}`);
  return typeof field.zero === 'bigint' ? value : Number(value);
};

const bytesFor = (field: AnyField, expression: Expression, around: Surroundings, name: string): Uint8Array => {
  const value = evaluate(expression, around);
  if (typeof value === 'bigint') throw impossible(expression, `${name} takes bytes, such as hex"00ff" or "text"`);
  if (value.length > field.size) throw impossible(expression, `${name} takes at most ${field.size} bytes`);
  // Shorter values are filled with zeros at the tail.
  const out = new Uint8Array(field.size);
  out.set(value);
  return out;
};

const arrayItem = (field: AnyField): { readonly count: number; readonly item: AnyField } | undefined => {
  if (!Array.isArray(field.zero)) return undefined;
  const count = field.zero.length;
  const item = { ...field, kind: field.kind.replace(/\[.*$/, ''), size: field.size / count, zero: field.zero[0] };
  return { count, item };
};

/**
 * The members of a structure as its layout encodes them.
 *
 * @param current  what arrays hold where only some of their elements are given.
 * @throws {ScriptError} IMPOSSIBLE, for a value that does not fit its member.
 */
export const structureValues = (
  layout: Layout,
  fields: readonly Field[],
  around: Surroundings,
  current: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => {
  const values: Record<string, unknown> = {};
  for (const { member, value } of fields) {
    const field = layout.members[member.name]?.field as AnyField;
    const name = `${layout.name}.${memberText(member)}`;
    const array = arrayItem(field);
    if (array === undefined) {
      if (member.index !== undefined) throw impossible(member, `${layout.name}.${member.name} is no array`);
      values[member.name] =
        field.zero instanceof Uint8Array ? bytesFor(field, value, around, name) : numeric(field, value, around, name);
      continue;
    }
    const elements = [...((values[member.name] ?? current[member.name] ?? field.zero) as readonly unknown[])];
    const given = member.index === undefined ? listItems(value, name) : [value];
    const first = member.index ?? 0;
    if (first + given.length > array.count)
      throw impossible(member, `${layout.name}.${member.name} has ${array.count} elements`);
    for (const [i, item] of given.entries()) elements[first + i] = numeric(array.item, item, around, name);
    values[member.name] = elements;
  }
  return values;
};

const listItems = (value: Expression, name: string): readonly Expression[] => {
  if (value.kind !== 'list') throw impossible(value, `${name} is an array: ${name}[0]=…, or [a, b, …]`);
  return value.items;
};
