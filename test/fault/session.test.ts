import { describe, expect, test } from 'vitest';
import { nodeCrypto as crypto } from '../../src/crypto/node.ts';
import { actText, createFaultSession, type Fault, type Seam, type When } from '../../src/fault/index.ts';
import { createReplayer } from '../../src/platform/index.ts';
import { toJson } from '../../src/trace/index.ts';
import { outcomeOf, planText } from './support/run.ts';

const fault = (at: Seam, when: When, requireFired = true): Fault => ({ at, when, act: { flip: 0 }, requireFired });
const session = (...faults: readonly Fault[]) => createFaultSession({ model: 'rmm', faults }, undefined);
const SIGN: Seam = 'rmm.crypto.sign';

const plan = (...faults: readonly string[]): string => `version: 1\nmodel: rmm\nfaults: [${faults.join(', ')}]\n`;

describe('a fault', () => {
  test('acts at the calls that it names, counted for its seam alone', () => {
    const { due } = session(
      fault(SIGN, {
        nth: [
          { from: 2, to: 3 },
          { from: 5, to: 5 },
        ],
      }),
    );
    due('rmm.entropy.bytes', []);
    expect(Array.from({ length: 6 }, () => due(SIGN, []).length)).toEqual([0, 1, 1, 0, 1, 0]);
  });

  test('acts at the calls that carry its bytes', () => {
    const { due } = session(fault(SIGN, { challenge: Uint8Array.of(2, 3) }));
    expect(due(SIGN, [Uint8Array.of(1, 2, 3, 4)])).toHaveLength(1);
    expect(due(SIGN, [Uint8Array.of(2), Uint8Array.of(3)])).toEqual([]);
    expect(due(SIGN, [])).toEqual([]);
  });

  test('that has to act and did not is missing until it does', () => {
    const late = fault(SIGN, { nth: [{ from: 2, to: 2 }] });
    const { due, missing } = session(late, fault('hes.claims', { always: true }, false));
    due(SIGN, []);
    expect(missing()).toEqual([late]);
    due(SIGN, []);
    expect(missing()).toEqual([]);
  });

  test('counts on its own in a fork', () => {
    const first = session(fault(SIGN, { nth: [{ from: 2, to: 2 }] }));
    first.due(SIGN, []);
    const fork = first.fork(undefined);
    expect(fork.due(SIGN, [])).toHaveLength(1);
    expect(first.missing()).toHaveLength(1);
    expect(first.counts.calls.get(SIGN)).toBe(1);
  });

  test('is told in one line', () => {
    expect(actText({ set: [{ x: 1, value: 47n }], reset: true, replace: Uint8Array.of(255) })).toBe(
      'set x1=47, reset, replace ff',
    );
    expect(actText({ claims: { set: 2395, value: 7 } })).toBe('claims set 2395 value 7');
  });
});

describe('in the RMM', () => {
  test('a signature with one bit turned over is refused by the verifier', async () => {
    const outcome = await outcomeOf(plan('{ at: rmm.crypto.sign, when: { nth: 1 }, act: { flip: 100 } }'));
    expect(outcome.findings).toEqual(['REALM_SIG_INVALID']);
  });

  test('a signature over a certain challenge alone can be spoilt', async () => {
    const hit = await outcomeOf(
      plan('{ at: rmm.crypto.sign, when: { challenge: "00010203040506" }, act: { flip: 0 } }'),
    );
    expect(hit.findings).toEqual(['REALM_SIG_INVALID']);
    const miss = await outcomeOf(plan('{ at: rmm.crypto.sign, when: { challenge: "ffffff" }, act: { flip: 0 } }'));
    expect(miss).toMatchObject({ findings: [], missing: 1 });
  });

  test('a digest that is wrong makes measurements that nobody expects', async () => {
    const rim = async (text: string): Promise<unknown> =>
      (await outcomeOf(text)).report?.claims.realm?.initial_measurement;
    const first = '{ at: rmm.crypto.digest, when: { nth: 2 }, act: { flip: 0 } }';
    expect(await rim(plan(first))).not.toEqual(await rim(plan()));
  });

  test('random bytes can be fixed', async () => {
    const { DIALECTS } = await import('../../src/token/index.ts');
    const replaced = plan(`{ at: rmm.entropy.bytes, act: { replace: "${'07'.repeat(32)}" } }`);
    const outcome = await outcomeOf(replaced, { dialect: DIALECTS['rmm-2.0'] });
    expect(outcome.report?.claims.realm?.instance_id).toEqual(Uint8Array.of(1, ...new Uint8Array(32).fill(7)));
  });
});

describe('in HES', () => {
  test('a platform signature with one bit turned over is refused by the verifier', async () => {
    const outcome = await outcomeOf(plan('{ at: hes.crypto.sign, when: { nth: 1 }, act: { flip: 0 } }'));
    expect(outcome.findings).toEqual(['PLATFORM_SIG_INVALID']);
  });

  test('several faults act at one call, in the order of the plan', async () => {
    const outcome = await outcomeOf(
      plan(
        '{ at: hes.claims, act: { claims: { omit: 2400 } } }',
        '{ at: hes.claims, act: { claims: { set: 2400, value: "https://nobody.invalid/" } } }',
      ),
    );
    expect(outcome.report?.claims.platform?.verification_service).toBe('https://nobody.invalid/');
    expect(outcome.findings).toEqual([]);
  });
});

describe('a run with faults', () => {
  test('tells of each that acts', async () => {
    const { events } = await outcomeOf(planText('h03-token-again'));
    expect(events.filter(({ type }) => type === 'fault')).toEqual(
      Array.from({ length: 5 }, (_, i) => ({
        type: 'fault',
        at: 'el3.RMM_ATTEST_GET_PLAT_TOKEN',
        nth: i + 1,
        act: 'status E_RMM_AGAIN',
      })),
    );
  });

  test.each(['h03-token-again', 'h10-stale-token', 'h12-other-cpak', 'h13-claim-twice'])(
    'replays from its trace, event by event: %s',
    async (name) => {
      const { events } = await outcomeOf(planText(name));
      const replayer = createReplayer(crypto);
      const differences = events.map((event) => replayer.feed(JSON.parse(toJson(event)))).filter((each) => each);
      expect([differences, replayer.end()]).toEqual([[], undefined]);
    },
  );

  test('goes on in a fork with counts of its own, and with the faults that are left', async () => {
    const { platform } = await outcomeOf(plan('{ at: hes.crypto.sign, when: { nth: 2 }, act: { flip: 0 } }'));
    expect(platform.faults?.missing()).toHaveLength(1);
    const fork = platform.fork();
    const request = { dak_pub_hash: undefined, token_buf_size: 4096 };
    fork.hes.getPlatformToken(request);
    expect(fork.faults?.missing()).toEqual([]);
    expect(platform.faults?.missing()).toHaveLength(1);
  });
});
