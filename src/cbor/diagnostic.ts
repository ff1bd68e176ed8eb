import { toHex } from '../bytes/index.ts';
import { decode } from './decode.ts';
import type { CborArray, CborBytes, CborItem, CborMap, CborText } from './item.ts';
import { SIMPLE } from './major.ts';

/**
 * Where an item stands, from the outermost inwards: `#18` is the content of tag 18, `[2]` the third member of an array,
 * `44234` or `"key"` the value of that map key, `<<>>` what a byte string holds.
 */
export type DiagnosticPath = readonly string[];

export interface DiagnosticPlace {
  readonly path: DiagnosticPath;
  /** Offset of the head in the outermost bytes. */
  readonly offset: number;
}

export interface DiagnosticOptions {
  /** Spaces per level, each member on a line of its own; without it everything stands on one line. */
  readonly indent?: number;
  /**
   * Which byte strings are shown as the CBOR they hold, `<<…>>`. One that holds no single item stays hexadecimal, one that is
   * written in pieces stays in pieces.
   */
  readonly embedded?: (item: CborBytes, place: DiagnosticPlace) => boolean;
  /** A comment to stand before an item, or before the key when the item is a map's value. */
  readonly comment?: (item: CborItem, place: DiagnosticPlace) => string | undefined;
}

/** Byte strings in byte strings beyond this stay hexadecimal, so that a hostile nest costs no stack. */
const MAX_EMBEDDED = 8;

const NAMES: ReadonlyMap<number, string> = new Map([
  [SIMPLE.false, 'false'],
  [SIMPLE.true, 'true'],
  [SIMPLE.null, 'null'],
  [SIMPLE.undefined, 'undefined'],
]);

/** Characters that steer a terminal or reorder a line: controls, format characters, line and paragraph separators. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

const unitEscape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

const escaped = (text: string): string => text.replace(UNPRINTABLE, (char) => char.split('').map(unitEscape).join(''));

const quoted = (text: string): string => escaped(JSON.stringify(text));

/** `_0` to `_3`: the width of a head or float that is not the shortest (RFC 8949 8.1). */
const indicator = ({ shortest, start, headEnd }: CborItem): string =>
  shortest ? '' : `_${Math.log2(headEnd - start - 1)}`;

const float = (value: number): string => {
  if (!Number.isFinite(value)) return String(value);
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.]/.test(text) ? text : text.replace(/^-?\d+/, '$&.0');
};

interface Context extends DiagnosticPlace {
  readonly level: number;
  readonly embedding: number;
  /** What is added to an item's `start` to have it in the outermost bytes. */
  readonly base: number;
}

class Printer {
  readonly #options: DiagnosticOptions;

  constructor(options: DiagnosticOptions) {
    this.#options = options;
  }

  /** An item with its comment. */
  item(item: CborItem, context: Context): string {
    return this.#comment(item, context) + this.#bare(item, context);
  }

  #comment(item: CborItem, { path, offset }: Context): string {
    const comment = this.#options.comment?.(item, { path, offset });
    return comment === undefined ? '' : `/ ${escaped(comment).replaceAll('/', '|')} / `;
  }

  #bare(item: CborItem, context: Context): string {
    switch (item.type) {
      case 'uint':
      case 'nint':
        return item.value + indicator(item);
      case 'bytes':
        return this.#bytes(item, context);
      case 'text':
        return item.indefinite ? pieces(item, '""_') : quoted(item.value) + indicator(item);
      case 'array':
        return this.#array(item, context);
      case 'map':
        return this.#map(item, context);
      case 'tag':
        return `${item.tag}${indicator(item)}(${this.item(item.content, inside(context, `#${item.tag}`, item.content))})`;
      case 'simple':
        return NAMES.get(item.value) ?? `simple(${item.value})`;
      case 'float':
        return float(item.value) + indicator(item);
    }
  }

  #bytes(item: CborBytes, context: Context): string {
    const embedded = this.#embedded(item, context);
    if (embedded !== undefined) return embedded;
    return item.indefinite ? pieces(item, "''_") : `h'${toHex(item.value)}'${indicator(item)}`;
  }

  #embedded(item: CborBytes, context: Context): string | undefined {
    const { path, offset, embedding } = context;
    if (item.indefinite || embedding === MAX_EMBEDDED || this.#options.embedded?.(item, { path, offset }) !== true)
      return undefined;
    const decoded = decode(item.value);
    if (!decoded.ok) return undefined;
    const base = context.base + item.headEnd;
    const within = inside({ ...context, base, embedding: embedding + 1 }, '<<>>', decoded.item);
    return this.#list(
      '<<',
      [this.item(decoded.item, { ...within, level: context.level + 1 })],
      `>>${indicator(item)}`,
      context,
    );
  }

  #array(item: CborArray, context: Context): string {
    const members = item.items.map((each, i) => this.item(each, deeper(context, `[${i}]`, each)));
    return this.#list(opening('[', item), members, ']', context);
  }

  #map(item: CborMap, context: Context): string {
    const members = item.entries.map(({ key, value }) => {
      const keyText = diagnostic(key);
      const within = deeper(context, keyText, value);
      return `${this.#comment(value, within)}${keyText}: ${this.#bare(value, within)}`;
    });
    return this.#list(opening('{', item), members, '}', context);
  }

  #list(open: string, members: readonly string[], close: string, { level }: Context): string {
    const { indent } = this.#options;
    if (indent === undefined || members.length === 0) return open + members.join(', ') + close;
    const line = `\n${' '.repeat(indent * (level + 1))}`;
    return `${open.trimEnd()}${line}${members.join(`,${line}`)}\n${' '.repeat(indent * level)}${close}`;
  }
}

const inside = (context: Context, step: string, item: CborItem): Context => ({
  ...context,
  path: [...context.path, step],
  offset: context.base + item.start,
});

const deeper = (context: Context, step: string, item: CborItem): Context => ({
  ...inside(context, step, item),
  level: context.level + 1,
});

/** A string whose length is indefinite; `none` is how it is written without any piece (RFC 8949 8.1). */
const pieces = ({ chunks }: CborBytes | CborText, none: string): string =>
  chunks.length === 0 ? none : `(_ ${chunks.map((chunk) => diagnostic(chunk)).join(', ')})`;

const opening = (bracket: string, item: CborArray | CborMap): string => {
  const mark = item.indefinite ? '_' : indicator(item);
  return mark === '' ? bracket : `${bracket}${mark} `;
};

/** An item in diagnostic notation with encoding indicators (RFC 8949 8, RFC 8610 G.3), fit for a terminal. */
export const diagnostic = (item: CborItem, options: DiagnosticOptions = {}): string =>
  new Printer(options).item(item, { path: [], offset: item.start, base: 0, level: 0, embedding: 0 });
