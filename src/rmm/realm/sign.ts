import { Bug } from '../../bytes/index.ts';
import type { Attestation } from '../model/attestation.ts';
import type { RsiModel } from './call.ts';
import type { PendingInterrupt } from './interrupt.ts';
import { REALM_SIGNATURE_SIZE, realmTokenDigest, signedRealmToken, signRealmToken } from './token.ts';

/** Where signing stands: done, if there is a Realm token, or ended by an interrupt, or at an end for good. */
export interface Signed {
  readonly attest: Attestation;
  readonly interrupt?: PendingInterrupt | undefined;
  readonly failed?: boolean;
}

/** Pulls in vain after which a real PE has long been interrupted by its Host's timer; the machine does it here. */
const PULLS_PER_CALL = 100;
/** The reference RMM asks without limit; the machine ends the operation here. */
const PULL_LIMIT = 1000;
const TIMER: PendingInterrupt = { kind: 'IRQ' };

/** Takes the signing steps that remain, looking for an interrupt after each, the last one included (rsi 3.4). */
export const sign = (rmm: RsiModel, from: Attestation): Signed =>
  rmm.state.signer === undefined ? signHere(rmm, from) : signInEl3(rmm, from);

const signHere = (rmm: RsiModel, from: Attestation): Signed => {
  let attest = from;
  while (attest.realmToken === undefined) {
    const steps = attest.steps - 1;
    attest = { ...attest, steps, realmToken: steps > 0 ? undefined : signed(rmm, attest) };
    const interrupt = rmm.pendingInterrupt();
    if (interrupt !== undefined) return { attest, interrupt };
  }
  return { attest };
};

const claimsOf = ({ claims }: Attestation): Uint8Array => {
  if (claims === undefined) throw new Bug('a token is signed that was never begun');
  return claims;
};

const signed = ({ state }: RsiModel, attest: Attestation): Uint8Array => {
  const rak = state.attestation?.rak;
  if (rak === undefined) throw new Bug('a token is signed without a key');
  return signRealmToken(state.crypto, rak, claimsOf(attest));
};

/**
 * The same with the queue of EL3: each turn is one step, a look for an interrupt, and one pull, whose response goes to the
 * REC that it belongs to (rmm-el3 4.5).
 */
const signInEl3 = (rmm: RsiModel, from: Attestation): Signed => {
  let attest = from;
  for (let inVain = 0; attest.realmToken === undefined; ) {
    const next = step(rmm, attest);
    if (next === 'FAILED') return { attest, failed: true };
    attest = next;
    const interrupt = rmm.pendingInterrupt();
    if (interrupt !== undefined) return { attest, interrupt };
    rmm.updateRec({ attest });
    const pulled = pull(rmm);
    attest = rmm.currentRec().attest;
    if (pulled === 'FAILED') return { attest, failed: true };
    if (pulled === 'DONE') continue;
    inVain += 1;
    attest = { ...attest, emptyPulls: attest.emptyPulls + 1 };
    if (attest.realmToken !== undefined) break;
    if (attest.emptyPulls >= PULL_LIMIT) return { attest, failed: true };
    if (inVain >= PULLS_PER_CALL) return { attest, interrupt: TIMER };
  }
  return { attest };
};

/** One signing step: what remains to be computed, then the push, then what came back. */
const step = ({ state, recAddr }: RsiModel, attest: Attestation): Attestation | 'FAILED' => {
  if (attest.steps > 1) return { ...attest, steps: attest.steps - 1 };
  const claims = claimsOf(attest);
  if (attest.ticket === undefined) {
    const pushed = state.signer?.push(recAddr, realmTokenDigest(state.crypto, claims)) ?? 'FAILED';
    if (pushed === 'FAILED') return 'FAILED';
    return pushed === 'AGAIN' ? attest : { ...attest, ticket: pushed };
  }
  if (attest.signature === undefined) return attest;
  if (attest.signature === 'TOO_LONG') return 'FAILED';
  return { ...attest, steps: 0, realmToken: signedRealmToken(claims, attest.signature) };
};

const GRANULE_MASK = 0xfffn;

/** Takes one response and gives it to its REC. One for a REC that is gone, or for an operation that is over, is dropped. */
const pull = ({ state }: RsiModel): 'DONE' | 'AGAIN' | 'FAILED' => {
  const response = state.signer?.pull() ?? 'FAILED';
  if (response === 'AGAIN' || response === 'FAILED') return response;
  const { cookie, ticket, sig_len, sig } = response;
  const isRec = (cookie & GRANULE_MASK) === 0n && state.granule(cookie) === 'REC';
  if (!isRec) return 'DONE';
  const { attest } = state.rec(cookie);
  if (attest.ticket !== ticket) return 'DONE';
  const signature = sig_len > REALM_SIGNATURE_SIZE ? 'TOO_LONG' : sig.slice(0, sig_len);
  state.updateRec(cookie, { attest: { ...attest, signature } });
  return 'DONE';
};
