import { RsiHostCall } from '../../src/abi/index.ts';
import type { MachineProfile } from '../../src/machine/index.ts';
import type { Platform } from '../../src/platform/index.ts';
import { RMM_1_0 } from '../../src/rmm/index.ts';
import { Builder } from './builder.ts';
import { DRAM, GRANULE } from './machines.ts';

/** Something that has to hold at the edge of a bound. It throws where it does not. */
export interface EdgeCheck {
  readonly title: string;
  readonly machine: Partial<MachineProfile>;
  run(platform: Platform): void;
}

const SIZE = 64n * GRANULE;
const SMALL: Partial<MachineProfile> = { dram: [{ base: DRAM, size: SIZE }], rec_aux_count: 1 };
const LAST = DRAM + SIZE - GRANULE;

const rsi = (name: string): bigint => BigInt(RMM_1_0.rsi.find((command) => command.name === `RSI_${name}`)?.fid ?? 0);

/** A Realm with pages at 0, and tables in both halves. */
const furnished = (b: Builder, rd?: bigint): bigint => {
  const realm = b.realm(rd === undefined ? {} : { rd });
  b.tables(realm, 2, 0n);
  return realm;
};

/** Every role that a granule can have, as all the commands that take one in it. */
const ROLES: Readonly<Record<string, (b: Builder, at: bigint) => void>> = {
  rd: (b, at) => {
    const rd = b.realm({ rd: b.delegate(at) });
    const rtt = b.delegated();
    b.call('REC_AUX_COUNT', rd);
    b.call('RTT_CREATE', rd, rtt, 0n, 3n);
    b.call('RTT_READ_ENTRY', rd, 0n, 3n);
    b.call('RTT_INIT_RIPAS', rd, 0n, 0x1000n);
    b.call('DATA_CREATE', rd, b.delegated(), 0n, b.page(), 0n);
    b.call('DATA_CREATE_UNKNOWN', rd, b.delegated(), 0x1000n);
    b.call('RTT_MAP_UNPROTECTED', rd, 1n << 31n, 2n, 0n);
    b.call('RTT_UNMAP_UNPROTECTED', rd, 1n << 31n, 2n);
    const rec = b.rec(rd);
    b.call('REALM_ACTIVATE', rd);
    b.enter(rec);
    b.do({ act: 'realm', pe: 0, x: [rsi('IPA_STATE_SET'), 0n, 0x2000n, 1n, 0n] });
    b.call('RTT_SET_RIPAS', rd, rec, 0n, 0x2000n);
    b.call('REC_DESTROY', rec);
    for (const ipa of [0n, 0x1000n]) b.call('DATA_DESTROY', rd, ipa);
    b.call('RTT_DESTROY', rd, 0n, 3n);
    b.call('RTT_CREATE', rd, rtt, 0n, 3n);
    b.call('RTT_FOLD', rd, 0n, 3n);
    b.call('REALM_DESTROY', rd);
  },
  'the parameters of a Realm': (b, at) => void b.realm({ params: at }),
  'the first starting table': (b, at) => void b.realm({ s2sz: 39, level: 1, tables: 1, rtt_base: b.delegate(at) }),
  'a REC': (b, at) => {
    const rd = furnished(b);
    const first = b.rec(rd, { rec: b.delegate(at) });
    const second = b.rec(rd, { index: 1, runnable: false });
    b.call('REALM_ACTIVATE', rd);
    // Each of the two REC inputs of PSCI_COMPLETE in turn.
    b.enter(first);
    b.do({ act: 'realm', pe: 0, x: [0xc400_0003n, 1n, 0n, 0n] });
    b.call('PSCI_COMPLETE', first, second, 0n);
    b.enter(second);
    b.do({ act: 'realm', pe: 0, x: [0xc400_0004n, 0n, 0n] });
    b.call('PSCI_COMPLETE', second, first, 0n);
    b.enter(first);
    b.do({ act: 'realm', pe: 0, x: [rsi('IPA_STATE_SET'), 0n, 0x2000n, 1n, 0n] });
    b.call('RTT_SET_RIPAS', rd, first, 0n, 0x2000n);
    b.call('REC_DESTROY', first);
  },
  'an auxiliary granule': (b, at) => void b.rec(b.realm({}), { aux: [b.delegate(at)] }),
  'the parameters of a REC': (b, at) => void b.rec(b.realm({}), { params: at }),
  'a RecRun structure': (b, at) => {
    const rd = b.realm({});
    const rec = b.rec(rd);
    b.call('REALM_ACTIVATE', rd);
    b.enter(rec, at);
  },
  'an RTT': (b, at) => {
    const rd = b.realm({});
    b.call('RTT_CREATE', rd, b.delegate(at), 0n, 3n);
    b.call('RTT_DESTROY', rd, 0n, 3n);
  },
  DATA: (b, at) => {
    const rd = furnished(b);
    b.call('DATA_CREATE', rd, b.delegate(at), 0n, b.page(), 1n);
    b.call('DATA_DESTROY', rd, 0n);
    b.call('DATA_CREATE_UNKNOWN', rd, at, 0n);
    b.call('DATA_DESTROY', rd, 0n);
    b.call('GRANULE_UNDELEGATE', at);
  },
  'the source of DATA': (b, at) => void b.call('DATA_CREATE', furnished(b), b.delegated(), 0n, at, 1n),
};

