import type { CborMap } from '../cbor/index.ts';
import {
  decodeSign1,
  HEADER,
  headerValue,
  type Sign1,
  type Sign1Deviation,
  type Sign1Error,
  signatureAlgorithmOf,
  sigStructure,
} from '../cose/index.ts';
import { type Crypto, CURVES, type CurveName, type PublicKey, type SignatureAlgorithm } from '../crypto/index.ts';
import type { FindingCode } from './findings.ts';
import { LAYER_LIMITS, offsetIn, openLayer, type Place, tellCborError, tellProblems } from './layer.ts';

/** A COSE_Sign1 with what can be had from it; what is undefined has been reported. */
export interface SignedClaims {
  readonly algorithm: SignatureAlgorithm | undefined;
  /** What is signed, and the signature. */
  readonly toBeSigned: Uint8Array;
  readonly signature: Uint8Array;
  readonly claims: CborMap | undefined;
  readonly place: Place;
  readonly shortest: boolean;
}

const FINDING_OF_ERROR = {
  NOT_CBOR: 'CBOR_MALFORMED',
  WRONG_TAG: 'COSE_TAG_UNKNOWN',
  NOT_ARRAY_OF_4: 'COSE_NOT_SIGN1',
  PROTECTED_NOT_BYTES: 'COSE_PROTECTED_MALFORMED',
  PROTECTED_NOT_CBOR: 'COSE_PROTECTED_MALFORMED',
  PROTECTED_NOT_MAP: 'COSE_PROTECTED_MALFORMED',
  UNPROTECTED_NOT_MAP: 'COSE_NOT_SIGN1',
  PAYLOAD_DETACHED: 'COSE_PAYLOAD_ABSENT',
  PAYLOAD_NOT_BYTES: 'COSE_NOT_SIGN1',
  SIGNATURE_NOT_BYTES: 'COSE_NOT_SIGN1',
} as const satisfies Record<Sign1Error['code'], FindingCode>;

const FINDING_OF_DEVIATION = {
  UNTAGGED: 'COSE_TAG_MISSING',
  TRAILING_BYTES: 'CBOR_TRAILING_BYTES',
  ALG_MISSING: 'ALG_MISSING',
  ALG_UNPROTECTED: 'ALG_UNPROTECTED',
  LABEL_MALFORMED: 'HEADER_LABEL_TYPE',
  LABEL_DUPLICATE: 'HEADER_REPEATED',
  CRIT_UNPROTECTED: 'CRIT_MALFORMED',
  CRIT_MALFORMED: 'CRIT_MALFORMED',
  CRIT_ABSENT: 'CRIT_MALFORMED',
  CRIT_UNKNOWN: 'CRIT_UNKNOWN',
} as const satisfies Record<Sign1Deviation['code'], FindingCode>;

/** As many deviations as are worth telling. */
const TOLD_AT_MOST = 16;

const tellDeviations = ({ deviations }: Sign1, { path, base, tell }: Place): void => {
  for (const { code, offset } of deviations.slice(0, TOLD_AT_MOST)) {
    tell(FINDING_OF_DEVIATION[code], path, base === undefined ? {} : { byte: base + offset });
  }
};

const tellError = (error: Sign1Error, place: Place): void => {
  const { path, base, tell } = place;
  if (error.cbor !== undefined) tellCborError(error.cbor, place);
  if (error.code === 'NOT_CBOR') return;
  tell(FINDING_OF_ERROR[error.code], path, base === undefined ? {} : { byte: base + error.offset });
};

/** Without an algorithm nothing is verified, so that every way of having none is told: an absent one is a deviation. */
const algorithmOf = (sign1: Sign1, place: Place): SignatureAlgorithm | undefined => {
  const { algorithm } = sign1;
  const { path, tell } = place;
  if (algorithm === undefined) {
    const item = headerValue(sign1.protected, HEADER.alg);
    if (item !== undefined) tell('ALG_UNSUPPORTED', path, { found: item.type });
    return undefined;
  }
  const known = signatureAlgorithmOf(algorithm);
  if (known === undefined) tell('ALG_UNSUPPORTED', path, { alg: String(algorithm).slice(0, 32) });
  return known;
};

const claimsOf = ({ payload }: Sign1, place: Place): { claims: CborMap | undefined; shortest: boolean } => {
  if (payload.length === 0) {
    place.tell('COSE_PAYLOAD_ABSENT', place.path, {});
    return { claims: undefined, shortest: true };
  }
  const layer = openLayer(payload, place);
  if (layer === undefined) return { claims: undefined, shortest: true };
  if (layer.item.type === 'map') return { claims: layer.item, shortest: layer.shortest };
  place.tell('CLAIMS_NOT_MAP', place.path, { found: layer.item.type });
  return { claims: undefined, shortest: layer.shortest };
};

/**
 * Reads a COSE_Sign1 over claims and reports what its structure does wrong.
 *
 * @param place  where the findings belong; its base is the offset of `bytes` in the token.
 */
export const openSign1 = (bytes: Uint8Array, place: Place): SignedClaims | undefined => {
  const decoded = decodeSign1(bytes, LAYER_LIMITS);
  if (!decoded.ok) {
    tellError(decoded.error, place);
    return undefined;
  }
  const sign1 = decoded.value;
  const envelope = tellProblems(sign1.problems, place);
  tellDeviations(sign1, place);
  const start = offsetIn(bytes, sign1.payload);
  const payloadPlace = {
    ...place,
    base: place.base === undefined || start === undefined ? undefined : place.base + start,
  };
  const { claims, shortest } = claimsOf(sign1, payloadPlace);
  return {
    algorithm: algorithmOf(sign1, place),
    toBeSigned: sigStructure(sign1.protectedBytes, sign1.payload),
    signature: sign1.signature,
    claims,
    place: payloadPlace,
    shortest: envelope.shortest && shortest,
  };
};

/** The pairing that everybody uses, though COSE leaves it open (RFC 9053 2.1). */
const USUAL_ALGORITHM = {
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
} as const satisfies Record<CurveName, SignatureAlgorithm>;

/**
 * Verifies one signature and reports what is wrong with it.
 *
 * @returns whether it could be tried: not without an algorithm.
 */
export const checkSignature = (
  { algorithm, toBeSigned, signature, place: { path, tell } }: SignedClaims,
  key: PublicKey,
  crypto: Crypto,
  signer: 'PLATFORM' | 'REALM',
): boolean => {
  if (algorithm === undefined) return false;
  if (algorithm !== USUAL_ALGORITHM[key.curve])
    tell(`${signer}_ALG_UNUSUAL`, path, { alg: algorithm, curve: key.curve });
  const expected = 2 * CURVES[key.curve].size;
  if (signature.length !== expected) tell(`${signer}_SIG_SIZE`, path, { expected, found: signature.length });
  else if (!crypto.verify(algorithm, key, toBeSigned, signature)) tell(`${signer}_SIG_INVALID`, path, {});
  return true;
};
