import type { CborError } from './errors.ts';
import type { CborBytes, CborItem } from './item.ts';
import { Malformed, Walk } from './walk.ts';

/** What `decode` refuses to spend. */
export interface Limits {
  /** Bytes of input. */
  readonly maxBytes: number;
  /** Items inside items; never more than 256, whatever is asked for. */
  readonly maxDepth: number;
  /** Items in all: keys, values and the pieces of indefinite strings count one each. */
  readonly maxItems: number;
}

export const DEFAULT_LIMITS: Limits = { maxBytes: 1 << 20, maxDepth: 32, maxItems: 8_192 };

export interface DecodeOptions extends Partial<Limits> {
  /** Where in the bytes the item starts and what it must not pass: offsets count from the beginning all the same. */
  readonly start?: number;
  readonly end?: number;
  /** Takes simple values below 32 in two bytes, which are not well-formed: for what readers do that take them. */
  readonly laxSimple?: boolean;
}

export type Decoded =
  | { readonly ok: true; readonly item: CborItem }
  | { readonly ok: false; readonly error: CborError };

/** As `decode`, but the item may be followed by anything: `item.end` tells where it ends. */
export const decodePrefix = (bytes: Uint8Array, options: DecodeOptions = {}): Decoded => {
  const { start = 0, end = bytes.length, ...limits } = options;
  const { maxBytes, ...walkLimits } = { ...DEFAULT_LIMITS, laxSimple: false, ...limits };
  if (end <= start) return { ok: false, error: { code: 'EMPTY', offset: start } };
  if (end - start > maxBytes) return { ok: false, error: { code: 'INPUT_TOO_LARGE', offset: start + maxBytes } };
  try {
    return { ok: true, item: new Walk(bytes.subarray(0, end), start, walkLimits).item(0) };
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, error: error.error };
    throw error;
  }
};

/**
 * Reads one well-formed item (RFC 8949 5.1) as a tree with offsets.
 *
 * Total, in time and memory proportional to the input, within the limits. What is well-formed but unwelcome (indefinite
 * lengths, longer heads than needed, repeated keys, broken UTF-8) is recorded in the items and listed by `problems`.
 */
export const decode = (bytes: Uint8Array, options: DecodeOptions = {}): Decoded => {
  const decoded = decodePrefix(bytes, options);
  if (!decoded.ok || decoded.item.end === (options.end ?? bytes.length)) return decoded;
  return { ok: false, error: { code: 'TRAILING_BYTES', offset: decoded.item.end } };
};

/**
 * What a byte string of `source` holds, with offsets in `source`.
 *
 * @param item  decoded from `source`. When it is written in pieces, offsets count in the joined value instead.
 */
export const decodeEmbedded = (source: Uint8Array, item: CborBytes, limits: Partial<Limits> = {}): Decoded =>
  item.indefinite ? decode(item.value, limits) : decode(source, { ...limits, start: item.headEnd, end: item.end });
