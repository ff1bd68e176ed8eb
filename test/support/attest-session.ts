import {
  defaultOrder,
  type GuestStep,
  type HostRealm,
  launchRealm,
  PLAN_DEFAULTS,
  type RealmPlan,
  runGuest,
} from '../../src/host/index.ts';
import type { Platform } from '../../src/platform/index.ts';

/** A plan for a payload at the base of 4 MiB of memory, measured, with one REC. */
export const smallPlan = (payload: Uint8Array, change: Partial<RealmPlan> = {}): RealmPlan => {
  const memory = { base: 0x8000_0000n, size: 0x40_0000n };
  const parts = {
    ripas: [{ ...memory, block: 'auto' as const }],
    loads: [
      {
        name: 'payload',
        at: memory.base,
        measured: true,
        size: payload.length,
        read: (offset: number, length: number) => payload.subarray(offset, offset + length),
      },
    ],
    recs: [{ pc: memory.base, gprs: [], runnable: true }],
    ...change,
  };
  return { ...PLAN_DEFAULTS, memory, rpv: new Uint8Array(64), ...parts, order: defaultOrder(parts), ...change };
};

export const CHALLENGE = Uint8Array.from({ length: 64 }, (_, i) => i);

const STEPS: readonly GuestStep[] = [
  { do: 'extend', rem: 1, value: Uint8Array.of(1, 2, 3) },
  { do: 'attest', challenge: CHALLENGE },
];

/** What most machines are for: launch a Realm, extend a REM, fetch a token. */
export const attestSession = (
  platform: Platform,
  plan: RealmPlan = smallPlan(new Uint8Array(5000).fill(7)),
): { readonly realm: HostRealm; readonly token: Uint8Array } => {
  const realm = launchRealm(platform, plan);
  const [fetched] = runGuest(platform, realm, STEPS);
  if (fetched === undefined) throw new Error('the guest fetched no token');
  return { realm, token: fetched.token };
};
