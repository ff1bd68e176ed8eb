import { decodeRmiResult, RMI_RIPAS, RMI_RTT_ENTRY_STATE, RsiHostCall } from '../../../src/abi/index.ts';
import { toHex } from '../../../src/bytes/index.ts';
import { replayLibrary } from '../../support/observed.ts';
import type { Bench, Exit, Regs } from './bench.ts';
import { UNPROTECTED } from './row.ts';
import { fullTable } from './rtts.ts';

/** A sequence, and what was looked at along it. */
export type Effect = readonly [n: number, title: string, play: (b: Bench) => unknown];

const PAGE = 0x1000n;
const EMPTY_PAGE = 0x8000n;
const BLOCK = 0x20_0000n;
const BUFFER = 0x2000n;
const SHARED = 0x8300_0000n;

const hex = (value: bigint): string => `0x${value.toString(16)}`;
const nameOf = (names: Readonly<Record<string, number>>, value: bigint | undefined): string | undefined =>
  Object.keys(names).find((name) => BigInt(names[name]!) === value);

const statusOf = (x0: bigint): string => {
  const result = decodeRmiResult(x0);
  if (result === undefined) return hex(x0);
  return result.status === 'RMI_ERROR_RTT' ? `${result.status}:${result.index}` : result.status;
};

/** Status, and X1 to X4 where they are not zero: the recording has null for a register that was not written. */
const call = ([x0 = 0n, ...rest]: Regs): unknown => [
  statusOf(x0),
  ...rest.slice(0, 4).map((value) => (value === 0n ? null : hex(value))),
];

/** The same, of a command with more arguments than results: X4 still has the last of them. */
const silent = (x: Regs): unknown => call(x.slice(0, 4).concat(0n));

const entry = (b: Bench, ipa: bigint, level = 3n): unknown => {
  const [x0 = 0n, at, state, desc = 0n, ripas] = b.rmi('RMI_RTT_READ_ENTRY', b.rd, ipa, level);
  return {
    status: statusOf(x0),
    level: Number(at),
    state: nameOf(RMI_RTT_ENTRY_STATE, state),
    desc: hex(desc),
    ripas: nameOf(RMI_RIPAS, ripas),
  };
};

/** State of a granule, and what its counter counts: RECs of an RD, live entries of a table. */
const granule = ({ state }: Bench, pa: bigint): unknown => {
  const kind = state.granule(pa);
  if (kind === 'RD') return [kind, state.recsOf(pa).length];
  if (kind !== 'RTT') return [kind, 0];
  const live = state.rtt(pa).entries.filter((each) => !each.state.startsWith('UNASSIGNED'));
  return [kind, live.length];
};

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);
const wiped = (b: Bench, ...pas: bigint[]): boolean => pas.every((pa) => isZero(b.platform.memory.read(pa, 0x1000)));
const regs = (x: Regs | Exit, n: number): unknown => (x as Regs).slice(0, n).map(hex);

const destroyData = (b: Bench, ipa: bigint) => b.rmi('RMI_DATA_DESTROY', b.rd, ipa);
const measured = (b: Bench, ipa: bigint) => b.data(ipa, 2, 3);
const destroyTable = (b: Bench, ipa: bigint) => b.rmi('RMI_RTT_DESTROY', b.rd, ipa, 3n);
const fold = (b: Bench, ipa: bigint) => b.rmi('RMI_RTT_FOLD', b.rd, ipa, 3n);
const map = (b: Bench, ipa: bigint, level: bigint, desc: bigint) =>
  b.rmi('RMI_RTT_MAP_UNPROTECTED', b.rd, ipa, level, desc);
const setRipas = (b: Bench, base: bigint, top: bigint) => b.rmi('RMI_RTT_SET_RIPAS', b.rd, b.rec, base, top);

const token = (b: Bench, size: bigint, offset = 0n) =>
  b.realm('RSI_ATTESTATION_TOKEN_CONTINUE', BUFFER, offset, size) as Regs;
const init = (b: Bench) => b.realm('RSI_ATTESTATION_TOKEN_INIT', 1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n);
const extend = (b: Bench) => b.realm('RSI_MEASUREMENT_EXTEND', 1n, 32n, 1n, 2n, 3n, 4n, 0n, 0n, 0n, 0n, 0n, 0n);

