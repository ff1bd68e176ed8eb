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
  { memory, hes, page }: AttestationContext,
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
    hash_algo: PSA_ALG['sha-256'],
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

/**
 * RMM_ATTEST_GET_PLAT_TOKEN: a challenge starts a token, always from its beginning; a challenge size of 0 goes on with the
 * one that was started (rmm-el3 4.3). Before interface 0.3 the whole token comes at once or not at all.
 *
 * The sheet leaves open what a challenge does that runs over the end of the page: it is E_RMM_INVAL here.
 */
export const getPlatToken = (
  { memory, hes, config, page }: AttestationContext,
  serving: Serving,
  bufPa: bigint,
  bufSize: bigint,
  challengeSize: bigint,
): PlatTokenAnswer => {
  const refuse = (status: ERmm, left: Serving = serving): PlatTokenAnswer => ({
    status,
    hunkLength: 0n,
    remaining: 0n,
    serving: left,
  });
  const whole = config.hunks === 'whole' || !offers(config, TOKEN_HUNKS_SINCE);

  const error = sharedBufferError(page, bufPa, bufSize);
  if (error !== undefined) return refuse(error);
  const starts = challengeSize !== 0n;
  if (starts && !PLAT_TOKEN_CHALLENGE_SIZES.includes(challengeSize)) return refuse('E_RMM_INVAL');
  if (starts && sharedBufferError(page, bufPa, challengeSize) !== undefined) return refuse('E_RMM_INVAL');
  if (!starts && (serving === undefined || whole)) return refuse('E_RMM_INVAL');

  let current = serving;
  if (starts) {
    const challenge = memory.read(bufPa, Number(challengeSize));
    const reply = hes.getPlatformToken({
      dak_pub_hash: config.mode === 'strict' ? challenge : undefined,
      token_buf_size: GRANULE_SIZE,
    });
    if (reply.status !== 'PSA_SUCCESS') return refuse('E_RMM_UNK', undefined);
    current = { token: reply.value, offset: 0 };
  }
  const { token, offset } = current ?? { token: new Uint8Array(), offset: 0 };
  const room = bufferRoom(page, bufPa, bufSize);
  const most = whole ? room : Math.min(room, Number(config.hunks));
  if (whole && token.length > most) return refuse('E_RMM_INVAL', undefined);
  const hunk = token.subarray(offset, offset + most);
  memory.write(bufPa, hunk);
  return {
    status: 'E_RMM_OK',
    hunkLength: BigInt(hunk.length),
    remaining: BigInt(token.length - offset - hunk.length),
    serving: { token, offset: offset + hunk.length },
  };
};
