import {
  type CborError,
  type CborItem,
  type CborProblem,
  type DecodeOptions,
  decodePrefix,
  problems,
} from '../cbor/index.ts';
import type { Detail, FindingCode, Tell } from './findings.ts';

/** What one layer may hold: many times what any token does, and little enough to be read at once. */
export const LAYER_LIMITS: DecodeOptions = { maxItems: 4_096 };

/** One run of CBOR in the token: the collection, or what a byte string of it embeds. */
export interface Layer {
  readonly item: CborItem;
  readonly place: Place;
  /** Whether every head, at any depth, is as short as it can be. */
  readonly shortest: boolean;
}

/** Where a value stands, and whom to tell what is wrong with it. */
export interface Place {
  readonly path: string;
  /** Offset in the token of the bytes in which items count their offsets; undefined when they are not contiguous there. */
  readonly base: number | undefined;
  readonly tell: Tell;
}

export const within = (place: Place, step: string | number): Place => ({ ...place, path: `${place.path}/${step}` });

/** Reports a finding about an item at a place, with the offset at which the item starts. */
export const tellAt = ({ path, base, tell }: Place, item: CborItem, code: FindingCode, detail: Detail = {}): void =>
  tell(code, path, base === undefined ? detail : { ...detail, byte: base + item.start });

/** The offset in `whole` of a view of it, or undefined when the bytes live elsewhere. */
export const offsetIn = (whole: Uint8Array, view: Uint8Array): number | undefined => {
  const offset = view.byteOffset - whole.byteOffset;
  return view.buffer === whole.buffer && offset >= 0 && offset + view.length <= whole.length ? offset : undefined;
};

const FINDING_OF_ERROR: Readonly<Record<CborError['code'], FindingCode>> = {
  EMPTY: 'CBOR_MALFORMED',
  TRUNCATED: 'CBOR_MALFORMED',
  RESERVED_HEAD: 'CBOR_MALFORMED',
  INDEFINITE_NOT_ALLOWED: 'CBOR_MALFORMED',
  BAD_CHUNK: 'CBOR_MALFORMED',
  BAD_SIMPLE: 'CBOR_MALFORMED',
  UNEXPECTED_BREAK: 'CBOR_MALFORMED',
  TRAILING_BYTES: 'CBOR_TRAILING_BYTES',
  INPUT_TOO_LARGE: 'TOKEN_TOO_LARGE',
  TOO_DEEP: 'CBOR_TOO_COMPLEX',
  TOO_MANY_ITEMS: 'CBOR_TOO_COMPLEX',
};

const FINDING_OF_PROBLEM: Readonly<Record<CborProblem['code'], FindingCode | undefined>> = {
  INDEFINITE_LENGTH: 'CBOR_INDEFINITE_LENGTH',
  DUPLICATE_KEY: 'CBOR_DUPLICATE_KEY',
  INVALID_UTF8: 'CBOR_INVALID_UTF8',
  NOT_SHORTEST: undefined,
};

/** How often one problem is told in one layer: enough to act on, and a hostile token cannot fill the report. */
const TOLD_AT_MOST = 4;

/** Reports what a layer that can be read does wrong as CBOR. Longer heads than needed are allowed, and not told. */
export const tellProblems = (found: readonly CborProblem[], place: Place): { readonly shortest: boolean } => {
  const told = new Map<FindingCode, number>();
  for (const { code, offset } of found) {
    const finding = FINDING_OF_PROBLEM[code];
    if (finding === undefined) continue;
    const before = told.get(finding) ?? 0;
    told.set(finding, before + 1);
    if (before >= TOLD_AT_MOST) continue;
    place.tell(finding, place.path, place.base === undefined ? {} : { byte: place.base + offset });
  }
  return { shortest: found.every(({ code }) => code !== 'NOT_SHORTEST') };
};

export const tellCborError = ({ code, offset }: CborError, { path, base, tell }: Place): void =>
  tell(FINDING_OF_ERROR[code], path, base === undefined ? {} : { byte: base + offset });

/**
 * Reads one layer and reports all that is wrong with it as CBOR.
 *
 * @returns undefined when there is no item to go on with.
 */
export const openLayer = (bytes: Uint8Array, place: Place): Layer | undefined => {
  const decoded = decodePrefix(bytes, LAYER_LIMITS);
  if (!decoded.ok) {
    tellCborError(decoded.error, place);
    return undefined;
  }
  const { item } = decoded;
  const { shortest } = tellProblems(problems(item), place);
  if (item.end < bytes.length) tellCborError({ code: 'TRAILING_BYTES', offset: item.end }, place);
  return { item, place, shortest };
};
