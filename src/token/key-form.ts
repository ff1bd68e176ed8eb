import { coseKeyBytes, type KeyMember } from '../cose/index.ts';
import { type PublicKey, sec1Point } from '../crypto/index.ts';

/** Forms in which a public key is hashed or put into a claim (token 5). */
export const KEY_FORMS = {
  /** The uncompressed point. */
  raw: sec1Point,
  'cose-key': coseKeyBytes,
} as const satisfies Record<string, (key: PublicKey, order?: readonly KeyMember[]) => Uint8Array>;
export type KeyForm = keyof typeof KEY_FORMS;

/**
 * The bytes of a public key in one of its forms: content of claim 44237, and what the platform token's binding hashes.
 *
 * @param order  of the members of a COSE_Key, where it is not the usual one.
 */
export const keyBytes = (form: KeyForm, key: PublicKey, order?: readonly KeyMember[]): Uint8Array =>
  KEY_FORMS[form](key, order);
