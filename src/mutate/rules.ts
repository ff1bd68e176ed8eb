/** A rule of a document, in our words. */
export interface Rule {
  readonly document: string;
  readonly section: string;
  readonly says: string;
}

const CBOR = 'RFC 8949';
const COSE = 'RFC 9052';
const ALGORITHMS = 'RFC 9053';
const ECDSA = 'FIPS 186-5';
const CURVES = 'SEC 1';
const CMW = 'RFC 9999';
const DRAFT = 'draft-ffm-rats-cca-token-00';
const DRAFT_4 = 'draft-ffm-rats-cca-token-04';
const RMM_1 = 'DEN0137 1.0';
const RMM_2 = 'DEN0137 2.0 beta';
const JWK = 'RFC 7517';

const rule = (document: string, section: string, says: string): Rule => ({ document, section, says });

/** The rules that mutations break or rest upon. */
export const RULES = {
  'cbor-well-formed': rule(CBOR, '5.1', 'the bytes are one well-formed item'),
  'cbor-one-item': rule(CBOR, '5.3.1', 'nothing follows the item where one is expected'),
  'cbor-definite': rule(DRAFT, '4.11.1', 'lengths are definite: no profile of CCA allows others'),
  'cbor-unique-keys': rule(CBOR, '5.6', 'a key stands once in a map, however it is written'),
  'cbor-utf8': rule(CBOR, '3.1', 'a text is UTF-8'),
  'cbor-any-width': rule(
    DRAFT,
    '4.11.1',
    'a head may be wider than it needs to be, unless a profile asks for the shortest',
  ),
  'cbor-any-order': rule(CBOR, '5.6', 'the order of the entries of a map means nothing'),
  'cbor-self-described': rule(CBOR, '3.4.6', 'tag 55799 adds no meaning'),
  'cbor-depth': rule(CBOR, '5.1', 'a decoder may bound the nesting that it reads'),

  'cose-tag': rule(DRAFT, '4.11.1', 'a COSE_Sign1 in a CWT is tagged with 18, once'),
  'cose-sign1': rule(COSE, '4.2', 'a COSE_Sign1 is protected header, unprotected header, payload and signature'),
  'cose-payload': rule(DRAFT, '4.11.1', 'the payload is a byte string in its place, and it holds claims'),
  'cose-protected': rule(COSE, '3', 'the protected header is a map in a byte string, or no bytes'),
  'cose-label': rule(COSE, '1.5', 'a label is an integer or a text'),
  'cose-label-once': rule(COSE, '3', 'a label stands once, in one of the two headers'),
  'cose-alg-protected': rule(COSE, '3.1', 'alg stands in the protected header'),
  'cose-alg-known': rule(DRAFT, '4.11.1', 'the algorithm is one of ES256, ES384 and ES512'),
  'cose-alg-curve': rule(ALGORITHMS, '2.1', 'an algorithm fixes a hash and no curve'),
  'cose-crit': rule(COSE, '3.1', 'a critical parameter is understood, or the message is refused'),
  'cose-crit-form': rule(
    COSE,
    '3.1',
    'crit is a list of one or more labels of the protected header, in which it stands',
  ),
  'cose-unknown-header': rule(COSE, '3', 'a parameter that is neither critical nor understood is ignored'),
  'cose-kid': rule(COSE, '3.1', 'kid is a hint, of any bytes, in either header'),
  'cose-x5chain': rule(RMM_2, 'A7.2.3.3', 'a certificate chain may stand in the unprotected header'),
  'cose-sig-structure': rule(COSE, '4.4', 'what is signed is the Sig_structure with the bytes as they stand'),
  'cose-signature': rule(COSE, '4.4', 'the signature is made with the key that the token is trusted by'),
  'cose-signature-form': rule(ALGORITHMS, '2.1', 'a signature is r and s, each as wide as the order of the curve'),
  'ecdsa-either-s': rule(ECDSA, '6.4.2', 's and n - s verify alike'),
  'ecdsa-range': rule(ECDSA, '6.4.2', 'r and s lie in [1, n-1]'),
  'cose-key': rule(COSE, '7.1', 'a COSE_Key has a kty, and the parameters of its type'),
  'cose-key-other': rule(COSE, '7.1', 'other parameters of a COSE_Key are allowed'),
  'cose-key-ops': rule(COSE, '7.1', 'key_ops, where it is there, allows what the key is used for'),
  'cose-key-alg': rule(COSE, '7.1', 'alg of a key, where it is there, is the algorithm it is used with'),
  'cose-key-public': rule(ALGORITHMS, '7.1.1', 'the private part of a key is for its owner'),
  'cose-key-width': rule(ALGORITHMS, '7.1.1', 'a coordinate is as wide as the field, leading zeros kept'),
  'cose-key-sign-bit': rule(ALGORITHMS, '7.1.1', 'y may be a sign bit'),
  'key-on-curve': rule(CURVES, '3.2.2.1', 'a public key is a point of its curve and not the point at infinity'),

  'outer-tag': rule(DRAFT_4, '4.1', 'the collection is tagged with 907, or with 399 as it was before'),
  'either-wrapper': rule(DRAFT_4, '4.1', 'the wrapper says nothing of the tokens in it'),
  'collection-map': rule(RMM_1, 'A7.2.3', 'the collection is a map of integer labels'),
  'collection-entries': rule(RMM_1, 'A7.2.3', 'the collection has a platform token and a Realm token'),
  'collection-open': rule(CMW, '3.3', 'a collection may hold more than its reader knows'),
  'entry-bstr': rule(RMM_1, 'A7.2.3', 'under tag 399 an entry is a byte string'),
  'entry-record': rule(DRAFT_4, '4.1', 'under tag 907 an entry is a record of content format and byte string'),
  'content-format': rule(DRAFT_4, '4.1', 'the content format of a token is 263'),
  'record-indicator': rule(CMW, '3.1', 'a record may have an indicator as third element'),
  'entry-is-its-token': rule(RMM_1, 'A7.2.3', 'entry 44234 is a platform token and entry 44241 a Realm token'),

  binding: rule(
    DRAFT,
    '4.10',
    'the platform token holds the hash of claim 44237 as it stands, by the algorithm of claim 44240',
  ),
  'binding-hash': rule(RMM_1, 'A7.2.3.1.8', 'claim 44240 names an algorithm of the IANA registry that can be computed'),
  'binding-type': rule(RMM_1, 'A7.2.3.2.2', 'the claim that binds is one byte string of 32, 48 or 64 bytes'),
  'binding-2026': rule(DRAFT_4, '4.3', 'under the 2026 profiles claim 2408 binds, and claim 10 is absent'),

  'claims-map': rule(DRAFT, '4', 'claims are a map of integer or text labels'),
  'claims-unknown': rule(DRAFT, '4.11.3', 'a claim that is not understood is ignored'),
  'realm-mandatory': rule(RMM_1, 'A7.2.3.1', 'the claims of a Realm are all there'),
  'realm-challenge': rule(RMM_1, 'A7.2.3.1.1', 'the Realm challenge is one byte string of 64 bytes'),
  'realm-rpv': rule(RMM_1, 'A7.2.3.1.3', 'the personalization value has 64 bytes'),
  'realm-measurement': rule(RMM_1, 'A7.2.3.1.4', 'a measurement is a byte string of 32, 48 or 64 bytes'),
  'realm-measurement-size': rule(
    RMM_1,
    'A7.2.3.1.6',
    'measurements are digests of the algorithm that claim 44236 names',
  ),
  'realm-rem': rule(RMM_1, 'A7.2.3.1.5', 'there are exactly four extensible measurements, in an array'),
  'realm-hash': rule(RMM_1, 'A7.2.3.1.6', 'claim 44236 is the name of a hash algorithm'),
  'realm-profile': rule(RMM_1, 'A7.2.3.1.2', 'the Realm profile is a text that the verifier knows'),
  'realm-rak': rule(RMM_1, 'A7.2.3.1.7', 'claim 44237 is a byte string'),
  'realm-rak-form': rule(RMM_1, 'A7.2.3.1.7', 'the profile fixes the form of the Realm attestation key'),
  'realm-rak-raw': rule(
    DRAFT,
    '4.8.7',
    'without a profile the Realm attestation key is an uncompressed point of P-384',
  ),
  'realm-mec': rule(RMM_2, 'A7.2.3.1.8', 'the MEC policy is shared or private'),
  'realm-mec-forms': rule(RMM_2, 'A7.2.3.1.8', 'the MEC policy is an integer; in draft -03 and RMM 1.1 it was a text'),
  'realm-lfa': rule(RMM_2, 'A7.2.3.1', 'the policy for live activation is 0 or 1'),
  'realm-instance': rule(RMM_2, 'A7.2.3.1', 'a Realm instance id is 33 bytes, the first of them 1'),
  'devices-bound': rule(RMM_2, 'A7.2.3.2', 'the device claims are there exactly when the Realm token holds their hash'),
  'devices-claims': rule(RMM_2, 'A7.2.3.2', 'device claims are a profile and one or more devices'),

  'platform-mandatory': rule(RMM_1, 'A7.2.3.2', 'the mandatory claims of a platform are all there'),
  'platform-optional': rule(RMM_1, 'A7.2.3.2.8', 'the verification service is optional'),
  'platform-implementation-id': rule(RMM_1, 'A7.2.3.2.3', 'the implementation id has 32 bytes'),
  'platform-instance-id': rule(
    RMM_1,
    'A7.2.3.2.4',
    'the instance id is a UEID of type RAND: 33 bytes, the first of them 1',
  ),
  'platform-config': rule(RMM_1, 'A7.2.3.2.5', 'the configuration is a byte string, opaque and of any length'),
  'platform-lifecycle': rule(RMM_1, 'A7.2.3.2.6', 'the lifecycle is an unsigned integer in one of seven ranges'),
  'platform-secured': rule(DRAFT, '7', 'only a secured platform is trustworthy'),
  'platform-lifecycle-low-byte': rule(RMM_1, 'A7.2.3.2.6', 'the low byte of the lifecycle is the implementation’s own'),
  'platform-components': rule(RMM_1, 'A7.2.3.2.7', 'there is an array of one or more software components'),
  'component-map': rule(RMM_1, 'A7.2.3.2.7', 'a software component is a map of integer labels'),
  'component-mandatory': rule(RMM_1, 'A7.2.3.2.7', 'a software component has a measurement and a signer'),
  'component-types': rule(RMM_1, 'A7.2.3.2.7', 'type, version and algorithm of a component are texts'),
  'component-digest': rule(RMM_1, 'A7.2.3.2.7', 'measurement and signer are byte strings of 32, 48 or 64 bytes'),
  'component-optional': rule(
    RMM_1,
    'A7.2.3.2.7',
    'type, version and algorithm of a component may be absent, and are of any length',
  ),
  'component-closed': rule(RMM_1, 'A7.2.3.2.7', 'a software component has the members that its profile defines'),
  'component-hash': rule(RMM_1, 'A7.2.3.2.7', 'the algorithm of a component is a text'),
  'component-2024': rule(
    RMM_2,
    'A7.2.3.3',
    'since 2024 a component may say whether it is activated live, and who else signed it',
  ),
  'component-list': rule(RMM_1, 'A7.2.3.2.7', 'order and number of the components are the platform’s own'),
  'platform-hash': rule(RMM_1, 'A7.2.3.2.9', 'claim 2402 is the name of a hash algorithm'),
  'platform-vsi': rule(RMM_1, 'A7.2.3.2.8', 'the verification service is a text'),
  'platform-profile': rule(RMM_1, 'A7.2.3.2.1', 'the platform profile is a text that the verifier knows'),
  'platform-client': rule(RMM_2, 'A7.2.3.3', 'since 2024 the client is the Realm Management security domain, 1'),
  'platform-2024': rule(
    RMM_2,
    'A7.2.3.3',
    'since 2024 there may be a manufacturing configuration and extension devices',
  ),
  'platform-2026': rule(DRAFT_4, '4.6', 'since 2026 there may be boot keys, peer signers and TPM binding data'),
  'profile-pair': rule(DRAFT_4, '4.3.3', 'a platform profile names the Realm profile that goes with it'),
  'profile-suffix': rule(DRAFT_4, '4.3.3', 'a 2026 platform profile may name its model after a semicolon'),

  'reference-values': rule(DRAFT, '7', 'what the token says is what its verifier expects'),
  'reference-named': rule(DRAFT, '7', 'what the reference values do not name is not compared'),
  'trust-anchor': rule(DRAFT, '7', 'the platform token is signed by the key that is trusted for this instance'),
  'anchor-alg': rule(JWK, '4.4', 'alg of a key says what it is meant for'),
  freshness: rule(RMM_1, 'A7.2.3.1.1', 'the challenge is the one that was asked for'),
  'challenge-padding': rule(RMM_2, 'A7.2.2', 'a shorter challenge is zero-padded to 64 bytes by its caller'),
  'media-type': rule(DRAFT, '10.2', 'the media type says that evidence of CCA follows'),
} as const satisfies Record<string, Rule>;
export type RuleName = keyof typeof RULES;
