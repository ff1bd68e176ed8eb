import type { HashName, PublicKey } from '../crypto/index.ts';

/** One measured image, as a platform token says it. */
export interface EndorsedComponent {
  readonly type?: string | undefined;
  readonly version?: string | undefined;
  readonly measurement: Uint8Array;
  readonly signerId: Uint8Array;
  readonly algorithm: HashName;
}

/** A chip and the firmware that it booted. */
export interface EndorsedPlatform {
  readonly cpak: PublicKey;
  /** 32 bytes: claim 2396. */
  readonly implementationId: Uint8Array;
  /** 33 bytes: claim 256. */
  readonly instanceId: Uint8Array;
  /** In the order of the token: some verifiers compare lists. */
  readonly components: readonly EndorsedComponent[];
  readonly config: Uint8Array;
}

/** A Realm as its token will show it. */
export interface EndorsedRealm {
  readonly hash: HashName;
  readonly rim: Uint8Array;
  /** REM 1 to 4. */
  readonly rems: readonly Uint8Array[];
  /** 64 bytes. */
  readonly rpv: Uint8Array;
}

/** Everything that a verifier may want to know before it meets a token. */
export interface EndorsementSubject {
  readonly platform: EndorsedPlatform;
  readonly realm: EndorsedRealm;
}
