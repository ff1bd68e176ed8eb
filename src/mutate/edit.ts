import { toHex } from '../bytes/index.ts';
import type { Place } from './place.ts';
import { encodeWire, type Width, type Wire } from './wire.ts';

/** One change to the items of a token, as data. A place that is not there makes the change impossible. */
export type TreeEdit =
  /** Another item; under a key that is new, a new entry at the end. */
  | { readonly do: 'set'; readonly at: Place; readonly value: Wire }
  | { readonly do: 'remove'; readonly at: Place }
  /** A new entry or member of a map or array, at the end or at `index`; keys may repeat. */
  | {
      readonly do: 'insert';
      readonly at: Place;
      readonly key?: Wire | undefined;
      readonly value: Wire;
      readonly index?: number | undefined;
    }
  /** The same value under another key. */
  | { readonly do: 'rekey'; readonly at: Place; readonly key: Wire }
  /** The entry once more at the end, with its value or another. */
  | { readonly do: 'repeat'; readonly at: Place; readonly value?: Wire | undefined }
  /** What stands at another place, here. */
  | { readonly do: 'copy'; readonly at: Place; readonly from: Place }
  | { readonly do: 'swap'; readonly at: Place; readonly with: Place }
  /** A string cut at its end, or continued with zeros or with `fill`. */
  | { readonly do: 'resize'; readonly at: Place; readonly size: number; readonly fill?: number | undefined }
  /** One bit of what a byte string holds; negative counts from the end. */
  | { readonly do: 'flip'; readonly at: Place; readonly bit: number }
  /** A head wider than it needs to be: of the item, or of the key. */
  | { readonly do: 'widen'; readonly at: Place; readonly width: Width; readonly of?: 'key' | 'all' | undefined }
  | { readonly do: 'indefinite'; readonly at: Place }
  | { readonly do: 'wrap'; readonly at: Place; readonly tag: number | bigint }
  /** The content of a tag or of a byte string in its place. */
  | { readonly do: 'unwrap'; readonly at: Place }
  | { readonly do: 'retag'; readonly at: Place; readonly tag: number | bigint }
  /** The item in an array, so many times. */
  | { readonly do: 'enlist'; readonly at: Place; readonly times: number }
  /** A map as the array of its keys and values. */
  | { readonly do: 'flatten'; readonly at: Place }
  /** The entries of a map, or the members of an array, in another order. */
  | { readonly do: 'order'; readonly at: Place; readonly by: 'encoded' | 'reversed' | readonly number[] }
  /** More bytes in a byte string, after the item that it holds. */
  | { readonly do: 'tail'; readonly at: Place; readonly bytes: Uint8Array }
  /** A signature r‖s as ECDSA-Sig-Value in DER. */
  | { readonly do: 'der'; readonly at: Place }
  /** A signature with n − s for s. */
  | { readonly do: 'negate-s'; readonly at: Place };

/** One change to the bytes of a whole token. */
export type BytesEdit =
  | { readonly do: 'truncate'; readonly bytes: number }
  | { readonly do: 'append'; readonly bytes: Uint8Array }
  | { readonly do: 'prepend'; readonly bytes: Uint8Array }
  /** Negative counts from the end. */
  | { readonly do: 'flip-bit'; readonly bit: number }
  | { readonly do: 'replace'; readonly bytes: Uint8Array };

export type Edit = TreeEdit | BytesEdit;

type Json = string | number | boolean | readonly number[];

const jsonOf = (value: unknown): Json | undefined => {
  if (value === undefined) return undefined;
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value === 'bigint') return `0x${value.toString(16)}`;
  if (typeof value === 'object' && value !== null && 'type' in value) return toHex(encodeWire(value as Wire));
  return value as Json;
};

/** An edit as plain JSON: items and bytes in hexadecimal. */
export const editToJson = (edit: Edit): Readonly<Record<string, Json>> =>
  Object.fromEntries(
    Object.entries(edit).flatMap(([name, value]) => {
      const json = jsonOf(value);
      return json === undefined ? [] : [[name, json]];
    }),
  );
