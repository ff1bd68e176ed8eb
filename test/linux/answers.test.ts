import { describe, expect, test } from 'vitest';
import {
  bufferPage,
  createVcpu,
  defaultOrder,
  fetchToken,
  type Guest,
  launchRealm,
  PLAN_DEFAULTS,
  probe,
  type RealmPlan,
  runVcpu,
} from '../../src/host/index.ts';
import { scriptedSmc, withRealmSmc } from '../../src/linux/index.ts';
import { assemble, tokenBytes } from '../../src/response/index.ts';
import { testMachine } from '../support/machine.ts';

const lists = { ripas: [{ ...PLAN_DEFAULTS.memory, block: 'auto' as const }], loads: [] };
const parts = { ...lists, recs: [{ pc: 0x1000n, gprs: [], runnable: true }] };
const plan: RealmPlan = { ...PLAN_DEFAULTS, rpv: new Uint8Array(64), ...parts, order: defaultOrder(parts) };
const challenge = Uint8Array.from({ length: 64 }, (_, n) => n);

/** What a guest makes of a machine whose attestation calls a script answers. */
const fetched = (script: string): Uint8Array => {
  const platform = testMachine();
  const realm = launchRealm(platform, plan);
  const [rec] = realm.recs;
  if (rec === undefined) throw new Error('the Realm has no REC');
  let token: Uint8Array = new Uint8Array();
  function* guest(): Guest {
    // These calls are still the RMM's.
    expect(yield* probe(bufferPage(plan))).toEqual({ ipaWidth: 40n, hash: 0 });
    token = yield* fetchToken(challenge, bufferPage(plan));
  }
  runVcpu(withRealmSmc(platform, scriptedSmc(platform, assemble(script))), realm, createVcpu(rec, guest()));
  return token;
};

describe('a response script in place of the RMM', () => {
  test('answers attestation calls into the page that the guest names', () => {
    expect(fetched('total 5000\nchunk 700')).toEqual(tokenBytes(challenge, 0, 5000));
  });

  test('answers them as oddly as it says', () => {
    expect(() => fetched('continue status 2')).toThrow('RSI_ATTESTATION_TOKEN_CONTINUE answered RSI_ERROR_STATE');
    expect(() => fetched('init status 1')).toThrow('RSI_ATTESTATION_TOKEN_INIT answered RSI_ERROR_INPUT');
  });
});
