import { E_RMM, EL3_FIDS, TOKEN_SIGN_ALG, TOKEN_SIGN_OP, TokenSignRequest, TokenSignResponse } from '../abi/index.ts';
import type { PhysicalMemory } from '../machine/index.ts';
import type { MonitorCall } from './model/state.ts';

/** What the queue answered instead: try again later, or give up. */
export type NotNow = 'AGAIN' | 'FAILED';

/** The RMM's side of the token-sign queue: EL3 signs what the RMM pushes (rmm-el3 4.5). */
export interface TokenSigner {
  /** PA of the page that RMM and EL3 share. */
  readonly sharedBuffer: bigint;
  /** Pushes a hash for the REC at `cookie`. @returns the ticket, by which its response is known. */
  push(cookie: bigint, hash: Uint8Array): bigint | NotNow;
  /** Pulls whatever response is ready: it may belong to any request. */
  pull(): TokenSignResponse | NotNow;
  fork(ports: TokenSignerPorts): TokenSigner;
}

export interface TokenSignerPorts {
  readonly memory: PhysicalMemory;
  readonly smc: MonitorCall;
}

const FID = BigInt(EL3_FIDS.RMM_EL3_TOKEN_SIGN.fid);
const AGAIN = BigInt.asUintN(64, E_RMM.E_RMM_AGAIN);

/** @param nextTicket  global to the RMM: it starts at 1 and counts every push, accepted or not. */
export const createTokenSigner = (
  { memory, smc }: TokenSignerPorts,
  sharedBuffer: bigint,
  nextTicket = 1n,
): TokenSigner => {
  let next = nextTicket;
  const call = (op: bigint, size: number): NotNow | undefined => {
    const [status] = smc([FID, op, sharedBuffer, BigInt(size)]);
    if (status === AGAIN) return 'AGAIN';
    return status === E_RMM.E_RMM_OK ? undefined : 'FAILED';
  };
  return {
    sharedBuffer,
    push(cookie, hash) {
      const ticket = next;
      next = BigInt.asUintN(64, next + 1n);
      const request = { sig_alg_id: TOKEN_SIGN_ALG.ECDSA_P384, hash_alg_id: TOKEN_SIGN_ALG.SHA_384, cookie, ticket };
      memory.write(sharedBuffer, TokenSignRequest.encode({ ...request, hash }));
      return call(TOKEN_SIGN_OP.PUSH_REQ, TokenSignRequest.size) ?? ticket;
    },
    pull: () =>
      call(TOKEN_SIGN_OP.PULL_RESP, TokenSignResponse.size) ??
      TokenSignResponse.decode(memory.read(sharedBuffer, TokenSignResponse.size)),
    fork: (ports) => createTokenSigner(ports, sharedBuffer, next),
  };
};
