import { concatBytes, utf8 } from '../../bytes/index.ts';
import type { TreeEdit } from '../edit.ts';
import type { Place } from '../place.ts';
import { keyWire, type Width, type Wire } from '../wire.ts';

/** The vocabulary in which the catalogue is written. */
export const set = (at: Place, value: Wire): TreeEdit => ({ do: 'set', at, value });
export const remove = (at: Place): TreeEdit => ({ do: 'remove', at });
export const add = (at: Place, key: number | string | Wire, value: Wire, index?: number): TreeEdit => ({
  do: 'insert',
  at,
  key: keyWire(key),
  value,
  index,
});
export const push = (at: Place, value: Wire): TreeEdit => ({ do: 'insert', at, value });
export const rekey = (at: Place, key: number | string | Wire): TreeEdit => ({ do: 'rekey', at, key: keyWire(key) });
export const repeat = (at: Place, value?: Wire): TreeEdit => ({ do: 'repeat', at, value });
export const copy = (from: Place, at: Place): TreeEdit => ({ do: 'copy', at, from });
export const swap = (at: Place, other: Place): TreeEdit => ({ do: 'swap', at, with: other });
export const resize = (at: Place, size: number, fill?: number): TreeEdit => ({ do: 'resize', at, size, fill });
/** The last bit, unless told otherwise. */
export const flip = (at: Place, bit = -1): TreeEdit => ({ do: 'flip', at, bit });
export const widen = (at: Place, width: Width, of?: 'key' | 'all'): TreeEdit => ({ do: 'widen', at, width, of });
export const indefinite = (at: Place): TreeEdit => ({ do: 'indefinite', at });
export const wrap = (at: Place, tag: number): TreeEdit => ({ do: 'wrap', at, tag });
export const unwrap = (at: Place): TreeEdit => ({ do: 'unwrap', at });
export const retag = (at: Place, tag: number): TreeEdit => ({ do: 'retag', at, tag });
export const enlist = (at: Place, times = 1): TreeEdit => ({ do: 'enlist', at, times });
export const flatten = (at: Place): TreeEdit => ({ do: 'flatten', at });
export const order = (at: Place, by: 'encoded' | 'reversed' | readonly number[]): TreeEdit => ({ do: 'order', at, by });
export const tail = (at: Place, bytes: Uint8Array): TreeEdit => ({ do: 'tail', at, bytes });
export const der = (at: Place): TreeEdit => ({ do: 'der', at });
export const negateS = (at: Place): TreeEdit => ({ do: 'negate-s', at });

export const fill = (size: number, byte = 0): Uint8Array => new Uint8Array(size).fill(byte);
export const hexText = (text: string): Uint8Array => utf8(text);
export const zero = Uint8Array.of(0);
export const join = concatBytes;
