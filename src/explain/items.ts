import type { CborItem, CborMap } from '../cbor/index.ts';

/** Labels of the token, as verifiers know them (token 1, 3, 4). */
export const LABEL = {
  tag: { collection: 399, cmw: 907, sign1: 18 },
  collection: { platform: 44234, realm: 44241 },
  platform: {
    challenge: 10,
    instanceId: 256,
    profile: 265,
    lifecycle: 2395,
    implementationId: 2396,
    components: 2399,
    service: 2400,
    config: 2401,
    hash: 2402,
  },
  component: { type: 1, value: 2, version: 4, signer: 5, description: 6 },
  realm: {
    challenge: 10,
    instanceId: 256,
    profile: 265,
    rpv: 44235,
    hash: 44236,
    key: 44237,
    rim: 44238,
    rems: 44239,
    keyHash: 44240,
    mec: 44243,
  },
  header: { alg: 1, crit: 2, contentType: 3, kid: 4 },
  coseKey: { kty: 1, kid: 2, alg: 3, ops: 4, crv: -1, x: -2, y: -3 },
} as const;

export const PROFILE = {
  legacy: 'http://arm.com/CCA-SSD/1.0.0',
  platform2023: 'tag:arm.com,2023:cca_platform#1.0.0',
  realm1: 'tag:arm.com,2023:realm#1.0.0',
  realm2: 'tag:arm.com,2024:realm#2.0.0',
} as const;

/** Whether an item, or anything in it, is of a kind. */
export const someItem = (item: CborItem, is: (each: CborItem) => boolean): boolean => {
  if (is(item)) return true;
  switch (item.type) {
    case 'array':
      return item.items.some((each) => someItem(each, is));
    case 'tag':
      return someItem(item.content, is);
    case 'map':
      return item.entries.some(({ key, value }) => someItem(key, is) || someItem(value, is));
    default:
      return false;
  }
};

export const isInteger = (item: CborItem | undefined, value: number): boolean =>
  (item?.type === 'uint' || item?.type === 'nint') && item.value === value;

/** The first value under an integer key. */
export const memberOf = (map: CborMap, label: number): CborItem | undefined =>
  map.entries.find(({ key }) => isInteger(key, label))?.value;

export const bytesOf = (item: CborItem | undefined): Uint8Array | undefined =>
  item?.type === 'bytes' ? item.value : undefined;
export const textOf = (item: CborItem | undefined): string | undefined =>
  item?.type === 'text' ? item.value : undefined;

export const isDigestSize = (size: number): boolean => size === 32 || size === 48 || size === 64;

/** Values of the lifecycle that a state is defined for (token 4). */
export const isLifecycle = (value: number | bigint): boolean =>
  value >= 0 && value <= 0x60ff && (Number(value) & 0x0f00) === 0;

const ESCAPED: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** A text in double quotes, as Go's `%q` writes it: printable characters as they are. */
export const quoted = (text: string): string =>
  `"${[...text].map((character) => ESCAPED[character] ?? (character < ' ' || character === '\u007f' ? hexEscape(character) : character)).join('')}"`;

const hexEscape = (character: string): string => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
