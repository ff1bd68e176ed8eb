/** The questions the verifier asks, in the order in which it reports them. */
export const CHECKS = {
  structure: 'the bytes are a collection of COSE_Sign1 in one of the two wrappers, or one platform token',
  platform_claims: 'the platform claims are those of their profile',
  realm_claims: 'the Realm claims are those of their profile',
  profiles: 'the two profiles belong together',
  platform_signature: 'the platform token is signed by the platform attestation key',
  realm_signature: 'the Realm token is signed by the Realm attestation key it carries',
  binding: 'the platform token names the Realm attestation key',
  devices: 'the device token is the one that the Realm token names',
  lifecycle: 'the lifecycle of the platform is allowed',
  challenge: 'the challenge is the one that was asked for',
  reference: 'the values are the reference values',
  policy: 'the rules that the policy adds hold',
} as const;
export type CheckName = keyof typeof CHECKS;

export type Severity = 'error' | 'warning';

interface FindingKind {
  readonly check: CheckName;
  readonly severity: Severity;
  readonly says: string;
}

const error = (check: CheckName, says: string) => ({ check, severity: 'error', says }) as const satisfies FindingKind;
const warning = (check: CheckName, says: string) =>
  ({ check, severity: 'warning', says }) as const satisfies FindingKind;

/**
 * Every finding the verifier can name. The code is the contract; the sentence may be reworded. Errors refuse a token
 * always, warnings under `strict` or by policy.
 */
