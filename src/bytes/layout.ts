import { Bug } from './bug.ts';
import type { Field } from './field.ts';

/** A field at the offset that the specification prints. */
export interface Placed<T> {
  readonly offset: number;
  readonly field: Field<T>;
  readonly doc: string;
}

// A record of members of any type: `any` is confined to this constraint, values are inferred.
// biome-ignore lint/suspicious/noExplicitAny: a Field is invariant in its type, so no other upper bound exists
type Members = { readonly [name: string]: Placed<any> };

type ValuesOf<M extends Members> = { readonly [K in keyof M]: M[K] extends Placed<infer T> ? T : never };

/** A structure of an ABI: sparse, little-endian, decoded from any bytes of its size. */
export interface Layout<M extends Members = Members> {
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
  /** The section that defines it. */
  readonly spec: string;
  readonly members: M;
  /** Total: bytes beyond the end read as zero. */
  decode(source: Uint8Array): ValuesOf<M>;
  /** Members that are not given are zero, and so is everything between members. */
  encode(values: Partial<ValuesOf<M>>): Uint8Array<ArrayBuffer>;
  /** Writes members over existing bytes, leaving the rest as it is. */
  write(target: Uint8Array, values: Partial<ValuesOf<M>>): void;
  /** The same members with only those named here, at the same offsets. */
  pick<K extends keyof M & string>(name: string, names: readonly K[]): Layout<Pick<M, K>>;
}

export type Infer<L> = L extends Layout<infer M> ? ValuesOf<M> : never;

export const at = <T>(offset: number, field: Field<T>, doc: string): Placed<T> => ({ offset, field, doc });

/**
 * Declares an ABI structure. Offsets are stated as the specification prints them; members that overlap or overrun
 * are a `Bug` when the module loads.
 */
export const layout = <const M extends Members>(
  name: string,
  { size, spec }: { readonly size: number; readonly spec: string },
  members: M,
): Layout<M> => {
  const placed = Object.entries(members).sort(([, a], [, b]) => a.offset - b.offset);
  let end = 0;
  for (const [member, { offset, field }] of placed) {
    if (offset < end) throw new Bug(`${name}.${member} at 0x${offset.toString(16)} overlaps the member before it`);
    end = offset + field.size;
  }
  if (end > size) throw new Bug(`${name} overruns its ${size} bytes`);

  const write = (target: Uint8Array, values: Partial<ValuesOf<M>>): void => {
    const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
    for (const key of Object.keys(values)) {
      const member = members[key];
      if (member === undefined) throw new Bug(`${name} has no member ${key}`);
      member.field.put(view, member.offset, values[key as keyof M]);
    }
  };

  return {
    name,
    size,
    spec,
    members,
    decode(source) {
      const whole = source.length >= size ? source : Uint8Array.from({ length: size }, (_, i) => source[i] ?? 0);
      const view = new DataView(whole.buffer, whole.byteOffset, size);
      const out: Record<string, unknown> = {};
      for (const [member, { offset, field }] of placed) out[member] = field.get(view, offset);
      return out as ValuesOf<M>;
    },
    encode(values) {
      const out = new Uint8Array(size);
      write(out, values);
      return out;
    },
    write,
    pick(pickedName, names) {
      const picked = Object.fromEntries(names.map((key) => [key, members[key]]));
      return layout(pickedName, { size, spec }, picked as Pick<M, (typeof names)[number]>);
    },
  };
};
