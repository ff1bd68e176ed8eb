import { toHex } from '../bytes/index.ts';
import { CBOR_ERRORS, type CborBytes, type CborItem, decodePrefix, diagnostic } from '../cbor/index.ts';
import {
  contextOfMap,
  type Frame,
  guessMap,
  guessWhose,
  insideBytes,
  KEY_FRAME,
  TOP,
  underIndex,
  underKey,
  underTag,
} from './frame.ts';
import { BREAK, type Head, MAJOR, readHead } from './head.ts';
import { meaningOf, nameOf, TAG_NAMES } from './names.ts';
import type { Node, Stop } from './node.ts';

const MAX_DEPTH = 64;
const MAX_NODES = 2_000;
/** Bytes of one string that are shown. */
const SHOWN_BYTES = 4096;

/** Where an item is to be read, and as what. */
interface Spot {
  readonly at: number;
  /** What it must not pass. */
  readonly end: number;
  readonly depth: number;
  readonly frame: Frame;
  /** Its key, when it is the value of a map. */
  readonly key?: Node;
}

/** The parts of a node that are not the same for all. */
type Parts = Partial<Node> & Pick<Node, 'headEnd' | 'end' | 'type' | 'text'>;

const nodeAt = ({ at, frame, key }: Spot, parts: Parts): Node => ({
  start: at,
  close: '',
  value: undefined,
  name: frame.key === undefined ? undefined : nameOf(frame.context, frame.key),
  meaning: undefined,
  problems: [],
  key,
  children: [],
  stoppedInside: undefined,
  ...parts,
});

