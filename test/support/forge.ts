import { createHash } from 'node:crypto';
import { nodeCrypto } from '../../src/crypto/node.ts';
import type { PrivateKey, PublicKey, SignatureAlgorithm } from '../../src/crypto/ports.ts';
import { array, bytes, FALSE, type Item, int, type Key, map, TRUE, tag, text } from './cbor-writer.ts';

/**
 * Makes CCA tokens, good and bad, from what the documents say: code of the tests' own that shares nothing with the
 * product's builder, so that the verifier is judged by something else than itself.
 */
export const crypto = nodeCrypto;

const key = (curve: PrivateKey['curve'], size: number, seed: number): PrivateKey => ({
  curve,
  scalar: Uint8Array.from({ length: size }, (_, i) => (i === 0 ? 0 : (i * 37 + seed) % 256)),
});
export const CPAK = key('P-384', 48, 1);
export const RAK = key('P-384', 48, 2);
export const OTHER = key('P-384', 48, 3);
export const RAK_P256 = key('P-256', 32, 4);
export const CPAK_P256 = key('P-256', 32, 5);
export const CPAK_P521 = key('P-521', 66, 6);

export const publicOf = (secret: PrivateKey): PublicKey => {
  const found = crypto.publicKey(secret);
  if (found === undefined) throw new Error('a test key is out of range');
  return found;
};

const fill = (size: number, byte: number): Uint8Array => new Uint8Array(size).fill(byte);

export { fill };

/** The challenge of every token that is not told otherwise: 00 01 … 3f. */
export const CHALLENGE = Uint8Array.from({ length: 64 }, (_, i) => i);
export const RPV = fill(64, 0x70);
export const RIM = fill(32, 0x11);
export const REMS = [0x21, 0x22, 0x23, 0x24].map((byte) => fill(32, byte));
export const IMPLEMENTATION_ID = fill(32, 0x33);
export const INSTANCE_ID = Uint8Array.of(1, ...fill(32, 0x44));
export const CONFIG = fill(4, 0xcf);

const CURVE_IDS = { 'P-256': 1, 'P-384': 2, 'P-521': 3 } as const;

export const rawPoint = ({ x, y }: PublicKey): Uint8Array => Uint8Array.of(4, ...x, ...y);
export const coseKeyEntries = ({ curve, x, y }: PublicKey): (readonly [Key, Item])[] => [
  [1, int(2)],
  [-1, int(CURVE_IDS[curve])],
  [-2, bytes(x)],
  [-3, bytes(y)],
];
export const coseKey = (key: PublicKey): Uint8Array => map(...coseKeyEntries(key));

/** Digest under the names of the claims. */
export const digestOf = (algorithm: 'sha-256' | 'sha-384' | 'sha-512', content: Uint8Array): Uint8Array =>
  Uint8Array.from(createHash(algorithm.replace('-', '')).update(content).digest());

export const component = (type = 'BL1', entries: readonly (readonly [Key, Item])[] = []): Item =>
  map([1, text(type)], [2, bytes(fill(32, 0x55))], [5, bytes(fill(32, 0x66))], [6, text('sha-256')], ...entries);

/** Changes to a list of claims: a new value for a label, `null` to drop it; labels that are new come last. */
export type Changes = Readonly<Record<string, Item | null>>;
type Claims = readonly (readonly [Key, Item])[];

const changed = (claims: Claims, changes: Changes = {}): Claims => {
  const known = new Set(claims.map(([label]) => String(label)));
  const added = Object.entries(changes).filter(([label]) => !known.has(label));
  return [
    ...claims,
    ...added.map(([label, value]): [Key, Item | null] => [/^-?\d+$/.test(label) ? Number(label) : label, value]),
  ]
    .map(([label, value]): [Key, Item | null] => [
      label,
      String(label) in changes ? (changes[String(label)] ?? null) : value,
    ])
    .filter((entry): entry is [Key, Item] => entry[1] !== null);
};

/** A COSE_Sign1 before it is one: each part may be changed before it is signed, or after. */
export interface Sign1Draft {
  readonly tag?: number | null;
  readonly protectedHeader?: Item;
  /** The first element of the array, where it is not the header in a byte string. */
  readonly protectedItem?: Item;
  readonly unprotected?: Item;
  readonly payload?: Item;
  readonly payloadItem?: Item;
  readonly signature?: (good: Uint8Array) => Uint8Array;
  readonly more?: readonly Item[];
  readonly drop?: number;
  readonly aad?: Uint8Array;
  readonly algorithm?: SignatureAlgorithm;
  readonly after?: (item: Item) => Item;
}

const ALG_IDS = { ES256: -7, ES384: -35, ES512: -36 } as const;
export const algHeader = (algorithm: SignatureAlgorithm): Item => map([1, int(ALG_IDS[algorithm])]);

export const sign1 = (payload: Item, secret: PrivateKey, draft: Sign1Draft = {}): Item => {
  const algorithm =
    draft.algorithm ?? (secret.curve === 'P-256' ? 'ES256' : secret.curve === 'P-384' ? 'ES384' : 'ES512');
  const header = draft.protectedHeader ?? algHeader(algorithm);
  const content = draft.payload ?? payload;
  const toBeSigned = array(text('Signature1'), bytes(header), bytes(draft.aad ?? new Uint8Array()), bytes(content));
  const good = crypto.sign(algorithm, secret, toBeSigned);
  const parts = [
    draft.protectedItem ?? bytes(header),
    draft.unprotected ?? map(),
    draft.payloadItem ?? bytes(content),
    bytes(draft.signature?.(good) ?? good),
    ...(draft.more ?? []),
  ].slice(0, draft.drop === undefined ? undefined : -draft.drop);
  const message = array(...parts);
  const tagged = draft.tag === null ? message : tag(draft.tag ?? 18, message);
  return draft.after?.(tagged) ?? tagged;
};