const roleChecks: readonly EdgeCheck[] = Object.entries(ROLES).map(([role, use]) => ({
  title: `the last granule of memory can be ${role}`,
  machine: SMALL,
  run: (platform) => use(new Builder(platform), LAST),
}));

const EDGE_48 = 1n << 48n;
const HIGH: Partial<MachineProfile> = {
  pa_width: 52,
  s2sz: 52,
  rec_aux_count: 0,
  dram: [
    { base: DRAM, size: SIZE },
    { base: EDGE_48 - 4n * GRANULE, size: 8n * GRANULE },
  ],
};

/** A call that answers these result registers. */
const answers = (b: Builder, want: readonly bigint[], name: string, ...args: readonly bigint[]): void => {
  const fid = RMM_1_0.rmi.find((command) => command.name === `RMI_${name}`)?.fid ?? 0;
  const reply = b.platform.smc([BigInt(fid), ...args]);
  const got = reply.kind === 'return' ? reply.x : [];
  if (want.some((x, n) => got[n] !== x)) throw new Error(`${name} answers ${got.slice(0, want.length).join(', ')}`);
};

const INPUT = [1n];
const refused = (b: Builder, name: string, ...args: readonly bigint[]): void => answers(b, INPUT, name, ...args);

/** The first address of 49 bits, and the last of 48, for a command that takes a granule there. */
const widthChecks: readonly EdgeCheck[] = (
  [
    ['DATA_CREATE', (at: bigint, b: Builder) => [at, 0n, b.page(), 0n]],
    ['DATA_CREATE_UNKNOWN', (at: bigint) => [at, 0n]],
    ['RTT_CREATE', (at: bigint) => [at, 0x20_0000n, 3n]],
  ] as const
).map(([name, args]) => ({
  title: `RMI_${name} takes granules of 48 bits, and more of them with LPA2 only`,
  machine: HIGH,
  run: (platform) => {
    const b = new Builder(platform);
    const narrow = furnished(b);
    for (const at of [EDGE_48 - GRANULE, EDGE_48]) b.delegate(at);
    refused(b, name, narrow, ...args(EDGE_48, b));
    b.call(name, narrow, ...args(EDGE_48 - GRANULE, b));
    const wide = b.realm({ vmid: 2, flags: 1n });
    b.tables(wide, 2, 0n);
    b.call(name, wide, ...args(EDGE_48, b));
  },
}));

const TOP = 1n << 32n;
const BLOCK = 0x20_0000n;

