import { GRANULE } from '../abi/index.ts';
import type { Platform } from '../platform/index.ts';
import type { HostPolicy } from './exits.ts';
import { extendMeasurement, fetchToken, type Guest, probe, systemOff } from './guest.ts';
import type { HostRealm } from './host-realm.ts';
import type { GuestStep, RealmPlan } from './plan.ts';
import { HostError } from './rmi.ts';
import { createVcpu, runEndText, runVcpu } from './run.ts';

/** A token that a guest fetched, and the challenge that it passed to the RMM. */
export interface FetchedToken {
  readonly challenge: Uint8Array;
  readonly token: Uint8Array;
}

/** The last granule of a Realm's memory: where its guest takes what the RMM writes. */
export const bufferPage = ({ memory }: Pick<RealmPlan, 'memory'>): bigint => memory.base + memory.size - GRANULE;

/** A guest that does the steps of a Realm file, each as software in a Realm would, then turns the Realm off. */
function* scripted(steps: readonly GuestStep[], page: bigint, tokens: FetchedToken[], draw: () => Uint8Array): Guest {
  yield* probe(page);
  for (const step of steps) {
    if (step.do === 'extend') yield* extendMeasurement(step.rem, step.value);
    else {
      const challenge = step.challenge ?? draw();
      tokens.push({ challenge, token: yield* fetchToken(challenge, page) });
    }
  }
  yield* systemOff();
}

/** Runs the guest of a Realm on its first runnable REC and gives the tokens that it fetched, in order. */
export const runGuest = (
  platform: Platform,
  realm: HostRealm,
  steps: readonly GuestStep[],
  policy: HostPolicy = {},
): readonly FetchedToken[] => {
  const rec = realm.recs[realm.plan.recs.findIndex(({ runnable }) => runnable)];
  if (rec === undefined) throw new HostError('PLAN_IMPOSSIBLE', 'the Realm has no REC that may run');
  const tokens: FetchedToken[] = [];
  const draws = platform.entropy.fork('host/challenges');
  const guest = scripted(steps, bufferPage(realm.plan), tokens, () => draws.bytes(64));
  const end = runVcpu(platform, realm, createVcpu(rec, guest), policy);
  if (end.kind !== 'off') throw new HostError('GUEST_FAILED', `the guest did not finish: ${runEndText(end)}`);
  return tokens;
};
