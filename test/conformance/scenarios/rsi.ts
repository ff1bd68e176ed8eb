import { expect } from 'vitest';
import { revision } from '../../../src/abi/index.ts';
import { RMM_1_0 } from '../../../src/rmm/index.ts';
import { versionOf } from '../../../src/rmm/rsi/version.ts';
import type { Setup } from '../language/driver.ts';
import { scenario } from '../language/scenario.ts';
import { type Arg, GRANULE, UNPROTECTED } from '../language/world.ts';
import { doublewords, PAGE, running } from '../rsi/support.ts';
import { fetch } from '../rsi/token.ts';
import { C1, C2, init } from './challenges.ts';

const OK = 0n;
const IN = 1n;
const ST = 2n;
const INC = 3n;
const V1_0 = revision(1, 0);
const V1_1 = revision(1, 1);
const RIPAS = { EMPTY: 0, RAM: 1, DESTROYED: 2, DEV: 3 } as const;
const REJECT = 16n;
/** What Arm's suite extends with. */
const VALUE = ['05a9bf223fedf80a', '9d0da5f73f5c191a', '665bf4a0a4a3e608', 'f2f9e7d5ff23959c', '0', '0', '0', '0'].map(
  (word) => BigInt(`0x${word}`),
);

/** One call of a Realm that has a page of RAM, and X0 on of its answer, as far as they are given. */
const answers = (
  id: string,
  spec: string,
  name: string,
  args: readonly Arg[],
  expected: readonly bigint[],
  setup: Setup = {},
) =>
  scenario(
    id,
    spec,
    `${name} answers ${expected.join(', ')}`,
    (w) => {
      running(w);
      expect(w.call(name, ...args).slice(0, expected.length)).toEqual(expected);
    },
    setup,
  );

/** An RMM that implements revisions 1.0 and 1.1 of the RSI. */
const TWO: Setup = {
  commands: { ...RMM_1_0, rsi: [versionOf([V1_0, V1_1]), ...RMM_1_0.rsi.filter(({ name }) => name !== 'RSI_VERSION')] },
};

const VERSION = 'B5.3.10';
const EXTEND = 'B5.3.7';
const READ = 'B5.3.8';
const CONTINUE = 'B5.3.1';
const CONFIG = 'B5.3.9';
const GET = 'B5.3.5';
const SET = 'B5.3.6';
const CALL = 'B5.3.4';

