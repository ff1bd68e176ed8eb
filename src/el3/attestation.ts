import {
  ATTEST_KEY_CURVE_ECC_SECP384R1,
  type ERmm,
  type HesPort,
  PLAT_TOKEN_CHALLENGE_SIZES,
  PSA_ALG,
  PSA_ECC_FAMILY_SECP_R1,
  TOKEN_HUNKS_SINCE,
} from '../abi/index.ts';
import { GRANULE_SIZE, type PhysicalMemory } from '../machine/index.ts';
import { type El3Config, offers } from './config.ts';
import { bufferRoom, sharedBufferError } from './shared-buffer.ts';

/** A platform token that is being handed out: undefined until a challenge has started one. */
export type Serving = { readonly token: Uint8Array; readonly offset: number } | undefined;

/** What both calls work on. */
export interface AttestationContext {
  readonly memory: PhysicalMemory;
  readonly hes: HesPort;
  readonly config: El3Config;
  /** PA of the shared page. */
  readonly page: bigint;
}

/** The one key that RSE platforms ask for, and insist on (rmm-el3 4.2). */
const REALM_KEY = { bits: 384, size: 48 } as const;

export interface RealmKeyAnswer {
  readonly status: ERmm;
  readonly keyLength: bigint;
}

/** RMM_ATTEST_GET_REALM_KEY: buffer, then curve, then HES, any refusal of which is E_RMM_UNK (rmm-el3 4.2). */
export const getRealmKey = (
  { memory, hes, page, config }: AttestationContext,
  bufPa: bigint,
  bufSize: bigint,
  curve: bigint,
): RealmKeyAnswer => {
  const refuse = (status: ERmm): RealmKeyAnswer => ({ status, keyLength: bufSize });
  const error = sharedBufferError(page, bufPa, bufSize);
  if (error !== undefined) return refuse(error);
  if (curve !== ATTEST_KEY_CURVE_ECC_SECP384R1) return refuse('E_RMM_INVAL');
  const reply = hes.getDelegatedKey({
    ecc_curve: PSA_ECC_FAMILY_SECP_R1,
    key_bits: REALM_KEY.bits,
    hash_algo: PSA_ALG[config.keyHash],
    key_buf_size: bufferRoom(page, bufPa, bufSize),
  });
  if (reply.status !== 'PSA_SUCCESS' || reply.value.length !== REALM_KEY.size) return refuse('E_RMM_UNK');
  memory.write(bufPa, reply.value);
  return { status: 'E_RMM_OK', keyLength: BigInt(reply.value.length) };
};

export interface PlatTokenAnswer {
  readonly status: ERmm;
  readonly hunkLength: bigint;
  readonly remaining: bigint;
  readonly serving: Serving;
}

/** Asks HES for the token that the challenge in the shared page starts. */
const startToken = ({ memory, hes, config }: AttestationContext, bufPa: bigint, challengeSize: bigint): Serving => {
  const challenge = memory.read(bufPa, Number(challengeSize));
  const reply = hes.getPlatformToken({
    dak_pub_hash: config.mode === 'strict' ? challenge : undefined,
    token_buf_size: GRANULE_SIZE,
  });
  return reply.status === 'PSA_SUCCESS' ? { token: reply.value, offset: 0 } : undefined;
};

/**
 * RMM_ATTEST_GET_PLAT_TOKEN: a challenge starts a token, always from its beginning; a challenge size of 0 goes on with the
 * one that was started (rmm-el3 4.3). Before interface 0.3 the whole token comes at once or not at all.
 *
 * The interface leaves open what a challenge does that runs over the end of the page: it is E_RMM_INVAL here.
 */
export const getPlatToken = (
  context: AttestationContext,
  serving: Serving,
  bufPa: bigint,
  bufSize: bigint,
  challengeSize: bigint,
): PlatTokenAnswer => {
  const { memory, config, page } = context;
  const refuse = (status: ERmm, left: Serving): PlatTokenAnswer => ({
    status,
    hunkLength: 0n,
    remaining: 0n,
    serving: left,
  });
  const whole = config.hunks === 'whole' || !offers(config, TOKEN_HUNKS_SINCE);

  const error = sharedBufferError(page, bufPa, bufSize);
  if (error !== undefined) return refuse(error, serving);
  let current = serving;
  if (challengeSize !== 0n) {
    const legal = PLAT_TOKEN_CHALLENGE_SIZES.includes(challengeSize);
    if (!legal || sharedBufferError(page, bufPa, challengeSize) !== undefined) return refuse('E_RMM_INVAL', serving);
    current = startToken(context, bufPa, challengeSize);
    if (current === undefined) return refuse('E_RMM_UNK', undefined);
  }
  if (current === undefined || (whole && challengeSize === 0n)) return refuse('E_RMM_INVAL', serving);

  const { token, offset } = current;
  const room = bufferRoom(page, bufPa, bufSize);
  if (whole && token.length > room) return refuse('E_RMM_INVAL', undefined);
  const hunk = token.subarray(offset, offset + (whole ? room : Math.min(room, Number(config.hunks))));
  memory.write(bufPa, hunk);
  return {
    status: 'E_RMM_OK',
    hunkLength: BigInt(hunk.length),
    remaining: BigInt(token.length - offset - hunk.length),
    serving: { token, offset: offset + hunk.length },
  };
};
