/**
 * The verifier: what a relying party would run, written from the documents and apart from everything that makes tokens.
 *
 * Owns: the rules of the token, the findings by code, reference values, policy, key files. Does not own: CBOR, COSE and
 * cryptography, which it shares with the rest; files and exit codes.
 *
 * For a command line: read the token (a file beyond `TOKEN_MAX_BYTES` need not be read to its end: it is refused by its
 * size), the key by `parseKeyFile`, the reference by `parseReferenceValues`, the policy by `parsePolicy`; each of the
 * three answers with one line when it cannot, which is exit code 2. Pad a challenge to 64 bytes before it is given.
 * `verifyToken` never fails: `accepted` is exit code 0, `readable` without `accepted` is 1, neither is 2. `reportLines`
 * is the report for people, `reportToJson` for machines. What `--reference` reads is written by `referenceValuesToJson`.
 */
export {
  type Appraisal,
  type AttestationResult,
  appraisalLines,
  appraise,
  SUBMODS,
  type SubmodName,
} from './appraisal.ts';
export {
  type CorimContents,
  type CorimSignature,
  corimSignatureHolds,
  type ParsedCorim,
  parseCorim,
} from './corim.ts';
export { CORIM_ERRORS, type CorimError, type CorimErrorCode } from './corim-errors.ts';
export type { CorimAnchor, CorimComponent, CorimPlatform } from './corim-platform.ts';
export type { CorimRealm } from './corim-realm.ts';
export { keyOfCorims, referenceOfCorims, type TokenClaims, type TokenIdentity } from './corim-reference.ts';
export { EAR_PROFILE, type EarOptions, earClaims } from './ear.ts';
export {
  CHECKS,
  type CheckName,
  describeFinding,
  FINDINGS,
  type Finding,
  type FindingCode,
  type Severity,
} from './findings.ts';
export type { JsonResult } from './json.ts';
export { KEY_FILE_MAX_BYTES, type KeyFormat, type ParsedKey, parseKeyFile } from './keys.ts';
export { VERIFY_CLAIM_LABELS } from './labels.ts';
export { LIFECYCLE_STATES, type LifecycleState } from './lifecycle.ts';
export { VerifyError, verifyTokenOrThrow } from './or-throw.ts';
export type { PlatformClaims } from './platform-claims.ts';
export { POLICY_RULES, type Policy, type PolicyRule, parsePolicy } from './policy.ts';
export type { RealmClaims } from './realm-claims.ts';
export {
  parseReferenceValues,
  type ReferenceComponent,
  type ReferenceValues,
  referenceValuesOf,
  referenceValuesToJson,
} from './reference.ts';
export { type Check, type Report, type Ruling, reportLines, reportToJson } from './report.ts';
export { statusOf, type Tier, TRUST_CLAIMS, type TrustClaim, type TrustVector, tierOf } from './trust-vector.ts';
export { type KeyLookup, type ReferenceLookup, TOKEN_MAX_BYTES, type VerifyOptions, verifyToken } from './verify.ts';
export type { TokenKind } from './wrapper.ts';
