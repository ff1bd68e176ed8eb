import type { HashName, PrivateKey, PublicKey } from '../crypto/index.ts';

/** What the RMM holds after it brought up attestation: fetched once per boot and kept (rmm-el3 5.5). */
export interface AttestationKeys {
  /** The Realm Attestation Key; undefined where EL3 signs and only the public key ever left it. */
  readonly rak: PrivateKey | undefined;
  readonly rakPublic: PublicKey;
  /** The algorithm that binds the RAK to the platform token. */
  readonly hash: HashName;
  /** Hash of the RAK's public key: what HES was asked to put into the platform token. */
  readonly challenge: Uint8Array;
  readonly platformToken: Uint8Array;
}
