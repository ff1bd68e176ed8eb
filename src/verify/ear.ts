import { toBase64 } from '../crypto/index.ts';
import { type AttestationResult, SUBMODS, type SubmodName } from './appraisal.ts';
import type { Component, PlatformClaims } from './platform-claims.ts';
import type { RealmClaims } from './realm-claims.ts';
import type { Report } from './report.ts';

/** The profile of an EAT attestation result (draft-ietf-rats-ear). */
export const EAR_PROFILE = 'tag:github.com,2023:veraison/ear';
const POLICY_ID = 'policy:ARM_CCA';

type Json = Readonly<Record<string, unknown>>;

export interface EarOptions {
  /** Seconds since 1970, when the result is issued. */
  readonly issuedAt: number;
  /** Who verified: the build, and who made it. */
  readonly verifier: { readonly build: string; readonly developer: string };
  /** The challenge that the verifier asked for, as it was given to the attester. */
  readonly nonce?: Uint8Array | undefined;
}

/** Byte strings in standard base64, and nothing for what is not there. */
const members = (entries: Readonly<Record<string, unknown>>): Json =>
  Object.fromEntries(
    Object.entries(entries)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, value instanceof Uint8Array ? toBase64(value) : value]),
  );

const componentEvidence = (component: Component): Json =>
  members({
    'measurement-type': component.component_type,
    'measurement-value': component.measurement_value,
    version: component.version,
    'signer-id': component.signer_id,
    'measurement-description': component.hash_algo_id,
  });

/** Claims by the names that Veraison's annotated evidence has (verifiers 3). */
const platformEvidence = (claims: PlatformClaims): Json =>
  members({
    'cca-platform-profile': claims.profile,
    'cca-platform-challenge': claims.challenge,
    'cca-platform-implementation-id': claims.implementation_id,
    'cca-platform-instance-id': claims.instance_id,
    'cca-platform-config': claims.config,
    'cca-platform-lifecycle': claims.lifecycle,
    'cca-platform-sw-components': claims.sw_components?.map(componentEvidence),
    'cca-platform-service-indicator': claims.verification_service,
    'cca-platform-hash-algo-id': claims.hash_algo_id,
  });

const realmEvidence = (claims: RealmClaims): Json =>
  members({
    'cca-realm-profile': claims.profile,
    'cca-realm-challenge': claims.challenge,
    'cca-realm-personalization-value': claims.personalization_value,
    'cca-realm-initial-measurement': claims.initial_measurement,
    'cca-realm-extensible-measurements': claims.extensible_measurements?.map((rem) => (rem ? toBase64(rem) : null)),
    'cca-realm-hash-algo-id': claims.hash_algo_id,
    'cca-realm-public-key': claims.public_key,
    'cca-realm-public-key-hash-algo-id': claims.public_key_hash_algo_id,
  });

const evidenceOf = (name: SubmodName, { platform, realm }: Report['claims']): Json | undefined => {
  if (name === SUBMODS.platform) return platform && platformEvidence(platform);
  return name === SUBMODS.realm ? realm && realmEvidence(realm) : undefined;
};

/** The claims of an attestation result, to be signed as a JWT. Reasons stand among the claims of the policy. */
export const earClaims = (
  result: AttestationResult,
  { claims }: Report,
  { issuedAt, verifier, nonce }: EarOptions,
): Json => ({
  eat_profile: EAR_PROFILE,
  iat: issuedAt,
  'ear.verifier-id': verifier,
  ...(nonce === undefined ? {} : { eat_nonce: toBase64(nonce) }),
  submods: Object.fromEntries(
    Object.entries(result).map(([name, { status, vector, reasons, problem }]) => {
      const evidence = evidenceOf(name as SubmodName, claims);
      return [
        name,
        {
          'ear.status': status,
          'ear.trustworthiness-vector': vector,
          'ear.appraisal-policy-id': POLICY_ID,
          ...(evidence === undefined ? {} : { 'ear.veraison.annotated-evidence': evidence }),
          'ear.veraison.policy-claims': { ...(problem === undefined ? { reasons } : { problem }) },
        },
      ];
    }),
  ),
});
