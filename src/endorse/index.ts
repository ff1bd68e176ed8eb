/**
 * Endorsements and reference values: everything that makes a given verifier accept a chip, its firmware and a Realm.
 *
 * Owns: CoMID and CoRIM, the stores of known verifiers, templates of known tools. Does not own: where the values come
 * from, or how a verifier appraises with them.
 */
export { CORIM_TAG, NAMED_INFORMATION, uuidText } from './corim.ts';
export {
  CORIM_PROFILES,
  type CorimProfile,
  platformAnchorComid,
  platformCorim,
  platformReferenceComid,
} from './platform-corim.ts';
export { realmCorim, realmReferenceComid } from './realm-corim.ts';
export { signCorim } from './sign.ts';
export {
  referenceValueStore,
  trustAnchorStore,
  trusteeConfig,
  trusteeEvidence,
  trusteeReferenceValues,
} from './stores.ts';
export type { EndorsedComponent, EndorsedPlatform, EndorsedRealm, EndorsementSubject } from './subject.ts';
export { corimTemplates } from './templates.ts';
