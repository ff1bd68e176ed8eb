import type { Crypto, HashName, PublicKey, SignatureAlgorithm } from '../crypto/index.ts';
import type { Dialect } from '../token/index.ts';
import type { Form } from './draft.ts';
import type { BytesEdit, TreeEdit } from './edit.ts';
import type { KeyName } from './keys.ts';
import type { Place } from './place.ts';
import type { RuleName } from './rules.ts';
import type { Part, Wire } from './wire.ts';

/**
 * What the documents ask of a verifier: to refuse, to accept, or neither; the last is a policy of its user. `unknown` is
 * what nobody has worked out, which only random mutations may be.
 */
export const VERDICTS = ['must-reject', 'must-accept', 'policy', 'unknown'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What somebody gains with a verifier that accepts what must be rejected, the worst first. */
export const GAINS = {
  forgery: 'anybody can make such a token',
  substitution: 'the token speaks of another platform, Realm or moment than it is taken for',
  weakness: 'a platform or a key is trusted that should not be',
  ambiguity: 'two readers may read different things in one token',
  form: 'what the documents do not define is taken for evidence',
} as const;
export type Gain = keyof typeof GAINS;

export const GROUPS = {
  valid: 'valid forms',
  cose: 'COSE layer',
  cbor: 'CBOR layer',
  collection: 'collection',
  binding: 'binding',
  realm: 'Realm claims',
  platform: 'platform claims',
  identity: 'identity, reference values, splicing',
  freshness: 'freshness and what the relying party is given',
  legal: 'odd but legal',
  random: 'random',
} as const;
export type Group = keyof typeof GROUPS;

/** What a relying party needs beside the platform's key to tell that a token is wrong. */
export const NEEDS = ['challenge', 'reference', 'jwk', 'media-type'] as const;
export type Need = (typeof NEEDS)[number];

/** Key files that a relying party may be given. */
export const KEY_FILES = ['cpak', 'p-256', 'p-521', 'two-keys', 'jwk-es256'] as const;
export type KeyFile = (typeof KEY_FILES)[number];

/** Variations of the reference values, by what is different about them. */
export const REFERENCES = {
  base: 'the values of the token before it was changed',
  'other-implementation': 'another implementation identifier',
  'swapped-digests': 'the values of the first two components exchanged',
  'without-rim': 'no initial measurement',
  'two-configs': 'two configurations, which no reference value can have',
} as const;
export type ReferenceName = keyof typeof REFERENCES;

/** What the relying party has when it is shown the token. */
export interface Situation {
  /** The nonce it asked for, mostly 64 bytes. */
  readonly challenge: Uint8Array;
  readonly key: KeyFile;
  readonly reference: ReferenceName;
  /** Of the request, where the token travels over HTTP. */
  readonly mediaType?: string | undefined;
}

/** What an edit may be made of: the facts of the token that is edited, before any edit. */
export interface Facts {
  readonly crypto: Crypto;
  readonly dialect: Dialect;
  readonly challenge: Uint8Array;
  readonly key: (name: KeyName) => PublicKey;
  /** The seed of the Ed25519 key. */
  readonly ed25519: Uint8Array;
  /** The key in claim 44237. */
  readonly rak: PublicKey;
  /** Of the claim that binds it. */
  readonly binding: Place;
  readonly at: (place: Place) => Wire | undefined;
  /** Random bytes of this mutation: the same for the same seed. */
  readonly bytes: (length: number) => Uint8Array;
}

export type TreeEdits = readonly TreeEdit[] | ((facts: Facts) => readonly TreeEdit[]);

/** How a part is signed, where it is not as it should be. */
export interface Signing {
  readonly key?: KeyName | 'ed25519';
  readonly algorithm?: SignatureAlgorithm;
  /** External data that the verifier does not know. */
  readonly aad?: Uint8Array;
  /** In place of `Signature1`. */
  readonly context?: string;
  /** The payload alone, without the structure around it. */
  readonly bare?: true;
}

/** What becomes of the binding claim after the Realm token was changed. */
export interface Binding {
  /** By default the algorithm that claim 44240 names. */
  readonly hash?: HashName;
}

/**
 * One way to change a token, in the order in which things are done: the form, the keys, the items that will be signed,
 * the binding, the signatures, the items around them, the bytes.
 */
export interface Operation {
  readonly form?: Form;
  /** The key in claim 44237, which signs the Realm token, in place of the RAK; and the one that signs the platform token. */
  readonly rak?: KeyName;
  readonly cpak?: KeyName;
  readonly before?: TreeEdits;
  /** Whether the platform token is bound to claim 44237 as it now stands; by default when its key is another. */
  readonly bind?: boolean | Binding;
  readonly sign?: { readonly [P in Part]?: Signing };
  readonly after?: TreeEdits;
  readonly bytes?: readonly BytesEdit[];
}

/** One entry of the catalogue. */
export interface Mutation extends Operation {
  readonly id: string;
  readonly group: Group;
  /** What changes, in a few words. */
  readonly change: string;
  /** Which rule of which document it breaks, or which rule allows it. */
  readonly rule: RuleName;
  readonly verdict: Exclude<Verdict, 'unknown'>;
  /** What is gained with it, where it must be rejected. */
  readonly gain?: Gain;
  /** Codes that the strict reference verifier reports: of a refusal among others, else these and no more. */
  readonly finds?: readonly string[];
  /** Whether that verifier refuses, where the documents leave it open. */
  readonly refused?: true;
  readonly needs?: readonly Need[];
  readonly given?: (facts: Facts) => Partial<Situation>;
}
