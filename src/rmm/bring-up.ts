import { EL3_FIDS } from '../abi/index.ts';
import { concatBytes } from '../bytes/index.ts';
import type { Crypto, PrivateKey } from '../crypto/index.ts';
import { GRANULE_SIZE, type PhysicalMemory } from '../machine/index.ts';
import { type Dialect, keyBytes } from '../token/index.ts';
import type { TraceSink } from '../trace/index.ts';
import type { AttestationKeys } from './attestation-keys.ts';
import type { MonitorCall } from './model/state.ts';

/** The reference RMM binds the RAK by SHA-256, whatever the Realm measures with (rmm-el3 5.1). */
const BINDING_HASH = 'sha-256';
const CURVE_SECP384R1 = 0n;
/** Bytes of the platform token that the RMM asks for at a time. */
const HUNK_SIZE = BigInt(GRANULE_SIZE - 16);
/** ATTEST_PLAT_TOKEN_SIZE: what the RMM keeps a platform token in. */
const PLATFORM_TOKEN_LIMIT = GRANULE_SIZE;
/** The reference RMM repeats a busy call without limit; the machine ends it here, and says so. */
const RETRY_LIMIT = 1000;

const AGAIN = BigInt.asUintN(64, -6n);

export interface BringUpPorts {
  readonly memory: PhysicalMemory;
  readonly smc: MonitorCall;
  readonly crypto: Crypto;
  readonly dialect: Dialect;
  /** PA of the page that RMM and EL3 share. */
  readonly sharedBuffer: bigint;
  readonly trace?: TraceSink | undefined;
}

type Answered<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };
const failed = (why: string): Answered<never> => ({ ok: false, why });

/**
 * Brings up attestation: the RAK, then the platform token that names its hash (rmm-el3 5.1). A failure is not a boot
 * failure: the RMM runs on, and tokens cannot be asked for.
 */
export const bringUpAttestation = (ports: BringUpPorts): AttestationKeys | undefined => {
  const { crypto, dialect, trace } = ports;
  const fail = (why: string): undefined => {
    trace?.({ type: 'rmm.boot', detail: { attestation: 'failed', why } });
    return undefined;
  };
  const key = getRealmKey(ports);
  if (!key.ok) return fail(key.why);
  const rakPublic = crypto.publicKey(key.value);
  if (rakPublic === undefined) return fail('the realm key is no scalar of P-384');
  const challenge = crypto.hash(BINDING_HASH).digest(keyBytes(dialect.rak, rakPublic));
  const token = getPlatformToken(ports, challenge);
  if (!token.ok) return fail(token.why);
  trace?.({ type: 'rmm.boot', detail: { attestation: 'ready', platform_token_bytes: token.value.length } });
  return { rak: key.value, rakPublic, hash: BINDING_HASH, challenge, platformToken: token.value };
};

const getRealmKey = ({ smc, memory, sharedBuffer }: BringUpPorts): Answered<PrivateKey> => {
  const { fid } = EL3_FIDS.RMM_ATTEST_GET_REALM_KEY;
  const [status, length] = smc([BigInt(fid), sharedBuffer, BigInt(GRANULE_SIZE), CURVE_SECP384R1]);
  if (status !== 0n || length === undefined) return failed('EL3 gave no realm key');
  if (length > 1024n) return failed('the realm key is too long');
  const scalar = memory.read(sharedBuffer, Number(length));
  // The page is shared: nothing of the key stays in it.
  memory.write(sharedBuffer, new Uint8Array(scalar.length));
  return { ok: true, value: { curve: 'P-384', scalar } };
};

const getPlatformToken = (ports: BringUpPorts, challenge: Uint8Array): Answered<Uint8Array> => {
  const { smc, memory, sharedBuffer } = ports;
  const fid = BigInt(EL3_FIDS.RMM_ATTEST_GET_PLAT_TOKEN.fid);
  memory.write(sharedBuffer, challenge);
  let token = new Uint8Array();
  let challengeSize = BigInt(challenge.length);
  let retries = 0;
  for (;;) {
    const [status, length = 0n, remaining = 0n] = smc([fid, sharedBuffer, HUNK_SIZE, challengeSize]);
    if (status === AGAIN) {
      retries += 1;
      if (retries > RETRY_LIMIT) return failed(`EL3 was busy ${RETRY_LIMIT} times`);
      continue;
    }
    if (status !== 0n) return failed('EL3 gave no platform token');
    if (length === 0n && remaining > 0n) return failed('EL3 gave an empty piece of the platform token');
    if (length > HUNK_SIZE || token.length + Number(length) > PLATFORM_TOKEN_LIMIT)
      return failed('the platform token is too long');
    token = concatBytes(token, memory.read(sharedBuffer, Number(length)));
    if (remaining === 0n) return { ok: true, value: token };
    challengeSize = 0n;
  }
};
