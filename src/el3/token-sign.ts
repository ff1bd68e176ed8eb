import {
  ATTEST_KEY_CURVE_ECC_SECP384R1,
  type ERmm,
  PSA_ALG,
  PSA_ECC_FAMILY_SECP_R1,
  TOKEN_SIGN_ALG,
  TOKEN_SIGN_OP,
  TokenSignRequest,
  TokenSignResponse,
} from '../abi/index.ts';
import type { AttestationContext } from './attestation.ts';
import { bufferRoom, sharedBufferError } from './shared-buffer.ts';

/** A request that EL3 has taken. */
interface Queued {
  readonly cookie: bigint;
  readonly ticket: bigint;
  /** Undefined when HES did not sign. */
  readonly signature: Uint8Array | undefined;
  /** Pulls until it is ready. */
  readonly wait: number;
}

/** Requests in the order in which they came. */
export type SignQueue = readonly Queued[];

export interface TokenSignAnswer {
  readonly status: ERmm;
  readonly length: bigint;
  readonly queue: SignQueue;
}

const HASH_SIZE = 48;

/** RMM_EL3_TOKEN_SIGN (rmm-el3 4.5). An operation that is none is E_RMM_UNK, as in TF-A's code. */
export const tokenSign = (
  { memory, hes, config, page }: AttestationContext,
  queue: SignQueue,
  op: bigint,
  bufPa: bigint,
  bufSize: bigint,
  curve: bigint,
): TokenSignAnswer => {
  const refuse = (status: ERmm): TokenSignAnswer => ({ status, length: 0n, queue });
  const room = (least: number): ERmm | undefined => {
    const error = sharedBufferError(page, bufPa, bufSize);
    return error ?? (bufferRoom(page, bufPa, bufSize) < least ? 'E_RMM_INVAL' : undefined);
  };

  const push = (): TokenSignAnswer => {
    const error = room(TokenSignRequest.size);
    if (error !== undefined) return refuse(error);
    if (queue.length >= config.signQueue) return refuse('E_RMM_AGAIN');
    const { sig_alg_id, hash_alg_id, cookie, ticket, hash } = TokenSignRequest.decode(
      memory.read(bufPa, TokenSignRequest.size),
    );
    const known = sig_alg_id === TOKEN_SIGN_ALG.ECDSA_P384 && hash_alg_id === TOKEN_SIGN_ALG.SHA_384;
    if (!known) return refuse('E_RMM_INVAL');
    const reply = hes.signWithDelegatedKey({ hash_algo: PSA_ALG['sha-384'], hash: hash.subarray(0, HASH_SIZE) });
    const signature = reply.status === 'PSA_SUCCESS' ? reply.value : undefined;
    return {
      status: 'E_RMM_OK',
      length: 0n,
      queue: [...queue, { cookie, ticket, signature, wait: config.signLatency }],
    };
  };

  const pull = (): TokenSignAnswer => {
    const error = room(TokenSignResponse.size);
    if (error !== undefined) return refuse(error);
    const [first, ...rest] = queue;
    if (first === undefined) return refuse('E_RMM_AGAIN');
    if (first.wait > 0) return { ...refuse('E_RMM_AGAIN'), queue: [{ ...first, wait: first.wait - 1 }, ...rest] };
    const { cookie, ticket, signature } = first;
    if (signature === undefined) return { ...refuse('E_RMM_UNK'), queue: rest };
    memory.write(bufPa, TokenSignResponse.encode({ cookie, ticket, sig_len: signature.length, sig: signature }));
    return { status: 'E_RMM_OK', length: 0n, queue: rest };
  };

  const rakPublic = (): TokenSignAnswer => {
    const error = room(0);
    if (error !== undefined) return refuse(error);
    if (curve !== ATTEST_KEY_CURVE_ECC_SECP384R1) return refuse('E_RMM_INVAL');
    const most = bufferRoom(page, bufPa, bufSize);
    const reply = hes.getDelegatedPublicKey({
      ecc_curve: PSA_ECC_FAMILY_SECP_R1,
      key_bits: 8 * HASH_SIZE,
      hash_algo: PSA_ALG[config.keyHash],
      key_buf_size: most,
    });
    if (reply.status !== 'PSA_SUCCESS' || reply.value.length > most) return refuse('E_RMM_UNK');
    memory.write(bufPa, reply.value);
    return { status: 'E_RMM_OK', length: BigInt(reply.value.length), queue };
  };

  switch (op) {
    case TOKEN_SIGN_OP.PUSH_REQ:
      return push();
    case TOKEN_SIGN_OP.PULL_RESP:
      return pull();
    case TOKEN_SIGN_OP.GET_RAK_PUB:
      return rakPublic();
    default:
      return refuse('E_RMM_UNK');
  }
};