export const effects: readonly Effect[] = [
  [
    1,
    'DATA_CREATE where RIPAS is EMPTY',
    (b) => {
      b.must(measured(b.fresh(), EMPTY_PAGE));
      return [entry(b, EMPTY_PAGE)];
    },
  ],
  [
    2,
    'DATA_CREATE_UNKNOWN where RIPAS is EMPTY',
    (b) => {
      b.must(b.std().unknown(EMPTY_PAGE, 'data'));
      return [entry(b, EMPTY_PAGE)];
    },
  ],
  [
    3,
    'DATA_CREATE_UNKNOWN where RIPAS is RAM',
    (b) => {
      b.must(b.std().unknown(PAGE, 'data'));
      return [entry(b, PAGE)];
    },
  ],
  [
    4,
    'DATA_DESTROY of RAM',
    (b) => {
      b.std().names.set('page0', b.pa('data'));
      return [call(destroyData(b, 0n)), entry(b, 0n)];
    },
  ],
  [
    5,
    'DATA_DESTROY of EMPTY',
    (b) => {
      b.must(b.std().unknown(EMPTY_PAGE, 'data'));
      return [call(destroyData(b, EMPTY_PAGE)), entry(b, EMPTY_PAGE)];
    },
  ],
  [
    6,
    'DATA_CREATE_UNKNOWN where RIPAS is DESTROYED',
    (b) => {
      b.std().names.set('page0', b.pa('data'));
      return [call(destroyData(b, 0n)), silent(b.unknown(0n, 'data')), entry(b, 0n)];
    },
  ],
  [
    7,
    'DATA_CREATE where RIPAS is DESTROYED',
    (b) => {
      b.fresh().names.set('page0', b.pa('data'));
      return [call(destroyData(b, 0n)), silent(measured(b, 0n)), entry(b, 0n)];
    },
  ],
  [
    8,
    'what was DATA is wiped',
    (b) => {
      b.std().names.set('page0', b.pa('data'));
      return [call(destroyData(b, 0n)), granule(b, b.pa('page0')), wiped(b, b.pa('page0'))];
    },
  ],
  [
    9,
    'what is delegated is wiped',
    (b) => {
      const pa = b.filled(7, 5);
      return [call(b.rmi('RMI_GRANULE_DELEGATE', pa)), granule(b, pa), wiped(b, pa)];
    },
  ],
  [
    10,
    'RTT_DESTROY of an empty table',
    (b) => {
      b.std().table(BLOCK, 3, 'table');
      return [call(destroyTable(b, BLOCK)), entry(b, BLOCK, 2n), granule(b, b.pa('table'))];
    },
  ],
  [
    11,
    'RTT_FOLD of an empty table',
    (b) => {
      b.std().table(BLOCK, 3, 'table');
      return [entry(b, BLOCK, 2n), call(fold(b, BLOCK)), entry(b, BLOCK, 2n), granule(b, b.pa('table'))];
    },
  ],
  [
    12,
    'a block of DATA, folded and taken apart',
    (b) => {
      b.fresh().table(BLOCK, 3, 'table');
      b.must(b.initRipas(BLOCK, 2n * BLOCK));
      fullTable(b, BLOCK);
      b.names.set('block+0x1000', b.pa('block') + PAGE);
      return [
        granule(b, b.pa('table')),
        call(fold(b, BLOCK)),
        entry(b, BLOCK, 2n),
        call(destroyData(b, BLOCK)),
        silent(b.rmi('RMI_RTT_CREATE', b.rd, b.delegated(), BLOCK, 3n)),
        entry(b, BLOCK + PAGE),
        call(destroyData(b, BLOCK)),
      ];
    },
  ],
  [
    13,
    'an Unprotected page',
    (b) => {
      b.std().table(UNPROTECTED, 2).table(UNPROTECTED, 3);
      return [
        entry(b, UNPROTECTED),
        silent(map(b, UNPROTECTED, 3n, SHARED | (7n << 2n) | (3n << 6n))),
        entry(b, UNPROTECTED),
        call(b.rmi('RMI_RTT_UNMAP_UNPROTECTED', b.rd, UNPROTECTED, 3n)),
        entry(b, UNPROTECTED),
      ];
    },
  ],
  [
    14,
    'an Unprotected block, taken apart and its table destroyed',
    (b) => [
      silent(map(b.std().table(UNPROTECTED, 2), UNPROTECTED, 2n, SHARED)),
      entry(b, UNPROTECTED, 2n),
      entry(b, UNPROTECTED, 3n),
      silent(b.rmi('RMI_RTT_CREATE', b.rd, b.delegated('table'), UNPROTECTED, 3n)),
      entry(b, UNPROTECTED + PAGE),
      call(destroyTable(b, UNPROTECTED)),
      entry(b, UNPROTECTED, 2n),
    ],
  ],
  [
    15,
    'half of a change of RIPAS',
    (b) => {
      b.std().enter().realm('RSI_IPA_STATE_SET', EMPTY_PAGE, 0xc000n, 1n, 0n);
      return [
        silent(b.left),
        silent(setRipas(b, EMPTY_PAGE, 0xa000n)),
        entry(b, EMPTY_PAGE),
        entry(b, 0xa000n),
        regs(b.registers(), 4),
        silent(b.interrupt()),
        silent(setRipas(b, 0xa000n, 0xc000n)),
      ];
    },
  ],
  [
    16,
    'a change of RIPAS over a DESTROYED page',
    (b) => {
      b.must(destroyData(b.std(), 0n));
      const found = regs(b.enter().realm('RSI_IPA_STATE_GET', 0n, 0x4000n), 3);
      b.realm('RSI_IPA_STATE_SET', 0n, 0x2000n, 0n, 0n);
      return [found, silent(setRipas(b, 0n, 0x2000n)), [entry(b, 0n), entry(b, PAGE)], regs(b.registers(), 4)];
    },
  ],
  [
    17,
    'the page of RSI_REALM_CONFIG',
    (b) => {
      b.std().enter().realm('RSI_REALM_CONFIG', BUFFER);
      const page = b.platform.memory.read(b.pa('unknown'), 0x1000);
      const others = [page.subarray(16, 0x200), page.subarray(0x240)];
      return {
        first16: toHex(page.subarray(0, 16)),
        rpv: toHex(page.subarray(0x200, 0x240)),
        rest_zero: others.every(isZero),
      };
    },
  ],
  [
    18,
    'a host call',
    (b) => {
      const ask = new Uint8Array(0x100).fill(0xff);
      ask.set([0x34, 0x12, 0, 0]);
      const from = (first: bigint) => Array.from({ length: 31 }, (_, i) => first + BigInt(i));
      ask.set(RsiHostCall.encode({ gprs: from(100n) }).subarray(8), 8);
      b.std().enter().platform.realmAccess({ access: 'write', ipa: BUFFER, bytes: ask });
      const { reason, imm, gprs } = b.realm('RSI_HOST_CALL', BUFFER) as Exit;
      const answered = regs(b.registers({ gprs: from(200n) }), 4);
      return [
        silent(b.left),
        { exit_reason: reason, imm, gprs: gprs.map(Number) },
        answered,
        toHex(b.platform.memory.read(b.pa('unknown'), 40)),
      ];
    },
  ],
  [
    19,
    'what a Realm leaves',
    (b) => {
      const before = granule(b.root(), b.rd);
      const after = call(b.rmi('RMI_REALM_DESTROY', b.rd));
      const [rd, root] = [b.rd, b.pa('root')];
      return [before, after, granule(b, rd), granule(b, root), wiped(b, rd, root)];
    },
  ],
  [
    20,
    'granules of a Realm',
    (b) => {
      const { rd } = b.std();
      const others = ['root', 'level2', 'table', 'data', 'rec'].map((name) => granule(b, b.pa(name)));
      return [granule(b, rd), ...others];
    },
  ],
  [
    21,
    'an extension between INIT and CONTINUE',
    (b) => {
      init(b.std().enter());
      extend(b);
      const [, length = 0n] = token(b, PAGE);
      const written = b.platform.memory.read(b.pa('unknown'), Number(length));
      const rems = replayLibrary().splitToken(written)?.claims.get(44239) as readonly Uint8Array[];
      return {
        rem0_in_token: toHex(rems[0]!),
        rem0_now: toHex(b.state.realm(b.rd).measurements[1]!.subarray(0, 32)),
      };
    },
  ],
  [
    22,
    'registers of a token',
    (b) => [regs(init(b.std().enter()), 10), regs(token(b, 300n), 6), regs(token(b, 0n), 6), regs(token(b, PAGE), 6)],
  ],
  [
    23,
    'registers of a measurement',
    (b) => {
      const extended = regs(extend(b.std().enter()), 12);
      const others = [20n, 21n, 22n, 23n, 24n, 25n, 26n];
      return [extended, regs(b.realm('RSI_MEASUREMENT_READ', 1n, ...others, 0x1bn, 0x1cn, 0x1dn), 12)];
    },
  ],
  [
    24,
    'interrupts while a token is signed',
    (b) => {
      init(b.std().enter());
      let exits = 0;
      let reason = 0;
      for (;;) {
        b.platform.interrupt('IRQ', { polls: 1 });
        const after = b.realm('RSI_ATTESTATION_TOKEN_CONTINUE', BUFFER, 0n, PAGE);
        if ('reason' in after) {
          exits += 1;
          reason = after.reason;
          b.enter();
        } else return { irq_exits_until_done: exits, final: regs(after, 3), exit_reason: reason };
      }
    },
  ],
];
