/**
 * Endorsements and reference values: everything that makes a given verifier accept a chip, its firmware and a Realm.
 *
 * Owns: CoMID and CoRIM, the stores of known verifiers, templates of known tools, and how each can be wrong on purpose.
 * Does not own: where the values come from, or how a verifier appraises with them.
 */
import { BAD_PLATFORM } from './bad-platform.ts';
import { BAD_REALM } from './bad-realm.ts';

export type { BadClass, BadForm, ExpectedOutcome, ExpectedVector } from './bad.ts';
export { CORIM_TAG, NAMED_INFORMATION, uuidText } from './corim.ts';
export {
  type CorimSigner,
  type EndorsementFile,
  type EndorsementOptions,
  endorsementFiles,
  filesThatDiffer,
} from './files.ts';
export { platformCorim } from './platform-corim.ts';
export { CORIM_PROFILES, type CorimProfile } from './profile.ts';
export { realmCorim } from './realm-corim.ts';
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

/** Every endorsement that can be wrong on purpose, by its id. */
export const BAD_FORMS = { ...BAD_PLATFORM, ...BAD_REALM } as const;
export type BadFormId = keyof typeof BAD_FORMS;
