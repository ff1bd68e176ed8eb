import {
  ATTEST_KEY_CURVE_ECC_SECP384R1,
  E_RMM,
  EL3_FIDS,
  RMM_EL3_FEAT_REG_0,
  TOKEN_HUNKS_SINCE,
  TOKEN_SIGN_OP,
} from '../abi/index.ts';
import { concatBytes } from '../bytes/index.ts';
import { type Crypto, type HashName, type PrivateKey, type PublicKey, parseSec1Point } from '../crypto/index.ts';
import { GRANULE_SIZE, type PhysicalMemory } from '../machine/index.ts';
import { type Dialect, keyBytes } from '../token/index.ts';
import type { TraceSink } from '../trace/index.ts';
import type { AttestationKeys } from './attestation-keys.ts';
import type { ImpDef } from './model/config.ts';
import type { MonitorCall } from './model/state.ts';

/** The reference RMM binds the RAK by SHA-256, whatever the Realm measures with (rmm-el3 5.1); a dialect may say otherwise. */
const BINDING_HASH: HashName = 'sha-256';
/** Bytes of the platform token that the RMM asks for at a time. */
const HUNK_SIZE = BigInt(GRANULE_SIZE - 16);
/** ATTEST_PLAT_TOKEN_SIZE: what the RMM keeps a platform token in. */
const PLATFORM_TOKEN_LIMIT = GRANULE_SIZE;
/** Keys of this size and above are refused, whatever the curve (rmm-el3 5.2). */
const KEY_SIZE_LIMIT = 1024n;
const POINT_SIZE = 97;
/** The reference RMM repeats a busy call without limit; the machine ends it here, and says so. */
const RETRY_LIMIT = 1000;

const AGAIN = BigInt.asUintN(64, E_RMM.E_RMM_AGAIN);

export interface BringUpPorts {
  readonly memory: PhysicalMemory;
  readonly smc: MonitorCall;
  readonly crypto: Crypto;
  readonly dialect: Dialect;
  readonly impDef: Pick<ImpDef, 'attestSigning'>;
  /** PA of the page that RMM and EL3 share. */
  readonly sharedBuffer: bigint;
  /** The interface that EL3 announced. */
  readonly el3Version: bigint;
  readonly trace?: TraceSink | undefined;
}

/** Why bring-up failed, with the error that the reference RMM returns for it. */
export interface BringUpFailure {
  readonly error: 'EINVAL' | 'ENOMEM' | 'ENOTSUP';
  readonly why: string;
  /** How often EL3 was busy. */
  readonly retries?: number;
}
type Failure = { readonly ok: false } & BringUpFailure;
type Answered<T> = { readonly ok: true; readonly value: T } | Failure;
const failed = (error: Failure['error'], why: string, retries?: number): Failure => ({
  ok: false,
  error,
  why,
  ...(retries === undefined ? {} : { retries }),
});

/**
 * Brings up attestation: the RAK, then the platform token that names its hash, then EL3's offer to sign where the RMM
 * relies on it (rmm-el3 5.1). A failure is not a boot failure: the RMM runs on, and tokens cannot be asked for.
 */
export const bringUpAttestation = (ports: BringUpPorts): Answered<AttestationKeys> => {
  const { crypto, dialect, impDef, trace } = ports;
  const fail = (failure: Failure): Failure => {
    const { ok: _, ...detail } = failure;
    trace?.({ type: 'rmm.boot', detail: { attestation: 'failed', ...detail } });
    return failure;
  };
  const key = KEY_SOURCES[impDef.attestSigning](ports);
  if (!key.ok) return fail(key);
  const { rak, rakPublic } = key.value;
  const hash = dialect.rakHash ?? BINDING_HASH;
  const challenge = crypto.hash(hash).digest(keyBytes(dialect.rak, rakPublic, dialect.rakOrder));
  const token = getPlatformToken(ports, challenge);
  if (!token.ok) return fail(token);
  const { platformToken, retries } = token.value;
  if (impDef.attestSigning === 'el3' && !el3Signs(ports)) return fail(failed('ENOTSUP', 'EL3 signs no tokens'));
  trace?.({
    type: 'rmm.boot',
    detail: {
      attestation: 'ready',
      platform_token_bytes: platformToken.length,
      ...(retries === 0 ? {} : { retries }),
    },
  });
  return { ok: true, value: { rak, rakPublic, hash, challenge, platformToken } };
};

interface Rak {
  readonly rak: PrivateKey | undefined;
  readonly rakPublic: PublicKey;
}

