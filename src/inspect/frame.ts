import { decodePrefix, encode } from '../cbor/index.ts';
import { COSE_KEY, DEVICES, ENTRY, PLATFORM, REALM, TAG } from './labels.ts';
import type { Context } from './names.ts';

/** Whose claims a COSE_Sign1 or an entry carries. */
export type Whose = 'platform' | 'realm' | 'devices';

/** What a container that stands at a place is: a context for its keys, or a step on the way to one. */
export type Inside = Context | 'entry' | 'unsigned_entry' | 'components' | 'devices' | 'raw_or_key';

type Label = number | bigint | string;

/** Where an item stands: in which context, under which key or index, and what it is if it holds others. */
export interface Frame {
  readonly context: Context;
  readonly key: Label | undefined;
  readonly inside: Inside;
  readonly whose: Whose | undefined;
}

export const TOP: Frame = { context: 'token', key: undefined, inside: 'token', whose: undefined };
/** A key of a map. */
export const KEY_FRAME: Frame = { context: 'other', key: undefined, inside: 'other', whose: undefined };

const COLLECTION_ENTRIES: ReadonlyMap<Label, { readonly inside: Inside; readonly whose: Whose }> = new Map([
  [ENTRY.platform, { inside: 'entry', whose: 'platform' }],
  [ENTRY.realm, { inside: 'entry', whose: 'realm' }],
  [ENTRY.realmClaims, { inside: 'unsigned_entry', whose: 'realm' }],
  [ENTRY.devices, { inside: 'unsigned_entry', whose: 'devices' }],
]);

const INSIDE_CLAIMS: Readonly<Partial<Record<Context, ReadonlyMap<Label, Inside>>>> = {
  platform: new Map([[PLATFORM.components, 'components']]),
  realm: new Map<Label, Inside>([
    [REALM.rak, 'raw_or_key'],
    [REALM.rems, 'measurements'],
  ]),
  device_token: new Map([[DEVICES, 'devices']]),
};

const CLAIMS_OF = { platform: 'platform', realm: 'realm', devices: 'device_token' } as const satisfies Record<
  Whose,
  Context
>;

const COSE_TAGS: ReadonlySet<Label> = new Set([TAG.mac0, TAG.sign1, TAG.sign]);
const WRAPPER_TAGS: ReadonlySet<Label> = new Set([TAG.collection, TAG.cmw]);

/** The content of a tag. */
export const underTag = (frame: Frame, tag: number | bigint): Frame => {
  const inside = WRAPPER_TAGS.has(tag) ? 'collection' : COSE_TAGS.has(tag) ? 'sign1' : frame.inside;
  return { ...frame, context: 'other', key: undefined, inside };
};

/** The value under a key of a map whose keys mean `context`. */
export const underKey = ({ whose }: Frame, context: Context, key: Label | undefined): Frame => {
  const entry = context === 'collection' && key !== undefined ? COLLECTION_ENTRIES.get(key) : undefined;
  if (entry !== undefined) return { context, key, ...entry };
  const inside = key === undefined ? undefined : INSIDE_CLAIMS[context]?.get(key);
  return { context, key, inside: inside ?? 'other', whose };
};

/** Member `index` of an array. */
export const underIndex = (frame: Frame, index: number): Frame => {
  const { inside, whose } = frame;
  switch (inside) {
    case 'sign1':
    case 'token':
      return {
        context: 'sign1',
        key: index,
        inside: index < 2 ? 'header' : index === 2 ? CLAIMS_OF[whose ?? 'platform'] : 'other',
        whose,
      };
    case 'entry':
    case 'unsigned_entry':
      return { context: 'collection', key: index, inside, whose };
    case 'components':
      return { context: 'other', key: index, inside: 'component', whose };
    case 'devices':
      return { context: 'other', key: index, inside: 'device', whose };
    case 'measurements':
      return { context: 'measurements', key: index, inside: 'other', whose };
    default:
      return { context: 'other', key: index, inside: 'other', whose };
  }
};

/** What keys mean in a map that stands at a frame. */
export const contextOfMap = ({ inside, whose }: Frame): Context => {
  switch (inside) {
    case 'entry':
    case 'components':
    case 'devices':
    case 'measurements':
    case 'sign1':
      return 'other';
    case 'unsigned_entry':
      return CLAIMS_OF[whose ?? 'devices'];
    case 'raw_or_key':
      return 'cose_key';
    default:
      return inside;
  }
};

const UNCOMPRESSED = 0x04;

/** How the CBOR that a byte string holds is to be read; undefined when it holds none. */
export const insideBytes = (frame: Frame, content: Uint8Array): Frame | undefined => {
  const { context, inside, whose } = frame;
  const within = (next: Inside): Frame => ({ context: 'other', key: undefined, inside: next, whose });
  if (content.length === 0) return undefined;
  if (inside === 'entry') return within('token');
  if (inside === 'unsigned_entry') return within(CLAIMS_OF[whose ?? 'devices']);
  if (inside === 'raw_or_key') return content[0] === UNCOMPRESSED ? undefined : within('cose_key');
  return context === 'sign1' && inside !== 'other' ? within(inside) : undefined;
};

/** Labels by which a map without a wrapper is recognised, the telling ones first. */
const TELLING: readonly (readonly [number, Context])[] = [
  [ENTRY.platform, 'collection'],
  [ENTRY.realm, 'collection'],
  [REALM.rak, 'realm'],
  [REALM.rim, 'realm'],
  [PLATFORM.implementationId, 'platform'],
  [PLATFORM.components, 'platform'],
  [DEVICES, 'device_token'],
  [COSE_KEY.x, 'cose_key'],
];

/** What the outermost map is, by its keys. */
export const guessMap = (bytes: Uint8Array, start: number, end: number): Context => {
  const decoded = decodePrefix(bytes, { start, end });
  if (!decoded.ok || decoded.item.type !== 'map') return 'other';
  const { entries } = decoded.item;
  const has = (label: number): boolean =>
    entries.some(({ key }) => (key.type === 'uint' || key.type === 'nint') && key.value === label);
  return TELLING.find(([label]) => has(label))?.[1] ?? 'other';
};

/** The encoded label of the Realm attestation key, which only Realm tokens have. */
const RAK_LABEL = encode(REALM.rak);

/** Whose token a COSE_Sign1 without a collection is. Works on broken bytes, too. */
export const guessWhose = (bytes: Uint8Array, start: number, end: number): Whose => {
  const within = bytes.subarray(start, end);
  const [first = 0] = RAK_LABEL;
  for (let at = within.indexOf(first); at >= 0; at = within.indexOf(first, at + 1)) {
    if (RAK_LABEL.every((byte, i) => within[at + i] === byte)) return 'realm';
  }
  return 'platform';
};
