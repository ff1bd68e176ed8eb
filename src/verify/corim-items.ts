import { type CborBytes, type CborItem, type CborMap, decode, decodeEmbedded, problems } from '../cbor/index.ts';
import { type CorimErrorCode, CorimRefusal } from './corim-errors.ts';
import { member } from './readers.ts';

/** Tags of CoRIM, of its types, and of the types that the profile before 2025 had. */
export const TAG = {
  uri: 32,
  corim: 501,
  comid: 506,
  ueid: 550,
  pkixBase64Key: 554,
  bytes: 560,
  ssd1ImplementationId: 600,
  ssd1Component: 601,
  ssd1Config: 602,
} as const;

/** An item and where it stands. */
export interface At<T extends CborItem = CborItem> {
  readonly item: T;
  readonly path: string;
}

export const refuse = (code: CorimErrorCode, path: string): never => {
  throw new CorimRefusal(code, path);
};

const decoded = (result: ReturnType<typeof decode>, path: string): CborItem => {
  if (!result.ok) return refuse('NOT_CBOR', path);
  if (problems(result.item).some(({ code }) => code !== 'NOT_SHORTEST')) return refuse('CBOR_UNWELCOME', path);
  return result.item;
};

/** Reference values of hundreds of Realms. */
const LIMITS = { maxItems: 20_000 };

/** One whole item, without what makes CBOR ambiguous. */
export const openItem = (bytes: Uint8Array, path: string): CborItem => decoded(decode(bytes, LIMITS), path);

/** What a byte string holds. */
export const openEmbedded = (source: Uint8Array, item: CborBytes, path: string): CborItem =>
  decoded(decodeEmbedded(source, item, LIMITS), path);

export const mapAt = ({ item, path }: At, code: CorimErrorCode): At<CborMap> =>
  item.type === 'map' ? { item, path } : refuse(code, path);

/** The items of an array, each with its index in its path. */
export const itemsAt = ({ item, path }: At, code: CorimErrorCode): readonly At[] =>
  item.type === 'array' ? item.items.map((each, i) => ({ item: each, path: `${path}/${i}` })) : refuse(code, path);

export const memberAt = ({ item, path }: At<CborMap>, label: number, name: string): At | undefined => {
  const found = member(item, label);
  return found && { item: found, path: `${path}/${name}` };
};

/** The content of an item under a tag, or undefined when it has another tag or none. */
export const inTag = (item: CborItem, tag: number): CborItem | undefined =>
  item.type === 'tag' && item.tag === tag ? item.content : undefined;

/** The bytes under a tag, or undefined. */
export const bytesInTag = (item: CborItem, tag: number): Uint8Array | undefined => {
  const content = inTag(item, tag);
  return content?.type === 'bytes' ? Uint8Array.from(content.value) : undefined;
};

const DIGEST_SIZES = [32, 48, 64];
export const isDigestSize = (size: number): boolean => DIGEST_SIZES.includes(size);

/** Sizes of digests by algorithm: of the Named Information registry, or as text. Others are not known here. */
const SIZE_OF_ALGORITHM: ReadonlyMap<number | bigint | string, number> = new Map<number | string, number>([
  [1, 32],
  [7, 48],
  [8, 64],
  ['sha-256', 32],
  ['sha-384', 48],
  ['sha-512', 64],
]);

/** The values of a list of digests. */
export const digestsAt = (list: At): readonly Uint8Array[] => {
  const pairs = itemsAt(list, 'DIGESTS');
  if (pairs.length === 0) refuse('DIGESTS_MISSING', list.path);
  return pairs.map(({ item, path }) => {
    const [algorithm, value] = item.type === 'array' && item.items.length === 2 ? item.items : [];
    const isNamed = algorithm?.type === 'uint' || algorithm?.type === 'text';
    if (!isNamed || value?.type !== 'bytes' || !isDigestSize(value.value.length)) return refuse('DIGESTS', path);
    const due = SIZE_OF_ALGORITHM.get(algorithm.value);
    if (due !== undefined && due !== value.value.length) return refuse('DIGESTS', path);
    return Uint8Array.from(value.value);
  });
};

/** The value of exactly one digest. */
export const oneDigestAt = (list: At): Uint8Array => {
  const [first, ...more] = digestsAt(list);
  return first === undefined || more.length > 0 ? refuse('DIGEST_COUNT', list.path) : first;
};
