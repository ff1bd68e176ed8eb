import { toHex } from '../bytes/index.ts';
import { CBOR_ERRORS, type CborItem, decodePrefix, diagnostic } from '../cbor/index.ts';
import {
  contextOfMap,
  type Frame,
  guessMap,
  guessWhose,
  insideBytes,
  TOP,
  underIndex,
  underKey,
  underTag,
} from './frame.ts';
import { KEY_NAMES, meaningOf, memberName, TAG_NAMES } from './names.ts';
import type { Node, Stop } from './node.ts';

/** Initial bytes of CBOR (RFC 8949 3), as far as containers go; leaves are read by the cbor room. */
const MAJOR = { bytes: 2, text: 3, array: 4, map: 5, tag: 6 } as const;
const INDEFINITE = 31;
const BREAK = 0xff;
const WIDTHS: ReadonlyMap<number, number> = new Map([
  [24, 1],
  [25, 2],
  [26, 4],
  [27, 8],
]);

const MAX_DEPTH = 64;
const MAX_NODES = 5_000;
/** Bytes of one string that are shown. */
const SHOWN_BYTES = 4096;

interface Head {
  readonly major: number;
  readonly argument: number;
  readonly indefinite: boolean;
  readonly headEnd: number;
  /** `_0` to `_3` when a shorter head says the same (RFC 8949 8.1). */
  readonly indicator: string;
}

type Label = number | bigint | string;

const labelOf = (node: Node): Label | undefined =>
  node.type === 'uint' || node.type === 'nint' || node.type === 'text' ? node.value : undefined;

const following = (size: number): string => (size === 1 ? 'a byte follows the item' : `${size} bytes follow the item`);

/**
 * Reads bytes as far as they can be read: unlike the decoder it keeps what came before an error, and goes on behind a byte
 * string whose content is broken. Time and memory are bounded whatever the bytes are.
 */
export class Walker {
  readonly #bytes: Uint8Array;
  #nodesLeft = MAX_NODES;
  #stop: Stop | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The outermost item and where reading stopped, if it did. */
  token(): { readonly node: Node | undefined; readonly stop: Stop | undefined } {
    const end = this.#bytes.length;
    const node = this.#item(0, end, 0, TOP, undefined);
    if (this.#stop === undefined && node !== undefined && node.end < end) {
      this.#halt(node.end, following(end - node.end));
    }
    return { node, stop: this.#stop };
  }

  #halt(offset: number, reason: string): undefined {
    this.#stop ??= { offset, reason };
    return undefined;
  }

  #item(at: number, end: number, depth: number, frame: Frame, key: Node | undefined): Node | undefined {
    if (at >= end) return this.#halt(at, 'the bytes end where an item must stand');
    if (depth > MAX_DEPTH) return this.#halt(at, `nested deeper than ${MAX_DEPTH}`);
    if (this.#nodesLeft-- <= 0) return this.#halt(at, `more than ${MAX_NODES} items`);
    const head = this.#head(at, end);
    if (head === undefined) return this.#leaf(at, end, depth, frame, key);
    switch (head.major) {
      case MAJOR.array:
        return this.#array(at, end, depth, frame, key, head);
      case MAJOR.map:
        return this.#map(at, end, depth, frame, key, head);
      case MAJOR.tag:
        return this.#tag(at, end, depth, frame, key, head);
      default:
        return this.#leaf(at, end, depth, frame, key);
    }
  }

