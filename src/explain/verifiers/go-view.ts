import type { CborItem, CborMap } from '../../cbor/index.ts';
import {
  type Fields,
  type GoStruct,
  type GoType,
  goBytes,
  goInt,
  goItem,
  goNonces,
  goProfile,
  goSlice,
  goText,
  goTypeName,
  goUint16,
  isNull,
  readStruct,
  withoutSelfDescribed,
} from '../go-cbor.ts';
import { goSign1 } from '../go-sign1.ts';
import { LABEL } from '../items.ts';
import type { Input } from '../rule.ts';

const { platform: P, realm: R, component: C } = LABEL;

const COMPONENT = {
  [C.type]: goText,
  [C.value]: goBytes,
  [C.version]: goText,
  [C.signer]: goBytes,
  [C.description]: goText,
} as const satisfies Fields;
export type Component = GoStruct<typeof COMPONENT>['fields'];

/** A component, or the null that crashes whoever looks at it. */
const goComponent: GoType<Component> = {
  name: '*psatoken.SwComponent',
  read: (given) => {
    const item = withoutSelfDescribed(given);
    if (isNull(item)) return { value: undefined };
    if (item.type === 'tag') return goComponent.read(item.content);
    if (item.type !== 'map') return { wrong: goTypeName(item) };
    const { fields, error } = readStruct(item, COMPONENT);
    return error === undefined ? { value: fields } : { wrong: error };
  },
};

const PLATFORM = {
  [P.profile]: goProfile,
  [P.challenge]: goNonces,
  [P.implementationId]: goBytes,
  [P.instanceId]: goBytes,
  [P.config]: goBytes,
  [P.lifecycle]: goUint16,
  [P.components]: goSlice(goComponent, '[]*psatoken.SwComponent'),
  [P.service]: goText,
  [P.hash]: goText,
} as const satisfies Fields;

const REALM = {
  [R.profile]: goProfile,
  [R.challenge]: goNonces,
  [R.rpv]: goBytes,
  [R.rim]: goBytes,
  [R.rems]: goSlice(goBytes, '[][]uint8'),
  [R.hash]: goText,
  [R.key]: goBytes,
  [R.keyHash]: goText,
} as const satisfies Fields;

type Entries = { readonly platform?: Uint8Array; readonly realm?: Uint8Array; readonly error?: string };

/** What the library has read when it comes to a check. */
export interface GoView {
  readonly input: Input;
  readonly outer: CborItem | { readonly error: string };
  /** The innermost item under the tags of the collection, and their numbers. */
  readonly tags: readonly (number | bigint)[];
  readonly collection: CborItem | undefined;
  readonly entries: Entries;
  readonly platformSign1: ReturnType<typeof goSign1>;
  readonly realmSign1: ReturnType<typeof goSign1>;
  /** The platform claims before anybody has said which types they have. */
  readonly platformItem: ReturnType<typeof goItem>;
  readonly platform: GoStruct<typeof PLATFORM>;
  readonly realm: GoStruct<typeof REALM>;
}

const RECORD_FORMAT = 0;
const RECORD_VALUE = 1;

/** A record of a CMW collection: any number will do for its format, its value is the token. */
const goRecord: GoType<Uint8Array> = {
  name: 'ccatoken.CMWRecord',
  read: (item) => {
    if (isNull(item)) return { value: undefined };
    if (item.type !== 'array' || item.items.length !== 2) return { wrong: goTypeName(item) };
    const [format, value] = [item.items[RECORD_FORMAT], item.items[RECORD_VALUE]];
    if (format === undefined || value === undefined) return { wrong: 'array' };
    const read = goInt.read(format);
    return 'wrong' in read ? read : goBytes.read(value);
  },
};

const entriesOf = (collection: CborItem | undefined, tag: number | bigint | undefined): Entries => {
  if (collection?.type !== 'map') return {};
  const type = tag === LABEL.tag.cmw ? goRecord : goBytes;
  const { fields, error } = readStruct(collection as CborMap, {
    [LABEL.collection.platform]: type,
    [LABEL.collection.realm]: type,
  });
  const { [LABEL.collection.platform]: platform, [LABEL.collection.realm]: realm } = fields;
  return {
    ...(platform === undefined ? {} : { platform }),
    ...(realm === undefined ? {} : { realm }),
    ...(error === undefined ? {} : { error }),
  };
};

const payloadOf = (sign1: GoView['platformSign1']): ReturnType<typeof goItem> =>
  'error' in sign1 ? sign1 : goItem(sign1.payload);

const claimsOf = <F extends Fields>(item: ReturnType<typeof goItem>, fields: F): GoStruct<F> => {
  if ('error' in item) return { fields: {}, error: item.error };
  const plain = withoutSelfDescribed(item);
  const inner = plain.type === 'tag' ? contentOf(plain) : plain;
  if (isNull(inner)) return { fields: {} };
  return inner.type === 'map' ? readStruct(inner, fields) : { fields: {}, error: 'cbor: cannot unmarshal …' };
};

/** What stands under all tags of an item. */
export const contentOf = (item: CborItem): CborItem => (item.type === 'tag' ? contentOf(item.content) : item);

const tagsOf = (item: CborItem): readonly (number | bigint)[] =>
  item.type === 'tag' ? [item.tag, ...tagsOf(item.content)] : [];

export const openGo = (input: Input): GoView => {
  const read = goItem(input.token);
  const outer = 'error' in read ? read : withoutSelfDescribed(read);
  const tags = 'error' in outer ? [] : tagsOf(outer);
  const collection = 'error' in outer ? undefined : contentOf(outer);
  const entries = entriesOf(collection, tags[0]);
  const platformSign1 = goSign1(entries.platform ?? new Uint8Array());
  const realmSign1 = goSign1(entries.realm ?? new Uint8Array());
  const platformItem = payloadOf(platformSign1);
  return {
    input,
    outer,
    tags,
    collection,
    entries,
    platformSign1,
    realmSign1,
    platformItem,
    platform: claimsOf(platformItem, PLATFORM),
    realm: claimsOf(payloadOf(realmSign1), REALM),
  };
};