const counted = (size: number, what: string): string => `${size} ${what}${size === 1 ? '' : 's'}`;
const indefiniteLength = (indefinite: boolean): readonly string[] => (indefinite ? ['indefinite length'] : []);
const labelOf = ({ type, value }: Node): number | bigint | string | undefined =>
  type === 'uint' || type === 'nint' || type === 'text' ? value : undefined;

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
    const node = this.#only({ at: 0, end: this.#bytes.length, depth: 0, frame: TOP });
    return { node, stop: this.#stop };
  }

  /** An item that nothing may follow. */
  #only(spot: Spot): Node | undefined {
    const node = this.#item(spot);
    if (this.#stop === undefined && node !== undefined && node.end < spot.end) {
      const size = spot.end - node.end;
      this.#halt(node.end, `${counted(size, 'byte')} follow${size === 1 ? 's' : ''} the item`);
    }
    return node;
  }

  #halt(offset: number, reason: string): undefined {
    this.#stop ??= { offset, reason };
    return undefined;
  }

  #item(spot: Spot): Node | undefined {
    const { at, end, depth } = spot;
    if (at >= end) return this.#halt(at, 'the bytes end where an item must stand');
    if (depth > MAX_DEPTH) return this.#halt(at, `nested deeper than ${MAX_DEPTH}`);
    if (this.#nodesLeft-- <= 0) return this.#halt(at, `more than ${MAX_NODES} items`);
    const head = readHead(this.#bytes, at, end);
    if (head?.major === MAJOR.array) return this.#array(spot, head);
    if (head?.major === MAJOR.map) return this.#map(spot, head);
    if (head?.major === MAJOR.tag) return this.#tag(spot, head);
    return this.#leaf(spot, head);
  }

  #array(spot: Spot, head: Head): Node {
    const { at, end, depth, frame } = spot;
    const isSign1 = frame.inside === 'sign1' || frame.inside === 'token';
    const whose = frame.whose ?? (isSign1 ? guessWhose(this.#bytes, at, end) : undefined);
    return this.#container(spot, head, ['array', '[', ']'], (next, i) =>
      this.#item({ at: next, end, depth: depth + 1, frame: underIndex({ ...frame, whose }, i) }),
    );
  }

  #map(spot: Spot, head: Head): Node {
    const { at, end, depth, frame } = spot;
    const context = frame.inside === 'token' ? guessMap(this.#bytes, at, end) : contextOfMap(frame);
    const seen = new Set<unknown>();
    return this.#container(spot, head, ['map', '{', '}'], (next) => {
      const key = this.#item({ at: next, end, depth: depth + 1, frame: KEY_FRAME });
      if (key === undefined || this.#stop !== undefined) return undefined;
      const label = labelOf(key);
      const value = this.#item({ at: key.end, end, depth: depth + 1, frame: underKey(frame, context, label), key });
      if (value === undefined || label === undefined) return value;
      const repeated = seen.has(label);
      seen.add(label);
      return repeated ? { ...value, problems: [...value.problems, 'duplicate key'] } : value;
    });
  }

  /** Members one after the other until they are all there, or reading stops. */
  #container(
    spot: Spot,
    head: Head,
    [type, open, close]: readonly ['array' | 'map', string, string],
    member: (at: number, index: number) => Node | undefined,
  ): Node {
    const children: Node[] = [];
    let next = head.end;
    while (this.#stop === undefined && this.#isMore(head, children.length, next, spot.end)) {
      const child = member(next, children.length);
      if (child === undefined) break;
      children.push(child);
      next = child.end;
    }
    const whole = this.#stop === undefined;
    const found = children.length;
    const due = whole || head.indefinite || found === head.argument ? `${found}` : `${found} of ${head.argument}`;
    return nodeAt(spot, {
      headEnd: head.end,
      end: whole && head.indefinite ? next + 1 : next,
      type,
      text: open + (head.indefinite ? '_' : head.indicator),
      close: whole ? close : '',
      meaning: due === '1' ? undefined : `${due} entries`,
      problems: indefiniteLength(head.indefinite),
      children,
    });
  }

  #isMore(head: Head, index: number, at: number, end: number): boolean {
    return head.indefinite ? at >= end || this.#bytes[at] !== BREAK : index < head.argument;
  }

  #tag(spot: Spot, head: Head): Node {
    const { end, depth, frame } = spot;
    const content = this.#item({ at: head.end, end, depth: depth + 1, frame: underTag(frame, head.argument) });
    return nodeAt(spot, {
      headEnd: head.end,
      end: content?.end ?? head.end,
      type: 'tag',
      text: `${head.text}(`,
      close: this.#stop === undefined ? ')' : '',
      value: head.argument,
      meaning: TAG_NAMES.get(head.argument),
      children: content === undefined ? [] : [content],
    });
  }

  #leaf(spot: Spot, head: Head | undefined): Node | undefined {
    const { at: start, end } = spot;
    const decoded = decodePrefix(this.#bytes, { start, end, maxItems: MAX_NODES });
    if (decoded.ok)
      return decoded.item.type === 'bytes' ? this.#byteString(spot, decoded.item) : this.#plain(spot, decoded.item);
    const { code, offset } = decoded.error;
    if (code === 'TRUNCATED' && head !== undefined && !head.indefinite) return this.#cutOff(spot, head);
    return this.#halt(offset, CBOR_ERRORS[code]);
  }

  /** A string that the bytes end in: what is there of it. */
  #cutOff(spot: Spot, head: Head): Node {
    const { end } = spot;
    const content = this.#bytes.subarray(head.end, end);
    const missing = `${head.argument - content.length} of ${counted(head.argument, 'byte')} are missing`;
    const isBytes = head.major === MAJOR.bytes;
    const inner = isBytes ? this.#embedded(spot, head.end, end)?.node : undefined;
    this.#stop = { offset: end, reason: missing };
    return nodeAt(spot, {
      headEnd: head.end,
      end,
      type: isBytes ? 'bytes' : 'text',
      text: inner === undefined ? `h'${toHex(content.subarray(0, SHOWN_BYTES))}` : '<<',
      problems: [missing],
      children: inner === undefined ? [] : [inner],
    });
  }

  #plain(spot: Spot, item: Exclude<CborItem, CborBytes>): Node {
    const { context, key } = spot.frame;
    const isInteger = item.type === 'uint' || item.type === 'nint';
    const broken = item.type === 'text' && !item.validUtf8 ? ['not UTF-8'] : [];
    return nodeAt(spot, {
      headEnd: item.headEnd,
      end: item.end,
      type: item.type,
      text: diagnostic(item),
      value: isInteger || item.type === 'text' ? item.value : undefined,
      meaning: isInteger && key !== undefined ? meaningOf(context, key, item.value) : undefined,
      problems: [...indefiniteLength('indefinite' in item && item.indefinite), ...broken],
    });
  }

  #byteString(spot: Spot, item: CborBytes): Node {
    const { headEnd, end, value, indefinite } = item;
    const common = {
      headEnd,
      end,
      type: 'bytes',
      meaning: counted(value.length, 'byte'),
      problems: indefiniteLength(indefinite),
    } as const;
    const inner = indefinite ? undefined : this.#embedded(spot, headEnd, end);
    if (inner?.node !== undefined) {
      return nodeAt(spot, { ...common, text: '<<', close: '>>', children: [inner.node], stoppedInside: inner.stop });
    }
    const isLong = value.length > SHOWN_BYTES;
    const hex = toHex(value.subarray(0, SHOWN_BYTES)) + (isLong ? '…' : '');
    return nodeAt(spot, { ...common, text: isLong ? `h'${hex}'` : diagnostic(item), value: hex });
  }

  /** What a byte string holds, if it stands where one that holds CBOR stands. An error in it ends there. */
  #embedded(
    { depth, frame }: Spot,
    at: number,
    end: number,
  ): { node: Node | undefined; stop: Stop | undefined } | undefined {
    const inside = insideBytes(frame, this.#bytes.subarray(at, end));
    if (inside === undefined) return undefined;
    const node = this.#only({ at, end, depth: depth + 1, frame: inside });
    const stop = this.#stop;
    this.#stop = undefined;
    return { node, stop };
  }
}
