import type { FindingCode } from '../../../src/verify/index.ts';

/** Where a verifier and ours part ways, and by which of its habits. */
export interface Habits {
  /** What ours finds and it does not mind. */
  readonly lax: Readonly<Partial<Record<FindingCode, string>>>;
  /** What it says where ours accepts. */
  readonly strict: readonly (readonly [RegExp, string])[];
  /** What it says when it gives up altogether. */
  readonly crash: readonly (readonly [RegExp, string])[];
}

/** github.com/veraison/ccatoken v1.3.1, with go-cose and fxamacker/cbor below it. */
export const goHabits: Habits = {
  lax: {
    CBOR_DUPLICATE_KEY: 'the first of two values counts, in claims as in the collection',
    CBOR_INVALID_UTF8: 'what an unknown claim holds is not read',
    CLAIMS_NOT_MAP: 'a tag around the claims is passed over',
    CLAIM_TYPE: 'a tag around a value, a bignum and a nonce in an array of one are taken',
    CLAIM_MISSING: 'the text of a label counts as the label',
    ENTRY_MISSING: 'the text of a label counts as the label',
    COMPONENT_KEY_TYPE: 'unknown keys of a component are passed over, of whatever type',
    HEADER_REPEATED: 'the protected alg counts, whatever the unprotected header says',
    ALG_UNPROTECTED: 'the protected alg counts, whatever the unprotected header says',
    CRIT_UNKNOWN: 'critical parameters are for the caller to look at',
    LIFECYCLE_REFUSED: 'a lifecycle has to be a defined one; which are trusted is left to the relying party',
    MEASUREMENT_SIZE: '32, 48 and 64 bytes are taken under every hash algorithm',
    REM_COUNT: 'there may be any number of extensible measurements but none',
    HASH_UNKNOWN: 'the hash algorithm of a Realm is any text',
    RAK_KEY_OPS: 'key_ops of the COSE_Key are not read',
    RAK_MALFORMED: 'a coordinate may lack its leading zeros',
  },
  strict: [
    [/wrong tag number .* got \[907\], expected \[399\]/, 'v1.3.1 knows tag 399 alone'],
    [/unknown profile: "tag:arm\.com,202[46]/, 'v1.3.1 knows the profiles up to 2023'],
    [/invalid COSE_Sign1_Tagged object/, 'tag and array of a COSE_Sign1 have to be in their shortest heads'],
    [/CBOR tag isn't allowed/, 'no tag may stand in an unprotected header'],
    [/invalid (un)?protected header: .*(header parameter|[Cc]ountersignature)/, 'known parameters have their types'],
    [/invalid (un)?protected header: cbor: (tag number|cannot set)/, 'what a known tag stands on is looked at'],
    [/cannot unmarshal (negative|positive) integer .*of type int64/, 'integers have 64 bits with their sign'],
    [/platform hash algo id: wrong syntax/, 'the hash algorithm of a platform is one of a list'],
    [/decoding RAK: .*missing x or y/, 'no compressed points'],
  ],
  crash: [
    [/^interface conversion: interface \{\} is .*, not int64$/, 'the curve of a COSE_Key is believed to be an integer'],
    [/SwComponent\.Validate called using nil/, 'a component is believed not to be null'],
  ],
};

/** The same at b26aba0: it knows tag 907 as well, and looks at the first tag before it reads anything. */
export const goNextHabits: Habits = {
  lax: { ...goHabits.lax, CONTENT_FORMAT: 'any integer passes for the content format of a record' },
  strict: [
    ...goHabits.strict.filter(([, reason]) => !reason.startsWith('v1.3.1 ')),
    [/unknown profile: "tag:arm\.com,202[46]/, 'it knows the profiles up to 2023'],
    [/extracting realm profile: wrong profile/, 'it knows the Realm profile of 2023 alone'],
  ],
  crash: [...goHabits.crash, [/^runtime error: index out of range \[0\]/, 'the first tag is believed to be whole']],
};

/** The crate ccatoken 0.1.0, with cose-rust and ciborium below it. */
export const rustHabits: Habits = {
  lax: {
    ALG_MISSING: 'alg is taken from either header',
    ALG_UNPROTECTED: 'alg is taken from either header',
    ALG_UNSUPPORTED: 'alg is taken by its name, and the algorithm from the key',
    COSE_TAG_MISSING: 'a COSE_Sign1 needs no tag',
    COSE_NOT_SIGN1: 'a tagged array is not counted, and may be tagged twice',
    COSE_PROTECTED_MALFORMED: 'what follows an item is not read',
    CBOR_TRAILING_BYTES: 'what follows an item is not read',
    CBOR_INDEFINITE_LENGTH: 'indefinite lengths are taken',
    CBOR_DUPLICATE_KEY: 'unknown claims are skipped, also a second time',
    CBOR_MALFORMED: 'a simple value below 32 is taken in two bytes',
    CRIT_MALFORMED: 'critical parameters are read and not enforced',
    CLAIM_KEY_TYPE: 'unknown keys are skipped, of whatever type',
    CLAIM_TYPE: 'a bignum is an integer, and a Realm profile that is no text is none',
    CLAIM_SIZE: 'a signer id has any size',
    UEID_TYPE: 'the first byte of an instance id is not looked at',
    PROFILE_UNKNOWN: 'a Realm whose profile is another counts as one without',
    RAK_FORM: 'the first byte of a point is not looked at',
    LIFECYCLE_REFUSED: 'a lifecycle has to be a defined one; which are trusted is left to the relying party',
    MEASUREMENT_SIZE: '32, 48 and 64 bytes are taken under every hash algorithm',
  },
  strict: [
    [/expecting tag 399, got 907/, 'it knows tag 399 alone'],
    [/unknown profile tag:arm\.com,202[346]/, 'it knows the profile of 2022 alone'],
    [/token: InvalidLabel\(/, 'every parameter of a header has to be known'],
    [/token: (DecodeError\(|InvalidCoseStructure|Invalid\(|Missing\(Kty\))/, 'known parameters have their types'],
    [/unknown (public-key-)?hash-algo-id/, 'sha-256 and sha-512 are the only hashes, for components too'],
    [/invalid type: simple, expected known simple value/, 'no simple values that are not assigned'],
    [/ossl_ec_GFp_simple_oct2point/, 'a coordinate loses its leading zeros on the way to OpenSSL'],
  ],
  crash: [
    [/^range end index \d+ out of range for slice of length \d+$/, 'a signature is believed to have its size'],
    [/missing 'alg' header parameter/, 'an alg is believed to be there'],
  ],
};