export const FINDINGS = {
  TOKEN_TOO_LARGE: error('structure', 'the token is larger than any token can be'),
  CBOR_MALFORMED: error('structure', 'the bytes are not well-formed CBOR'),
  CBOR_TOO_COMPLEX: error('structure', 'the CBOR is nested too deeply or has too many items'),
  CBOR_TRAILING_BYTES: error('structure', 'bytes follow the CBOR item'),
  CBOR_INDEFINITE_LENGTH: error('structure', 'a length is indefinite'),
  CBOR_DUPLICATE_KEY: error('structure', 'a key stands twice in one map'),
  CBOR_INVALID_UTF8: error('structure', 'a text is not UTF-8'),

  NOT_A_TOKEN: error('structure', 'the bytes are neither a CCA token nor a platform token'),
  WRAPPER_TAG_MISSING: error('structure', 'the collection has no tag'),
  WRAPPER_TAG_UNKNOWN: error('structure', 'the tag of the collection is neither 399 nor 907'),
  COLLECTION_NOT_MAP: error('structure', 'the collection is not a map'),
  COLLECTION_KEY_TYPE: error('structure', 'a key of the collection is neither an integer nor a text'),
  ENTRY_MISSING: error('structure', 'an entry of the collection is absent'),
  ENTRY_FORM: error('structure', 'the entry does not have the form that its wrapper asks for'),
  CONTENT_FORMAT: error('structure', 'the record names another content format'),
  RECORD_INDICATOR: warning('structure', 'the record has an indicator, which CCA records have not'),
  WRAPPER_SELF_DESCRIBED: warning('structure', 'the token stands in the self-described CBOR tag'),

  COSE_TAG_MISSING: error('structure', 'the COSE_Sign1 has no tag'),
  COSE_TAG_UNKNOWN: error('structure', 'the COSE message is not tagged as COSE_Sign1'),
  COSE_NOT_SIGN1: error(
    'structure',
    'the COSE message is not protected header, unprotected header, payload, signature',
  ),
  COSE_PROTECTED_MALFORMED: error('structure', 'the protected header is not a map in a byte string'),
  COSE_PAYLOAD_ABSENT: error('structure', 'the payload is detached or empty'),
  HEADER_LABEL_TYPE: error('structure', 'a header label is neither an integer nor a text'),
  HEADER_REPEATED: error('structure', 'a header parameter stands in both headers'),
  ALG_MISSING: error('structure', 'no algorithm is named'),
  ALG_UNPROTECTED: error('structure', 'the algorithm is named outside the protected header'),
  ALG_UNSUPPORTED: error('structure', 'the algorithm is none of ES256, ES384, ES512'),
  CRIT_MALFORMED: error('structure', 'the list of critical header parameters is malformed'),
  CRIT_UNKNOWN: error('structure', 'a critical header parameter is unknown'),
  CLAIMS_NOT_MAP: error('structure', 'the payload is not a map of claims'),
  CLAIM_KEY_TYPE: error('structure', 'a claim key is neither an integer nor a text'),

  CLAIM_MISSING: error('platform_claims', 'a mandatory claim is absent'),
  CLAIM_FORBIDDEN: error('platform_claims', 'the profile excludes this claim'),
  CLAIM_TYPE: error('platform_claims', 'a claim has the wrong type'),
  CLAIM_SIZE: error('platform_claims', 'a claim has the wrong size'),
  CLAIM_VALUE: error('platform_claims', 'a claim has a value that its profile does not define'),
  CLAIM_OF_OTHER_REVISION: warning('platform_claims', 'a claim has the form of another revision of the profile'),
  PROFILE_UNKNOWN: error('platform_claims', 'the profile is unknown'),
  UEID_TYPE: error('platform_claims', 'the identifier is not a random UEID (first byte 0x01)'),
  COMPONENTS_EMPTY: error('platform_claims', 'there are no software components'),
  COMPONENT_KEY_TYPE: error('platform_claims', 'a key of a software component is not an integer'),
  COMPONENT_KEY_RESERVED: warning('platform_claims', 'a software component uses the reserved key 3'),
  COMPONENT_TYPE_MISSING: warning('platform_claims', 'a software component has no type'),
  PLATFORM_HASH_UNKNOWN: warning('platform_claims', 'the platform names a hash algorithm that is unknown'),
  LIFECYCLE_UNDEFINED: error('platform_claims', 'the lifecycle lies in no defined range'),

  REM_COUNT: error('realm_claims', 'there are not exactly four extensible measurements'),
  HASH_UNKNOWN: error('realm_claims', 'the hash algorithm is none of sha-256, sha-384, sha-512'),
  MEASUREMENT_SIZE: error('realm_claims', 'the measurement is not as long as a digest of the Realm hash algorithm'),
  MEASUREMENT_SLOT: warning('realm_claims', 'the measurements are whole 64-byte slots of a shorter hash algorithm'),
  MEC_POLICY_UNKNOWN: warning('realm_claims', 'the MEC policy is unknown'),
  PROFILE_INHERITED: warning(
    'realm_claims',
    'the Realm token has no profile, and its key has the form of the platform profile',
  ),
  RAK_FORM: error('realm_claims', 'the Realm attestation key does not have the form that the profile asks for'),
  RAK_MALFORMED: error('realm_claims', 'the Realm attestation key is not a COSE_Key of an elliptic curve'),
  RAK_TYPE_UNSUPPORTED: error('realm_claims', 'the Realm attestation key is not on P-256, P-384 or P-521'),
  RAK_NOT_ON_CURVE: error('realm_claims', 'the Realm attestation key is not a point of its curve'),
  RAK_KEY_OPS: error('realm_claims', 'the Realm attestation key is not meant for verification'),
  RAK_ALG: error('realm_claims', 'the Realm attestation key is meant for another algorithm than the header names'),
  RAK_PRIVATE: error('realm_claims', 'the Realm attestation key is published with its private part'),
  RAK_COMPRESSED: warning('realm_claims', 'the Realm attestation key is a compressed point'),

  PROFILE_PAIR_MIXED: warning('profiles', 'no document defines this pair of platform and Realm profiles'),

  KEY_MISSING: error('platform_signature', 'no platform attestation key was given, so the signature is unchecked'),
  KEY_OF_INSTANCE_UNKNOWN: error('platform_signature', 'no platform attestation key is known for this instance'),
  KEY_NOT_ON_CURVE: error('platform_signature', 'the platform attestation key is not a point of its curve'),
  PLATFORM_SIG_SIZE: error('platform_signature', 'the platform signature is not as long as the key asks for'),
  PLATFORM_SIG_INVALID: error('platform_signature', 'the platform token is not signed by the platform attestation key'),
  PLATFORM_ALG_UNUSUAL: warning(
    'platform_signature',
    'the algorithm is not the usual one for the curve of the platform key',
  ),
  REALM_SIG_SIZE: error('realm_signature', 'the Realm signature is not as long as the key asks for'),
  REALM_SIG_INVALID: error('realm_signature', 'the Realm token is not signed by the Realm attestation key'),
  REALM_ALG_UNUSUAL: warning('realm_signature', 'the algorithm is not the usual one for the curve of the Realm key'),

  BINDING_MISMATCH: error('binding', 'the platform token does not hold the hash of the Realm attestation key'),
  REALM_CHALLENGE_NOT_BOUND: error('binding', 'the platform challenge is not the Realm challenge'),
  DEVICES_TOKEN_MISSING: error('devices', 'the Realm token names a device token that is absent'),
  DEVICES_TOKEN_UNBOUND: error('devices', 'there is a device token that the Realm token does not name'),
  DEVICES_HASH_MISMATCH: error('devices', 'the device token is not the one that the Realm token names'),

  LIFECYCLE_REFUSED: error('lifecycle', 'the lifecycle is not one that is allowed'),

  CHALLENGE_MISMATCH: error('challenge', 'the Realm challenge is not the one that was asked for'),
  CHALLENGE_UNCHECKED: error('challenge', 'there is no Realm challenge to compare with the one that was asked for'),

  IMPLEMENTATION_ID_MISMATCH: error('reference', 'the implementation identifier differs from the reference'),
  INSTANCE_ID_MISMATCH: error('reference', 'the instance identifier differs from the reference'),
  CONFIG_MISMATCH: error('reference', 'the platform configuration differs from the reference'),
  COMPONENT_MISMATCH: error('reference', 'a software component differs from its reference'),
  COMPONENT_ABSENT: error('reference', 'a software component of the reference is absent'),
  COMPONENT_UNEXPECTED: error('reference', 'a software component is not among the references'),
  RIM_MISMATCH: error('reference', 'the initial measurement differs from the reference'),
  REM_MISMATCH: error('reference', 'an extensible measurement differs from the reference'),
  RPV_MISMATCH: error('reference', 'the personalization value differs from the reference'),
  REFERENCE_UNCHECKED: error('reference', 'the token has no valid claim to compare with the reference'),

  ENCODING_NOT_SHORTEST: error('policy', 'a head is longer than it needs to be'),
  INSTANCE_ID_NOT_OF_KEY: error('policy', 'the instance identifier is not the hash of the platform attestation key'),
  CONFIG_DEBUG: error('policy', 'the platform configuration does not show that debug is off'),
} as const satisfies Record<string, FindingKind>;
export type FindingCode = keyof typeof FINDINGS;

export type Detail = Readonly<Record<string, string | number>>;

export interface Finding {
  readonly code: FindingCode;
  /** Where: `realm/44238` is claim 44238 of the Realm token, `platform/2399/0/2` the value of the first component. */
  readonly path: string;
  readonly severity: Severity;
  /** What was found and, as `byte`, the offset in the token where it stands. */
  readonly detail: Detail;
}

/** How a rule reports. */
export type Tell = (code: FindingCode, path: string, detail?: Detail) => void;

/** A finding in one line: path, sentence, details. */
export const describeFinding = ({ code, path, detail }: Finding): string => {
  const details = Object.entries(detail).map(([name, value]) => `${name} ${value}`);
  return `${path}: ${FINDINGS[code].says}${details.length === 0 ? '' : ` (${details.join(', ')})`}`;
};