const PLATFORM_PROFILE = {
  legacy: 'http://arm.com/CCA-SSD/1.0.0',
  '2023': 'tag:arm.com,2023:cca_platform#1.0.0',
  '2024': 'tag:arm.com,2024:cca_platform#2.0.0',
  '2026': 'tag:arm.com,2026:cca_platform#2.0.0',
} as const;
const REALM_PROFILE = {
  legacy: undefined,
  '2023': 'tag:arm.com,2023:realm#1.0.0',
  '2024': 'tag:arm.com,2024:realm#2.0.0',
  '2026': 'tag:arm.com,2026:realm#2.0.0',
} as const;
export type Year = keyof typeof PLATFORM_PROFILE;

export interface Forgery {
  readonly year?: Year;
  /** Of the Realm token, when it is not that of the platform token. */
  readonly realmYear?: Year;
  readonly outer?: 399 | 907;
  readonly cpak?: PrivateKey;
  readonly rakSecret?: PrivateKey;
  /** Content of claim 44237. */
  readonly rak?: Uint8Array;
  /** What is bound in its place. */
  readonly boundBytes?: Uint8Array;
  readonly boundBy?: 'sha-256' | 'sha-384' | 'sha-512';
  readonly platform?: Changes;
  readonly realm?: Changes;
  readonly platformDraft?: Sign1Draft;
  readonly realmDraft?: Sign1Draft;
  /** More entries of the collection, by label. */
  readonly entries?: Changes;
  readonly collection?: (platform: Uint8Array, realm: Uint8Array) => Item;
}

const platformClaims = (year: Year, binding: Uint8Array): Claims => [
  [265, text(PLATFORM_PROFILE[year])],
  [year === '2026' ? 2408 : 10, bytes(binding)],
  [2396, bytes(IMPLEMENTATION_ID)],
  [256, bytes(INSTANCE_ID)],
  [2401, bytes(CONFIG)],
  [2395, int(0x3003)],
  [2402, text('sha-256')],
  ...(year === '2024' || year === '2026' ? ([[2394, int(1)]] as const) : []),
  [2400, text('https://verifier.example')],
  [2399, array(component('BL1'), component('RMM'))],
];

const realmClaims = (year: Year, rak: Uint8Array, boundBy: string): Claims => {
  const profile = REALM_PROFILE[year];
  const since2024 = year === '2024' || year === '2026';
  return [
    [10, bytes(CHALLENGE)],
    ...(since2024 ? ([[256, bytes(Uint8Array.of(1, ...fill(32, 0x22)))]] as const) : []),
    [44235, bytes(RPV)],
    [44237, bytes(rak)],
    [44236, text('sha-256')],
    [44240, text(boundBy)],
    ...(since2024 ? ([[44243, int(0)]] as const) : []),
    ...(profile === undefined ? [] : ([[265, text(profile)]] as const)),
    [44238, bytes(RIM)],
    [44239, array(...REMS.map(bytes))],
  ];
};

/** The realm part of a forgery: the content of the byte string. */
export const realmPart = (f: Forgery = {}): Uint8Array => {
  const year = f.realmYear ?? f.year ?? '2023';
  const claims = realmClaims(year, rakOf(f), f.boundBy ?? 'sha-256');
  return sign1(map(...changed(claims, f.realm)), f.rakSecret ?? RAK, f.realmDraft);
};

const rakOf = (f: Forgery): Uint8Array => {
  const key = publicOf(f.rakSecret ?? RAK);
  return f.rak ?? ((f.realmYear ?? f.year) === 'legacy' ? rawPoint(key) : coseKey(key));
};

/** The platform part of a forgery: the content of the byte string, or a platform token alone. */
export const platformPart = (f: Forgery = {}): Uint8Array => {
  const bound = digestOf(f.boundBy ?? 'sha-256', f.boundBytes ?? rakOf(f));
  const claims = platformClaims(f.year ?? '2023', bound);
  return sign1(map(...changed(claims, f.platform)), f.cpak ?? CPAK, f.platformDraft);
};

export const record = (content: Uint8Array, contentFormat = 263): Item => array(int(contentFormat), bytes(content));

/** A CCA token: good in all its parts, but for what is told. */
export const forge = (f: Forgery = {}): Uint8Array => {
  const outer = f.outer ?? (f.year === '2024' || f.year === '2026' ? 907 : 399);
  const entry = outer === 399 ? bytes : record;
  const [platform, realm] = [platformPart(f), realmPart(f)];
  if (f.collection !== undefined) return f.collection(platform, realm);
  const entries: Claims = [
    [44234, entry(platform)],
    [44241, entry(realm)],
  ];
  return tag(outer, map(...changed(entries, f.entries)));
};

/** Claims of one assigned device (token of devices, RMM 2.0). */
export const deviceClaims = (changes: Changes = {}, device: Changes = {}): Uint8Array => {
  const one: Claims = [
    [1, bytes(fill(32, 0x88))],
    [2, bytes(fill(32, 0x99))],
    [3, bytes(fill(32, 0xaa))],
    [4, FALSE],
    [5, TRUE],
  ];
  const claims: Claims = [
    [265, text('tag:arm.com,2025:cca_device#2.0.0')],
    [44259, array(map(...changed(one, device)))],
  ];
  return map(...changed(claims, changes));
};