  /** The head of something that holds others or has a length; undefined for the rest and for what is cut off or reserved. */
  #head(at: number, end: number): Head | undefined {
    const initial = this.#bytes[at] ?? BREAK;
    const major = initial >> 5;
    const info = initial & 0x1f;
    if (major < MAJOR.bytes || major > MAJOR.tag) return undefined;
    const indefinite = info === INDEFINITE;
    if (indefinite && major === MAJOR.tag) return undefined;
    const width = WIDTHS.get(info) ?? 0;
    if ((info > 27 && !indefinite) || at + 1 + width > end) return undefined;
    const argument = width === 0 ? info : this.#bytes.subarray(at + 1, at + 1 + width).reduce((n, b) => n * 256 + b, 0);
    const least = width === 1 ? 24 : width === 0 ? 0 : 2 ** (4 * width);
    const indicator = width > 0 && argument < least ? `_${Math.log2(width)}` : '';
    return { major, argument, indefinite, headEnd: at + 1 + width, indicator };
  }

  #named(frame: Frame): string | undefined {
    const { context, key } = frame;
    if (key === undefined) return undefined;
    if (typeof key === 'string' && key.startsWith('REM ')) return key;
    return KEY_NAMES[context].get(key) ?? (typeof key === 'number' ? memberName(context, key) : undefined);
  }

  #node(
    parts: Partial<Node> & Pick<Node, 'start' | 'headEnd' | 'end' | 'type' | 'text'>,
    frame: Frame,
    key: Node | undefined,
  ): Node {
    return {
      close: '',
      value: undefined,
      name: this.#named(frame),
      meaning: undefined,
      problems: [],
      key,
      children: [],
      stoppedInside: undefined,
      ...parts,
    };
  }

  #array(at: number, end: number, depth: number, frame: Frame, key: Node | undefined, head: Head): Node {
    const whose =
      frame.whose ??
      (frame.inside === 'sign1' || frame.inside === 'token' ? guessWhose(this.#bytes, at, end) : undefined);
    const children: Node[] = [];
    let next = head.headEnd;
    for (let i = 0; this.#more(head, i, next, end); i++) {
      const child = this.#item(next, end, depth + 1, underIndex({ ...frame, whose }, i), undefined);
      if (child === undefined) break;
      children.push(child);
      next = child.end;
      if (this.#stop !== undefined) break;
    }
    return this.#node(
      {
        start: at,
        headEnd: head.headEnd,
        end: this.#endOf(head, next),
        type: 'array',
        text: head.indefinite ? '[_' : `[${head.indicator}`,
        ...this.#extent(head, children.length, ']'),
        children,
        problems: head.indefinite ? ['indefinite length'] : [],
      },
      frame,
      key,
    );
  }

  #map(at: number, end: number, depth: number, frame: Frame, key: Node | undefined, head: Head): Node {
    const guessed = frame.inside === 'token' ? guessMap(this.#bytes, at, end) : undefined;
    const context = guessed ?? contextOfMap(frame);
    const children: Node[] = [];
    const seen = new Set<Label>();
    let next = head.headEnd;
    for (let i = 0; this.#more(head, i, next, end); i++) {
      const name = this.#item(next, end, depth + 1, { ...TOP, context: 'other', inside: 'other' }, undefined);
      if (name === undefined || this.#stop !== undefined) break;
      const label = labelOf(name);
      const value = this.#item(name.end, end, depth + 1, underKey(frame, context, label), name);
      if (value === undefined) {
        next = name.end;
        break;
      }
      const repeated = label !== undefined && seen.has(label);
      children.push(repeated ? { ...value, problems: [...value.problems, 'duplicate key'] } : value);
      if (label !== undefined) seen.add(label);
      next = value.end;
      if (this.#stop !== undefined) break;
    }
    return this.#node(
      {
        start: at,
        headEnd: head.headEnd,
        end: this.#endOf(head, next),
        type: 'map',
        text: head.indefinite ? '{_' : `{${head.indicator}`,
        ...this.#extent(head, children.length, '}'),
        children,
        problems: head.indefinite ? ['indefinite length'] : [],
      },
      frame,
      key,
    );
  }

  #tag(at: number, end: number, depth: number, frame: Frame, key: Node | undefined, head: Head): Node {
    const content = this.#item(head.headEnd, end, depth + 1, underTag(frame, head.argument), undefined);
    return this.#node(
      {
        start: at,
        headEnd: head.headEnd,
        end: content?.end ?? head.headEnd,
        type: 'tag',
        text: `${head.argument}${head.indicator}(`,
        close: this.#stop === undefined ? ')' : '',
        value: head.argument,
        meaning: TAG_NAMES.get(head.argument),
        children: content === undefined ? [] : [content],
      },
      frame,
      key,
    );
  }

  /** Whether another member is due; steps over nothing. */
  #more(head: Head, index: number, at: number, end: number): boolean {
    if (this.#stop !== undefined) return false;
    if (!head.indefinite) return index < head.argument;
    return !(at < end && this.#bytes[at] === BREAK);
  }

  /** How many members there are, and what closes them unless reading stopped among them. */
  #extent(head: Head, found: number, close: string): Pick<Node, 'close' | 'meaning'> {
    const stopped = this.#stop !== undefined;
    const due = stopped && !head.indefinite && found < head.argument ? `${found} of ${head.argument}` : String(found);
    return { close: stopped ? '' : close, meaning: found === 1 && due === '1' ? undefined : `${due} entries` };
  }

  #endOf(head: Head, next: number): number {
    return head.indefinite && this.#stop === undefined ? next + 1 : next;
  }

  #leaf(at: number, end: number, depth: number, frame: Frame, key: Node | undefined): Node | undefined {
    const decoded = decodePrefix(this.#bytes, {
      start: at,
      end,
      maxBytes: Number.MAX_SAFE_INTEGER,
      maxItems: MAX_NODES,
    });
    if (decoded.ok) return this.#whole(decoded.item, depth, frame, key);
    const { code, offset } = decoded.error;
    const head = this.#head(at, end);
    const isString =
      head !== undefined && !head.indefinite && (head.major === MAJOR.bytes || head.major === MAJOR.text);
    if (code !== 'TRUNCATED' || !isString) return this.#halt(offset, CBOR_ERRORS[code]);
    return this.#cutOff(at, end, depth, frame, key, head);
  }

  /** A string that the bytes end in: what is there of it. */
  #cutOff(at: number, end: number, depth: number, frame: Frame, key: Node | undefined, head: Head): Node {
    const content = this.#bytes.subarray(head.headEnd, end);
    const missing = `${head.argument - content.length} of ${head.argument} bytes are missing`;
    const isBytes = head.major === MAJOR.bytes;
    const inner = isBytes ? this.#embedded(head.headEnd, end, depth, frame) : undefined;
    this.#stop = { offset: end, reason: missing };
    return this.#node(
      {
        start: at,
        headEnd: head.headEnd,
        end,
        type: isBytes ? 'bytes' : 'text',
        text: inner === undefined ? `h'${toHex(content.subarray(0, SHOWN_BYTES))}` : '<<',
        problems: [missing],
        children: inner?.node === undefined ? [] : [inner.node],
      },
      frame,
      key,
    );
  }

  #whole(item: CborItem, depth: number, frame: Frame, key: Node | undefined): Node {
    const { start, headEnd, end } = item;
    const problems: string[] = [];
    if ('indefinite' in item && item.indefinite) problems.push('indefinite length');
    if (item.type === 'text' && !item.validUtf8) problems.push('not UTF-8');
    const at = { start, headEnd, end, problems };
    if (item.type === 'bytes') return this.#bytesNode(item, at, depth, frame, key);
    const value = item.type === 'uint' || item.type === 'nint' || item.type === 'text' ? item.value : undefined;
    const meaning =
      (typeof value === 'number' || typeof value === 'bigint') && frame.key !== undefined
        ? meaningOf(frame.context, frame.key, value)
        : undefined;
    const type = item.type as Exclude<CborItem['type'], 'bytes'>;
    return this.#node({ ...at, type, text: diagnostic(item), value, meaning }, frame, key);
  }

  #bytesNode(
    item: Extract<CborItem, { type: 'bytes' }>,
    at: Pick<Node, 'start' | 'headEnd' | 'end' | 'problems'>,
    depth: number,
    frame: Frame,
    key: Node | undefined,
  ): Node {
    const size = item.value.length;
    const meaning = `${size} byte${size === 1 ? '' : 's'}`;
    const inner = item.indefinite ? undefined : this.#embedded(item.headEnd, item.end, depth, frame);
    if (inner?.node !== undefined) {
      const parts = {
        type: 'bytes',
        text: '<<',
        close: '>>',
        children: [inner.node],
        stoppedInside: inner.stop,
      } as const;
      return this.#node({ ...at, ...parts, meaning }, frame, key);
    }
    const isLong = size > SHOWN_BYTES;
    const shown = toHex(item.value.subarray(0, SHOWN_BYTES));
    const text = isLong ? `h'${shown}…'` : diagnostic(item);
    return this.#node(
      { ...at, type: 'bytes', text, value: isLong ? `${shown}…` : toHex(item.value), meaning },
      frame,
      key,
    );
  }

  /** What a byte string holds, if it stands where one that holds CBOR stands. An error in it ends there. */
  #embedded(
    from: number,
    end: number,
    depth: number,
    frame: Frame,
  ): { node: Node | undefined; stop: Stop | undefined } | undefined {
    const inside = insideBytes(frame, this.#bytes.subarray(from, end));
    if (inside === undefined) return undefined;
    const node = this.#item(from, end, depth + 1, inside, undefined);
    if (this.#stop === undefined && node !== undefined && node.end < end) {
      this.#halt(node.end, following(end - node.end));
    }
    const stop = this.#stop;
    this.#stop = undefined;
    return { node, stop };
  }
}