/** The last range that a table can describe, and the first one beyond. */
const ipaChecks: readonly EdgeCheck[] = [
  {
    title: 'tables describe the IPA space up to its end, and nothing beyond',
    machine: SMALL,
    run: (platform) => {
      const b = new Builder(platform);
      const rd = b.realm({});
      const rtt = b.delegated();
      refused(b, 'RTT_CREATE', rd, rtt, TOP, 3n);
      b.call('RTT_CREATE', rd, rtt, TOP - BLOCK, 3n);
      refused(b, 'RTT_FOLD', rd, TOP, 3n);
      refused(b, 'RTT_DESTROY', rd, TOP, 3n);
      b.call('RTT_FOLD', rd, TOP - BLOCK, 3n);
      b.call('RTT_CREATE', rd, rtt, TOP - BLOCK, 3n);
      b.call('RTT_DESTROY', rd, TOP - BLOCK, 3n);
    },
  },
  {
    title: 'nothing is unmapped at a level above the starting one',
    machine: SMALL,
    run: (platform) => {
      const b = new Builder(platform);
      const rd = b.realm({});
      b.call('RTT_MAP_UNPROTECTED', rd, 1n << 31n, 2n, 0n);
      refused(b, 'RTT_UNMAP_UNPROTECTED', rd, 1n << 31n, 1n);
      refused(b, 'RTT_MAP_UNPROTECTED', rd, 3n << 30n, 1n, 0n);
      b.call('RTT_UNMAP_UNPROTECTED', rd, 1n << 31n, 2n);
    },
  },
];

/** What else a command answers where only one of its conditions looks. */
const answerChecks: readonly EdgeCheck[] = [
  {
    title: 'a table that is in use stands in the way of the next step through the IPA space',
    machine: SMALL,
    run: (platform) => {
      const b = new Builder(platform);
      const rd = b.realm({});
      b.tables(rd, 2, BLOCK);
      b.call('DATA_CREATE_UNKNOWN', rd, b.delegated(), BLOCK);
      // RMI_ERROR_RTT(3); the step ends where it began.
      answers(b, [0x304n, 0n, BLOCK], 'RTT_DESTROY', rd, BLOCK, 3n);
    },
  },
  {
    title: 'a REC of another Realm is refused before the tables of the Realm are looked at',
    machine: SMALL,
    run: (platform) => {
      const b = new Builder(platform);
      const rd = furnished(b);
      const rec = b.rec(rd);
      b.call('REALM_ACTIVATE', rd);
      b.enter(rec);
      b.do({ act: 'realm', pe: 0, x: [rsi('IPA_STATE_SET'), GRANULE, 2n * GRANULE, 1n, 0n] });
      const other = b.realm({ vmid: 2 });
      // There, no entry begins at this address: RMI_ERROR_RTT(2) would say so. RMI_ERROR_REC comes first.
      answers(b, [3n], 'RTT_SET_RIPAS', other, rec, GRANULE, 2n * GRANULE);
      b.call('RTT_SET_RIPAS', rd, rec, GRANULE, 2n * GRANULE);
    },
  },
];

const LAST_PAGE = (1n << 31n) - GRANULE;

/** A Realm that runs and has one page, the last of its Protected IPAs. */
const running = (b: Builder): void => {
  const rd = b.realm({});
  b.tables(rd, 2, LAST_PAGE);
  const src = b.write(b.page(), RsiHostCall.encode({ imm: 1 }));
  b.call('DATA_CREATE', rd, b.delegated(), LAST_PAGE, src, 0n);
  const rec = b.rec(rd);
  b.call('REALM_ACTIVATE', rd);
  b.enter(rec);
};

const bufferChecks: readonly EdgeCheck[] = (
  [
    ['REALM_CONFIG', (at: bigint) => [at], 'return'],
    ['HOST_CALL', (at: bigint) => [at], 'exit'],
    ['ATTESTATION_TOKEN_CONTINUE', (at: bigint) => [at, 0n, 0x1000n], 'return'],
  ] as const
).map(([name, args, comesTo]) => ({
  title: `RSI_${name} reaches the last Protected page, and not the first Unprotected one`,
  machine: SMALL,
  run: (platform) => {
    running(new Builder(platform));
    platform.realmSmc([rsi('ATTESTATION_TOKEN_INIT')]);
    const beyond = platform.realmSmc([rsi(name), ...args(LAST_PAGE + GRANULE)]);
    if (beyond.kind !== 'return' || beyond.x[0] !== 1n) throw new Error(`${name} takes an Unprotected IPA`);
    const reply = platform.realmSmc([rsi(name), ...args(LAST_PAGE)]);
    if (reply.kind !== comesTo || !('x' in reply) || reply.x[0] !== 0n)
      throw new Error(`${name} refuses the last page`);
  },
}));

/** Both sides of each bound that addresses have. */
export const EDGE_CHECKS: readonly EdgeCheck[] = [
  ...roleChecks,
  ...widthChecks,
  ...ipaChecks,
  ...answerChecks,
  ...bufferChecks,
];
