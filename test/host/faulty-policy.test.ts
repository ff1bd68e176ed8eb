import { describe, expect, test } from 'vitest';
import { toDoublewords } from '../../src/bytes/index.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import type { Act, Fault, FaultModel, Seam, When } from '../../src/fault/index.ts';
import {
  call,
  createVcpu,
  fetchToken,
  type Guest,
  type GuestResult,
  HostError,
  hostCall,
  launchRealm,
  runVcpu,
} from '../../src/host/index.ts';
import { createReplayer, type Platform } from '../../src/platform/index.ts';
import type { Registers } from '../../src/trace/index.ts';
import { toJson } from '../../src/trace/index.ts';
import { verifyToken } from '../../src/verify/index.ts';
import { smallPlan } from '../support/attest-session.ts';
import { testMachine } from '../support/machine.ts';

const ALWAYS: When = { always: true };
const CONTINUE: Seam = 'host.smc.RSI_ATTESTATION_TOKEN_CONTINUE';
/** The first IPA of the Unprotected half. */
const SHARED = 1n << BigInt(smallPlan(new Uint8Array(1)).ipaWidth - 1);
const CHALLENGE = new Uint8Array(64).fill(0xc5);

const plan = (model: FaultModel, at: Seam, act: Act, when: When = ALWAYS) => {
  const fault: Fault = { at, act, when, requireFired: true };
  return { model, faults: [fault] };
};

/** Runs a guest on a machine with one fault. */
const run = <T>(
  faults: ReturnType<typeof plan>,
  guest: (page: bigint) => Guest<T>,
  trace?: Parameters<typeof testMachine>[0],
) => {
  const platform = testMachine({ ...trace, faults });
  const rec = { pc: 0x8000_0000n, gprs: [], runnable: true };
  const realm = launchRealm(
    platform,
    smallPlan(new Uint8Array(5000).fill(7), { recs: [rec, { ...rec, runnable: false }] }),
  );
  const [first] = realm.recs;
  if (first === undefined) throw new Error('no REC');
  let result: T | undefined;
  function* wrapped(): Guest {
    result = yield* guest(0x8020_0000n);
  }
  runVcpu(platform, realm, createVcpu(first, wrapped()));
  return { platform, result };
};

/** How many bytes each CONTINUE gave. */
function* pieces(page: bigint): Guest<{ readonly lengths: number[]; readonly statuses: bigint[] }> {
  yield* call('RSI_ATTESTATION_TOKEN_INIT', ...new Array<bigint>(8).fill(0xc5c5_c5c5_c5c5_c5c5n));
  const lengths: number[] = [];
  const statuses: bigint[] = [];
  let filled = 0n;
  for (let status = 3n; status === 3n && lengths.length < 50; ) {
    const x = yield* call('RSI_ATTESTATION_TOKEN_CONTINUE', page, filled, 0x1000n - filled);
    status = x[0] ?? 0n;
    filled += x[1] ?? 0n;
    lengths.push(Number(x[1] ?? 0n));
    statuses.push(status);
  }
  return { lengths, statuses };
}

const isAccepted = (platform: Platform, token: Uint8Array = new Uint8Array()): boolean => {
  const key = platform.hes.status().cpak;
  return verifyToken(token, { crypto: nodeCrypto, challenge: CHALLENGE, ...(key && { key }) }).accepted;
};