export const RSI = [
  answers('ver-ok', VERSION, 'RSI_VERSION', [V1_0], [OK, V1_0, V1_0]),
  ...[V1_1, revision(2, 0), 0n, 0xffffn].map((req, n) =>
    answers(n === 0 ? 'ver-bad' : `ver-bad ${n + 1}`, VERSION, 'RSI_VERSION', [req], [IN, V1_0, V1_0]),
  ),
  answers('ver-multi', VERSION, 'RSI_VERSION', [V1_0], [OK, V1_0, V1_1], TWO),
  answers('ver-multi 2', VERSION, 'RSI_VERSION', [V1_1], [OK, V1_1, V1_1], TWO),
  answers('ver-multi 3', VERSION, 'RSI_VERSION', [revision(1, 2)], [IN, V1_1, V1_1], TWO),
  answers('ver-multi 4', VERSION, 'RSI_VERSION', [revision(2, 0)], [IN, V1_1, V1_1], TWO),
  scenario('ver-report', VERSION, 'the Realm tells the Host what it was answered', (w) => {
    running(w);
    const [x0 = 0n] = w.call('RSI_VERSION', V1_1);
    w.store(PAGE, new Uint8Array(new BigUint64Array([0n, x0]).buffer));
    expect(w.leave('RSI_HOST_CALL', PAGE).gprs[0]).toBe(IN);
  }),

  answers('feat-0', 'B5.3.3', 'RSI_FEATURES', [0], [OK, 0n]),
  answers('feat-n', 'B5.3.3', 'RSI_FEATURES', [1], [OK, 0n]),
  answers('feat-n 2', 'B5.3.3', 'RSI_FEATURES', [-1], [OK, 0n]),

  answers('mr-bound', READ, 'RSI_MEASUREMENT_READ', [5], [IN]),
  answers('mr-bound2', READ, 'RSI_MEASUREMENT_READ', [1n << 32n], [IN]),
  answers('mr-bound2 all ones', READ, 'RSI_MEASUREMENT_READ', [-1], [IN]),
  answers('mr-ok', READ, 'RSI_MEASUREMENT_READ', [0], [OK]),
  scenario('mr-pad', READ, 'zeros after 32 bytes, whatever stood in X5 to X8', (w) => {
    running(w);
    expect(w.call('RSI_MEASUREMENT_READ', 0, 0, 0, 0, -1, -1, -1, -1).slice(5, 9)).toEqual([0n, 0n, 0n, 0n]);
  }),

  answers('me-low', EXTEND, 'RSI_MEASUREMENT_EXTEND', [0, 32, ...VALUE], [IN]),
  answers('me-high', EXTEND, 'RSI_MEASUREMENT_EXTEND', [5, 32, ...VALUE], [IN]),
  answers('me-size', EXTEND, 'RSI_MEASUREMENT_EXTEND', [1, 65, ...VALUE], [IN]),
  answers('me-ok', EXTEND, 'RSI_MEASUREMENT_EXTEND', [1, 32, ...VALUE], [OK]),
  scenario('me-edge', EXTEND, 'no byte, one byte, 64 bytes', (w) => {
    running(w);
    const seen = new Set<string>();
    for (const size of [0, 1, 64]) {
      expect(w.call('RSI_MEASUREMENT_EXTEND', 1, size, ...VALUE)[0]).toBe(OK);
      seen.add(w.call('RSI_MEASUREMENT_READ', 1).slice(1, 9).join());
    }
    expect(seen.size).toBe(3);
  }),
  scenario('me-fail-noeffect', EXTEND, 'a call that fails changes nothing', (w) => {
    running(w);
    const before = w.call('RSI_MEASUREMENT_READ', 1);
    for (const [index, size] of [
      [0, 32],
      [5, 32],
      [1, 65],
    ] as const) {
      w.call('RSI_MEASUREMENT_EXTEND', index, size, ...VALUE);
    }
    expect(w.call('RSI_MEASUREMENT_READ', 1)).toEqual(before);
  }),
  scenario('me-isolated', EXTEND, 'the other measurements are what they were', (w) => {
    running(w);
    const rim = w.call('RSI_MEASUREMENT_READ', 0);
    w.call('RSI_MEASUREMENT_EXTEND', 1, 32, ...VALUE);
    for (const index of [2, 3, 4]) {
      expect(w.call('RSI_MEASUREMENT_READ', index).slice(0, 9)).toEqual(new Array<bigint>(9).fill(0n));
    }
    expect(w.call('RSI_MEASUREMENT_READ', 0)).toEqual(rim);
  }),

  scenario('ti-ok', 'B5.3.2', 'INIT, then CONTINUE until the token is whole', (w) => {
    running(w);
    const [x0, bound = 0n] = init(w, C1);
    expect(x0).toBe(OK);
    const token = fetch(w, PAGE);
    expect(token.length).toBeGreaterThan(0);
    expect(BigInt(token.length)).toBeLessThanOrEqual(bound);
  }),
  scenario('ti-nofail', 'B5.3.2', 'no challenge is refused', (w) => {
    running(w);
    for (const word of [0n, 1n, 0xffff_ffff_ffff_ffffn]) {
      expect(w.call('RSI_ATTESTATION_TOKEN_INIT', ...new Array<bigint>(8).fill(word))[0]).toBe(OK);
    }
  }),

  ...(
    [
      ['tc-addr_align', [PAGE + 1n, 0, GRANULE]],
      ['tc-addr_bound', [UNPROTECTED, 0, GRANULE]],
      ['tc-offset_bound', [PAGE, 4097, GRANULE]],
      ['tc-size_overflow', [PAGE, 0, -1]],
      ['tc-wrap', [PAGE, 16, -8]],
      ['tc-size_bound', [PAGE, 0, 4097]],
      ['tc-offset-4096', [PAGE, 4096, 0]],
    ] as const
  ).map(([id, args]) =>
    scenario(id, CONTINUE, 'is refused, and the operation goes on', (w) => {
      running(w);
      init(w, C1);
      expect(w.call('RSI_ATTESTATION_TOKEN_CONTINUE', ...args)[0]).toBe(IN);
      expect(fetch(w, PAGE).length).toBeGreaterThan(0);
    }),
  ),
  scenario('tc-after-errors', CONTINUE, 'all of them, and the operation goes on', (w) => {
    running(w);
    init(w, C1);
    const refused = [
      [PAGE + 1n, 0, GRANULE],
      [UNPROTECTED, 0, GRANULE],
      [PAGE, 4097, GRANULE],
      [PAGE, 0, -1],
    ] as const;
    for (const args of refused) w.call('RSI_ATTESTATION_TOKEN_CONTINUE', ...args);
    expect(fetch(w, PAGE).length).toBeGreaterThan(0);
  }),
  answers('tc-state', CONTINUE, 'RSI_ATTESTATION_TOKEN_CONTINUE', [PAGE, 0, GRANULE], [ST]),
  scenario('tc-done', CONTINUE, 'a token is fetched once', (w) => {
    running(w);
    init(w, C1);
    fetch(w, PAGE);
    expect(w.call('RSI_ATTESTATION_TOKEN_CONTINUE', PAGE, 0, GRANULE)[0]).toBe(ST);
  }),
  answers('tc-order-T', CONTINUE, 'RSI_ATTESTATION_TOKEN_CONTINUE', [PAGE + 1n, 0, GRANULE], [IN]),
  scenario('tc-zero-T', CONTINUE, 'a buffer without room: no byte, and no progress', (w) => {
    running(w);
    init(w, C1);
    for (let i = 0; i < 3; i += 1) {
      expect(w.call('RSI_ATTESTATION_TOKEN_CONTINUE', PAGE, 0, 0).slice(0, 2)).toEqual([INC, 0n]);
    }
    expect(fetch(w, PAGE).length).toBeGreaterThan(0);
  }),
  scenario('tc-chunk', CONTINUE, 'pieces of any size make the same token', (w) => {
    running(w);
    const [, bound = 0n] = init(w, C1);
    const whole = fetch(w, PAGE);
    for (const size of [1, 7, 64, 1000, 4096]) {
      init(w, C1);
      expect(fetch(w, PAGE, size)).toEqual(whole);
    }
    expect(BigInt(whole.length)).toBeLessThanOrEqual(bound);
  }),
  scenario(
    'tc-chunk limited',
    CONTINUE,
    'an RMM that gives less than there is room for',
    (w) => {
      running(w);
      init(w, C1);
      const lengths = [1n, 7n, 300n].map(
        () => w.call('RSI_ATTESTATION_TOKEN_CONTINUE', PAGE, 0, GRANULE).slice(0, 2) as [bigint, bigint],
      );
      expect(lengths).toEqual([
        [INC, 1n],
        [INC, 7n],
        [INC, 300n],
      ]);
      expect(fetch(w, PAGE).length).toBeGreaterThan(300);
    },
    { rmm: { chunk: [1, 7, 300] } },
  ),
  scenario('tc-exact', CONTINUE, 'a buffer as large as what remains', (w) => {
    running(w);
    init(w, C1);
    const length = fetch(w, PAGE).length;
    init(w, C1);
    w.call('RSI_ATTESTATION_TOKEN_CONTINUE', PAGE, 0, 100);
    const rest = BigInt(length - 100);
    expect(w.call('RSI_ATTESTATION_TOKEN_CONTINUE', PAGE, 100, rest).slice(0, 2)).toEqual([OK, rest]);
  }),
  scenario('tc-empty-T', CONTINUE, 'a page that is EMPTY, and the operation goes on', (w) => {
    running(w);
    init(w, C1);
    expect(w.call('RSI_ATTESTATION_TOKEN_CONTINUE', 0, 0, GRANULE)[0]).toBe(IN);
    expect(fetch(w, PAGE).length).toBeGreaterThan(0);
  }),
  scenario('tc-unmapped-T', CONTINUE, 'a page that the Host has to map: the call is made again', (w) => {
    const { realm, rec } = running(w);
    w.driver.interrupt('IRQ');
    realm.ensure(0n);
    w.run(rec);
    w.leave('RSI_IPA_STATE_SET', 0, GRANULE, RIPAS.RAM, 0);
    w.must('RMI_RTT_SET_RIPAS', realm.rd, rec.rec, 0, GRANULE);
    w.run(rec);
    init(w, C1);
    const before = w.driver.realm();
    expect(w.leave('RSI_ATTESTATION_TOKEN_CONTINUE', 0, 0, GRANULE)).toMatchObject({
      exit_reason: 0,
      esr: 0x9000_0007n,
      far: 0n,
      hpfar: 0n,
    });
    realm.unknown(0n);
    expect(w.run(rec).pc).toBe(before?.pc);
    expect(fetch(w, 0n).length).toBeGreaterThan(0);
  }),
  scenario('tc-two-recs', 'A7.2.2', 'two RECs fetch tokens at the same time', (w) => {
    const realm = w.realm();
    realm.data(PAGE);
    realm.data(PAGE + GRANULE);
    const [first, second] = [realm.rec(), realm.rec()];
    realm.activate();
    w.run(first, {}, 0);
    w.run(second, {}, 1);
    init(w, C1, 0);
    expect(w.callOn(1, 'RSI_ATTESTATION_TOKEN_CONTINUE', PAGE + GRANULE, 0, GRANULE)[0]).toBe(ST);
    init(w, C2, 1);
    w.callOn(0, 'RSI_ATTESTATION_TOKEN_CONTINUE', PAGE, 0, 200);
    w.callOn(1, 'RSI_ATTESTATION_TOKEN_CONTINUE', PAGE + GRANULE, 0, 300);
    const rest = [fetch(w, PAGE, 100, 0), fetch(w, PAGE + GRANULE, 50, 1)];
    init(w, C1, 0);
    expect(fetch(w, PAGE, 4096, 0).slice(200)).toEqual(rest[0]);
    init(w, C2, 0);
    expect(fetch(w, PAGE, 4096, 0).slice(300)).toEqual(rest[1]);
  }),
  scenario('tc-reinit', 'A7.2.2', 'a second INIT starts again at byte 0, with its own challenge', (w) => {
    running(w);
    init(w, C2);
    const second = fetch(w, PAGE);
    init(w, C1);
    w.call('RSI_ATTESTATION_TOKEN_CONTINUE', PAGE, 0, 600);
    init(w, C2);
    expect(fetch(w, PAGE)).toEqual(second);
  }),

  answers('rc-align', CONFIG, 'RSI_REALM_CONFIG', [PAGE + 1n], [IN]),
  answers('rc-bound', CONFIG, 'RSI_REALM_CONFIG', [UNPROTECTED], [IN]),
  scenario('rc-ok', CONFIG, 'width, algorithm and RPV as the Realm was created', (w) => {
    const rpv = Uint8Array.from({ length: 64 }, (_, i) => i);
    running(w, { rpv, hash: 'SHA_512' });
    expect(w.call('RSI_REALM_CONFIG', PAGE)[0]).toBe(OK);
    const page = w.load(PAGE, Number(GRANULE));
    expect(doublewords(page).slice(0, 2)).toEqual([40n, 1n]);
    expect(page.slice(0x200, 0x240)).toEqual(rpv);
  }),

  answers('ig-base', GET, 'RSI_IPA_STATE_GET', [PAGE + 1n, PAGE + GRANULE], [IN]),
  answers('ig-end', GET, 'RSI_IPA_STATE_GET', [PAGE, PAGE + GRANULE + 1n], [IN]),
  answers('ig-size', GET, 'RSI_IPA_STATE_GET', [PAGE, PAGE - GRANULE], [IN]),
  answers('ig-eq', GET, 'RSI_IPA_STATE_GET', [PAGE, PAGE], [IN]),
  answers('ig-rgn', GET, 'RSI_IPA_STATE_GET', [PAGE, UNPROTECTED + GRANULE], [IN]),
  answers('ig-ok', GET, 'RSI_IPA_STATE_GET', [PAGE, PAGE + GRANULE], [OK, PAGE + GRANULE, 1n]),
  answers('ig-partial', GET, 'RSI_IPA_STATE_GET', [PAGE, PAGE + 4n * GRANULE], [OK, PAGE + GRANULE, 1n]),

  answers('is-base', SET, 'RSI_IPA_STATE_SET', [PAGE + 1n, PAGE + GRANULE, RIPAS.EMPTY, 0], [IN]),
  answers('is-top', SET, 'RSI_IPA_STATE_SET', [PAGE, (PAGE + GRANULE) / 2n, RIPAS.EMPTY, 0], [IN]),
  answers('is-size', SET, 'RSI_IPA_STATE_SET', [PAGE + 2n * GRANULE, PAGE + GRANULE, RIPAS.EMPTY, 0], [IN]),
  answers('is-rgn', SET, 'RSI_IPA_STATE_SET', [PAGE, UNPROTECTED + GRANULE, RIPAS.EMPTY, 0], [IN]),
  answers('is-ripas', SET, 'RSI_IPA_STATE_SET', [PAGE, PAGE + GRANULE, RIPAS.DESTROYED, 0], [IN]),
  answers('is-ripas DEV', SET, 'RSI_IPA_STATE_SET', [PAGE, PAGE + GRANULE, RIPAS.DEV, 0], [IN]),
  scenario('is-accept', SET, 'the Host grants it', (w) => {
    const { realm, rec } = running(w);
    expect(w.leave('RSI_IPA_STATE_SET', PAGE, PAGE + GRANULE, RIPAS.EMPTY, 0).exit_reason).toBe(4);
    w.must('RMI_RTT_SET_RIPAS', realm.rd, rec.rec, PAGE, PAGE + GRANULE);
    expect(w.run(rec).gprs.slice(0, 3)).toEqual([OK, PAGE + GRANULE, 0n]);
  }),
  ...(
    [
      ['is-reject', RIPAS.RAM, 0n, 1n],
      ['is-reject-empty', RIPAS.EMPTY, PAGE, 0n],
      ['is-reject-ram', RIPAS.RAM, PAGE, 1n],
    ] as const
  ).map(([id, ripas, base, response]) =>
    scenario(id, SET, `the Host rejects it: response ${response}, and nothing changed`, (w) => {
      const { rec } = running(w);
      w.leave('RSI_IPA_STATE_SET', base, base + GRANULE, ripas, 0);
      expect(w.run(rec, { flags: REJECT }).gprs.slice(0, 3)).toEqual([OK, base, response]);
    }),
  ),
  scenario('is-partial', SET, 'the Host grants half, and rejects the rest or does not', (w) => {
    const { realm, rec } = running(w);
    const middle = PAGE + GRANULE;
    for (const [flags, response] of [
      [0n, 0n],
      [REJECT, 1n],
    ] as const) {
      w.leave('RSI_IPA_STATE_SET', PAGE, PAGE + 2n * GRANULE, RIPAS.RAM, 0);
      w.must('RMI_RTT_SET_RIPAS', realm.rd, rec.rec, PAGE, middle);
      expect(w.run(rec, { flags }).gprs.slice(0, 3)).toEqual([OK, middle, response]);
    }
  }),
  scenario('is-exit', 'A4.3.8', 'base, top and RIPAS, and nothing else', (w) => {
    running(w);
    const exit = w.leave('RSI_IPA_STATE_SET', PAGE, PAGE + 3n * GRANULE, RIPAS.RAM, 1);
    expect(exit).toMatchObject({
      exit_reason: 4,
      esr: 0n,
      far: 0n,
      hpfar: 0n,
      imm: 0,
      gprs: new Array<bigint>(31).fill(0n),
      ripas_base: PAGE,
      ripas_top: PAGE + 3n * GRANULE,
      ripas_value: RIPAS.RAM,
    });
  }),

  answers('hc-align', CALL, 'RSI_HOST_CALL', [PAGE + 1n], [IN]),
  answers('hc-align256', CALL, 'RSI_HOST_CALL', [PAGE + 128n], [IN]),
  answers('hc-bound', CALL, 'RSI_HOST_CALL', [UNPROTECTED], [IN]),
  scenario('hc-ok', CALL, 'the Host answers in gprs[1]', (w) => {
    const { rec } = running(w);
    w.store(PAGE, Uint8Array.of(3, 0));
    expect(w.leave('RSI_HOST_CALL', PAGE)).toMatchObject({ exit_reason: 5, imm: 3 });
    expect(w.run(rec, { gprs: [0n, 0xffn] }).gprs[0]).toBe(OK);
    expect(doublewords(w.load(PAGE + 8n, 16))).toEqual([0n, 0xffn]);
  }),
  scenario('hc-echo', CALL, '31 registers there and back, and the Realm keeps its own', (w) => {
    const { rec } = running(w);
    const there = Array.from({ length: 31 }, (_, n) => 0x1111_0000_0000_0000n + BigInt(n));
    const back = there.map((value) => value ^ 0xffff_0000_0000_0000n);
    w.store(PAGE + 8n, new Uint8Array(new BigUint64Array(there).buffer));
    const { gprs: own = [] } = w.driver.realm() ?? {};
    expect(w.leave('RSI_HOST_CALL', PAGE).gprs).toEqual(there);
    const { gprs } = w.run(rec, { gprs: back });
    expect(doublewords(w.load(PAGE + 8n, 248))).toEqual(back);
    expect(gprs.slice(18)).toEqual(own.slice(18));
  }),

  scenario('un-fid', 'B1.1', 'an RMI command in a Realm is not supported', (w) => {
    running(w);
    expect(w.call('RMI_REALM_CREATE')[0]).toBe(0xffff_ffff_ffff_ffffn);
  }),
  scenario('hvc', 'A4.5', 'HVC is an exception in the Realm, and no exit', (w) => {
    running(w);
    expect(w.driver.realmEvent({ hvc: { imm: 0 } })).toEqual({ kind: 'exception', exception: 'UNDEFINED' });
    expect(w.call('RSI_FEATURES', 0)[0]).toBe(OK);
  }),
  scenario('smccc', 'B1.1', 'SMCCC 1.2, and 1.3 on a machine with SVE', (w) => {
    running(w);
    const reply = w.driver.realmSmc([0x8000_0000n]);
    expect(reply).toMatchObject({ kind: 'return' });
    expect(reply.kind === 'return' && reply.x[0]).toBe(revision(1, 2));
  }),
  scenario(
    'smccc sve',
    'B1.1',
    'SMCCC 1.3 on a machine with SVE',
    (w) => {
      running(w);
      const reply = w.driver.realmSmc([0x8000_0000n]);
      expect(reply.kind === 'return' && reply.x[0]).toBe(revision(1, 3));
    },
    { machine: { sve_vl: 1 } },
  ),
];
