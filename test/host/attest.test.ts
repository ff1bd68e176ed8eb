import { describe, expect, test } from 'vitest';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { defaultOrder, launchRealm, PLAN_DEFAULTS, type RealmPlan, runGuest } from '../../src/host/index.ts';
import { verifyToken } from '../../src/verify/index.ts';
import { testMachine } from '../support/machine.ts';

const plan = (payload: Uint8Array, change: Partial<RealmPlan> = {}): RealmPlan => {
  const parts = {
    ripas: [{ base: 0x8000_0000n, size: 0x1000_0000n, block: 'auto' as const }],
    loads: [
      {
        name: 'payload',
        at: 0x8000_0000n,
        measured: true,
        size: payload.length,
        read: (offset: number, length: number) => payload.subarray(offset, offset + length),
      },
    ],
    recs: [{ pc: 0x8000_0000n, gprs: [], runnable: true }],
  };
  return { ...PLAN_DEFAULTS, rpv: new Uint8Array(64), ...parts, order: defaultOrder(parts), ...change };
};

describe('a Realm from launch to destruction', () => {
  const challenge = Uint8Array.from({ length: 64 }, (_, i) => i);

  test('fetches a token that the verifier accepts', () => {
    const platform = testMachine();
    const realm = launchRealm(platform, plan(new Uint8Array(10_000).fill(7)));
    const [fetched] = runGuest(platform, realm, [
      { do: 'extend', rem: 1, value: Uint8Array.of(1, 2, 3) },
      { do: 'attest', challenge },
    ]);
    const report = verifyToken(fetched?.token ?? new Uint8Array(), {
      crypto: nodeCrypto,
      key: platform.hes.status().cpak,
      challenge,
    });
    expect(report.findings).toEqual([]);
    expect(report.accepted).toBe(true);
  });

  test('gives every granule back', () => {
    const platform = testMachine();
    const realm = launchRealm(platform, plan(new Uint8Array(10_000)));
    runGuest(platform, realm, [{ do: 'attest', challenge }]);
    realm.destroy();
    expect([...platform.rmm.state.granules()]).toEqual([]);
    expect(realm.granules.inUse).toBe(0);
  });
});