describe('a hostile Host', () => {
  test('interrupts a guest before a call, which happens all the same', () => {
    const before = plan('host', 'host.smc', { interrupt: { kind: 'IRQ', polls: 0 } });
    const { platform, result: token } = run(before, (page) => fetchToken(CHALLENGE, page));
    expect(isAccepted(platform, token)).toBe(true);
    expect(platform.faults?.missing()).toEqual([]);
    expect(platform.faults?.counts.calls.get('host.smc')).toBe(2);
  });

  test('interrupts a token in the making, and cannot forge it', () => {
    const storm = plan('host', CONTINUE, { interrupt: { kind: 'IRQ', polls: 1 } }, { nth: [{ from: 1, to: 3 }] });
    const { result } = run(storm, pieces);
    // The step that takes long is the signature, and the first call makes it.
    expect(result?.lengths[0]).toBe(0);
    expect(result?.statuses).toEqual([3n, 0n]);
    const { platform, result: token } = run(storm, (page) => fetchToken(CHALLENGE, page));
    expect(isAccepted(platform, token)).toBe(true);
  });

  test('acts at the call that carries a challenge', () => {
    const at = plan(
      'host',
      'host.smc.RSI_ATTESTATION_TOKEN_INIT',
      { deny: true },
      { challenge: CHALLENGE.slice(0, 16) },
    );
    expect(() => run(at, (page) => fetchToken(CHALLENGE, page))).toThrow(HostError);
    expect(run(at, (page) => fetchToken(new Uint8Array(64), page)).platform.faults?.missing()).toHaveLength(1);
  });

  test('answers a host call with anything', () => {
    const { result } = run(plan('host', 'host.hostCall', { set: [{ x: 1, value: 47n }] }), (page) =>
      hostCall(page, 7, [1n, 2n, 3n]),
    );
    expect(result?.slice(0, 3)).toEqual([1n, 47n, 3n]);
  });

  describe('that a guest asks for memory which is not there', () => {
    const UNPROTECTED = SHARED + 0x5000n;
    const SRT = 3;
    /** What a load of four bytes gets, or the exception that it takes. */
    function* load(): Guest<GuestResult> {
      return yield {
        access: 'read',
        ipa: UNPROTECTED,
        length: 4,
        isv: { srt: SRT, sf: true, signExtend: false },
      };
    }
    function* store(): Guest<GuestResult> {
      return yield {
        access: 'write',
        ipa: UNPROTECTED,
        bytes: new Uint8Array(4),
        isv: { srt: SRT, sf: true },
      };
    }

    test('answers with anything', () => {
      const odd = plan('host', 'host.mmio', { set: [{ x: 0, value: 0x1_dead_beefn }] });
      const { result, platform } = run(odd, load);
      expect(result?.bytes).toEqual(Uint8Array.of(0xef, 0xbe, 0xad, 0xde));
      expect(platform.faults?.missing()).toEqual([]);
      expect(run(odd, store).result?.exception).toBeUndefined();
    });

    test('injects an abort', () => {
      const { result, platform } = run(plan('host', 'host.mmio', { reject: true }), load);
      expect(result?.exception).toBe('SEA');
      expect(platform.faults?.missing()).toEqual([]);
    });

    test('or denies service', () => {
      expect(() => run(plan('host', 'host.mmio', { deny: true }), load)).toThrow(HostError);
    });
  });

  test('rejects a RIPAS change, and the guest is told', () => {
    function* guest(): Guest<Registers> {
      return yield* call('RSI_IPA_STATE_SET', 0x8030_0000n, 0x8030_1000n, 1n, 0n);
    }
    expect(run(plan('host', 'host.ripasChange', { reject: true }), guest).result?.[2]).toBe(1n);
    expect(run(plan('host', 'host.page', { deny: true }), guest).result?.[2]).toBe(0n);
  });

  describe('that takes a page away', () => {
    const PAGE = 0x8020_0000n;
    const [RAM, DESTROYED] = [1n, 2n];
    /** Before the second call. */
    const taking = plan('host', 'host.smc', { destroy: PAGE }, { nth: [{ from: 2, to: 2 }] });
    function* ripas(): Guest<bigint | undefined> {
      return (yield* call('RSI_IPA_STATE_GET', PAGE, PAGE + 0x1000n))[2];
    }
    function* filled(): Guest {
      yield { access: 'write', ipa: PAGE, bytes: new Uint8Array(8).fill(0xee) };
      yield* call('RSI_VERSION', 0x1_0000n);
    }

    test('leaves the guest a page that is destroyed', () => {
      function* guest(): Guest<(bigint | undefined)[]> {
        yield* filled();
        const { bytes } = yield { access: 'read', ipa: PAGE, length: 8 };
        expect(bytes).toEqual(new Uint8Array(8).fill(0xee));
        return [yield* ripas()];
      }
      const { result, platform } = run(taking, guest);
      expect(result).toEqual([DESTROYED]);
      expect(platform.faults?.missing()).toEqual([]);
    });

    test('and cannot give it another that the guest has not asked for', () => {
      const touches: readonly ((page: bigint) => Guest<unknown>)[] = [
        function* () {
          return yield { access: 'read', ipa: PAGE + 8n, length: 8 };
        },
        function* () {
          return yield { access: 'fetch', ipa: PAGE, length: 4 };
        },
        (page) => call('RSI_REALM_CONFIG', page),
        (page) => call('RSI_HOST_CALL', page),
      ];
      for (const touch of touches) {
        function* guest(page: bigint): Guest {
          yield* filled();
          yield* ripas();
          yield* touch(page);
        }
        expect(() => run(taking, guest)).toThrow(
          'the guest touches 0x80200000, which the Host took away: it cannot go on',
        );
      }
    });

    test('gives an empty one when the guest accepts that its page is lost', () => {
      const accepting = (flags: bigint) =>
        function* guest(): Guest<readonly unknown[]> {
          yield* filled();
          yield* ripas();
          yield* call('RSI_IPA_STATE_SET', PAGE, PAGE + 0x1000n, RAM, flags);
          const now = yield* ripas();
          return [now, now === RAM && (yield { access: 'read', ipa: PAGE, length: 8 }).bytes];
        };
      expect(run(taking, accepting(1n)).result).toEqual([RAM, new Uint8Array(8)]);
      expect(run(taking, accepting(0n)).result).toEqual([DESTROYED, false]);
    });

    test('can take it again', () => {
      function* guest(): Guest<bigint | undefined> {
        yield* filled();
        yield* call('RSI_IPA_STATE_SET', PAGE, PAGE + 0x1000n, RAM, 1n);
        yield { access: 'write', ipa: PAGE, bytes: new Uint8Array(8) };
        return yield* ripas();
      }
      expect(run(plan('host', 'host.smc', { destroy: PAGE }), guest).result).toBe(DESTROYED);
    });

    test('under a token in the making, which goes on in another page', () => {
      const PIECE = 100n;
      function* guest(page: bigint): Guest<readonly unknown[]> {
        yield* call('RSI_ATTESTATION_TOKEN_INIT', ...toDoublewords(CHALLENGE));
        yield* filled();
        const first = yield* call('RSI_ATTESTATION_TOKEN_CONTINUE', page, 0n, PIECE);
        const second = yield* call('RSI_ATTESTATION_TOKEN_CONTINUE', page + 0x1000n, 0n, PIECE);
        const { bytes } = yield { access: 'read', ipa: page + 0x1000n, length: Number(PIECE) };
        return [first.slice(0, 2), second.slice(0, 2), bytes, yield* ripas()];
      }
      const at = plan('host', CONTINUE, { destroy: PAGE }, { nth: [{ from: 2, to: 2 }] });
      const whole = run(plan('host', CONTINUE, { destroy: 0n }), (page) => fetchToken(CHALLENGE, page)).result;
      expect(run(at, guest).result).toEqual([[3n, PIECE], [3n, PIECE], whole?.slice(100, 200), DESTROYED]);
    });

    test('does nothing where the Realm has no page', () => {
      const nowhere = plan('host', 'host.smc', { destroy: 0x8ff0_0000n });
      const { platform, result: token } = run(nowhere, (page) => fetchToken(CHALLENGE, page));
      expect(isAccepted(platform, token)).toBe(true);
    });

    test('leaves a Realm that can be taken down whole', () => {
      const platform = testMachine({ faults: taking });
      const realm = launchRealm(platform, smallPlan(new Uint8Array(5000).fill(7)));
      const [rec] = realm.recs;
      if (rec === undefined) throw new Error('no REC');
      function* guest(): Guest {
        yield* filled();
        yield* ripas();
      }
      runVcpu(platform, realm, createVcpu(rec, guest()));
      realm.destroy();
      expect(realm.granules.inUse).toBe(0);
    });

    test('leaves a trace that replays', () => {
      const events: string[] = [];
      function* guest(): Guest {
        yield* filled();
        yield* ripas();
      }
      run(taking, guest, { trace: (event) => void events.push(toJson(event)) });
      expect(events.filter((line) => line.includes('"command":"RMI_DATA_DESTROY"')).length).toBeGreaterThan(0);
      const replayer = createReplayer(nodeCrypto);
      for (const line of events) expect(replayer.feed(JSON.parse(line))).toBe(undefined);
      expect(replayer.end()).toBe(undefined);
    });
  });

  test('refuses to turn a PE on', () => {
    function* guest(): Guest<Registers> {
      return yield* call('PSCI_CPU_ON', 1n, 0x8000_0000n, 0n);
    }
    const { result } = run(plan('host', 'host.psci', { reject: true }), guest);
    expect(BigInt.asIntN(64, result?.[0] ?? 0n)).toBe(-3n);
  });

  test.each<[Seam]>([['host.page'], ['host.smc'], [CONTINUE]])('denies service at %s', (seam) => {
    expect(() => run(plan('host', seam, { deny: true }), (page) => fetchToken(CHALLENGE, page))).toThrow(
      `the Host denies service, as its fault plan says at ${seam}`,
    );
  });

  test('leaves a trace that replays', () => {
    const events: string[] = [];
    const faults = plan('host', CONTINUE, { interrupt: { kind: 'IRQ', polls: 1 } }, { nth: [{ from: 1, to: 2 }] });
    run(faults, pieces, { trace: (event) => void events.push(toJson(event)) });
    expect(events.filter((line) => line.includes('"type":"fault"'))).toHaveLength(2);
    const replayer = createReplayer(nodeCrypto);
    for (const line of events) expect(replayer.feed(JSON.parse(line))).toBe(undefined);
    expect(replayer.end()).toBe(undefined);
  });
});