/** Reads what a call has left at the base of the shared page. */
const taken = ({ memory, sharedBuffer }: BringUpPorts, length: bigint): Uint8Array => {
  const bytes = memory.read(sharedBuffer, Number(length));
  // The page is shared: nothing of the key stays in it.
  memory.write(sharedBuffer, new Uint8Array(bytes.length));
  return bytes;
};

const KEY_SOURCES = {
  rmm(ports) {
    const { smc, crypto, sharedBuffer } = ports;
    const fid = BigInt(EL3_FIDS.RMM_ATTEST_GET_REALM_KEY.fid);
    const [status, length] = smc([fid, sharedBuffer, BigInt(GRANULE_SIZE), ATTEST_KEY_CURVE_ECC_SECP384R1]);
    if (status !== E_RMM.E_RMM_OK || length === undefined) return failed('EINVAL', 'EL3 gave no realm key');
    if (length >= KEY_SIZE_LIMIT) return failed('EINVAL', 'the realm key is too long');
    const rak: PrivateKey = { curve: 'P-384', scalar: taken(ports, length) };
    const rakPublic = crypto.publicKey(rak);
    if (rakPublic === undefined) return failed('EINVAL', 'the realm key is no scalar of P-384');
    return { ok: true, value: { rak, rakPublic } };
  },
  el3(ports) {
    const { smc, crypto, sharedBuffer } = ports;
    const fid = BigInt(EL3_FIDS.RMM_EL3_TOKEN_SIGN.fid);
    const curve = ATTEST_KEY_CURVE_ECC_SECP384R1;
    const [status, length] = smc([fid, TOKEN_SIGN_OP.GET_RAK_PUB, sharedBuffer, BigInt(GRANULE_SIZE), curve]);
    if (status !== E_RMM.E_RMM_OK || length === undefined) return failed('EINVAL', 'EL3 gave no public key');
    if (length !== BigInt(POINT_SIZE)) return failed('EINVAL', 'the public key is no point of P-384');
    const rakPublic = parseSec1Point('P-384', taken(ports, length));
    if (rakPublic === undefined || !crypto.isOnCurve(rakPublic)) {
      return failed('EINVAL', 'the public key is no point of P-384');
    }
    return { ok: true, value: { rak: undefined, rakPublic } };
  },
} as const satisfies Record<ImpDef['attestSigning'], (ports: BringUpPorts) => Answered<Rak>>;

const el3Signs = ({ smc }: BringUpPorts): boolean => {
  const [status, features = 0n] = smc([BigInt(EL3_FIDS.RMM_EL3_FEATURES.fid), 0n]);
  return status === E_RMM.E_RMM_OK && (features & RMM_EL3_FEAT_REG_0.TOKEN_SIGN) !== 0n;
};

/**
 * The platform token, hunk by hunk; before interface 0.3 at once (rmm-el3 4.3, 5.3). Its bytes are neither parsed nor
 * compared with the challenge.
 */
const getPlatformToken = (
  ports: BringUpPorts,
  challenge: Uint8Array,
): Answered<{ readonly platformToken: Uint8Array; readonly retries: number }> => {
  const { smc, memory, sharedBuffer, el3Version } = ports;
  const fid = BigInt(EL3_FIDS.RMM_ATTEST_GET_PLAT_TOKEN.fid);
  const hunks = el3Version >= TOKEN_HUNKS_SINCE;
  const room = hunks ? HUNK_SIZE : BigInt(GRANULE_SIZE);
  memory.write(sharedBuffer, challenge);
  let token: Uint8Array = new Uint8Array();
  let challengeSize = BigInt(challenge.length);
  let retries = 0;
  for (;;) {
    const [status, length = 0n, left = 0n] = smc([fid, sharedBuffer, room, challengeSize]);
    if (status === AGAIN) {
      retries += 1;
      if (retries > RETRY_LIMIT) return failed('EINVAL', `EL3 was busy ${RETRY_LIMIT} times`, retries);
      continue;
    }
    if (status !== E_RMM.E_RMM_OK) return failed('EINVAL', 'EL3 gave no platform token', retries);
    const remaining = hunks ? left : 0n;
    if (length === 0n) return failed('EINVAL', 'EL3 gave an empty piece of the platform token', retries);
    if (length > room) return failed('EINVAL', 'EL3 gave more than there was room for', retries);
    if (BigInt(token.length) + length + remaining > BigInt(PLATFORM_TOKEN_LIMIT)) {
      return failed('ENOMEM', 'the platform token is too long', retries);
    }
    token = concatBytes(token, memory.read(sharedBuffer, Number(length)));
    if (remaining === 0n) return { ok: true, value: { platformToken: token, retries } };
    challengeSize = 0n;
  }
};