describe('a broken RMM', () => {
  const CALL: Seam = 'rmm.rsi.RSI_ATTESTATION_TOKEN_CONTINUE';

  test('answers a guest with any register', () => {
    // The first time the page is not there yet, and the call is made again.
    const odd = plan('rmm', CALL, { set: [{ x: 1, value: 0x7fff_ffffn }] }, { nth: [{ from: 2, to: 2 }] });
    expect(run(odd, pieces).result?.lengths[0]).toBe(0x7fff_ffff);
  });

  test('says that it did what it did not do', () => {
    const { result } = run(plan('rmm', CALL, { skip: true, set: [{ x: 1, value: 0n }] }), pieces);
    expect(result).toEqual({ lengths: [0], statuses: [0n] });
  });

  test('takes other registers than it was given', () => {
    const { result } = run(plan('rmm', 'rmm.rsi', { args: [{ x: 0, value: 0xdead_beefn }] }), pieces);
    expect(result?.statuses).toEqual([0xffff_ffff_ffff_ffffn]);
  });

  test('leaves a trace that replays', () => {
    const events: string[] = [];
    const odd = plan('rmm', CALL, { set: [{ x: 0, value: 3n }] }, { nth: [{ from: 1, to: 2 }] });
    run(odd, pieces, { trace: (event) => void events.push(toJson(event)) });
    const replayer = createReplayer(nodeCrypto);
    for (const line of events) expect(replayer.feed(JSON.parse(line))).toBe(undefined);
    expect(replayer.end()).toBe(undefined);
  });
});
