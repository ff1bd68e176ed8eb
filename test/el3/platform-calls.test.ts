import { describe, expect, test } from 'vitest';
import { E_RMM, type ERmm } from '../../src/abi/index.ts';
import { createEl3, DEFAULT_EL3_CONFIG, type El3Config, el3ConfigProblems } from '../../src/el3/index.ts';
import { machineProfile, PhysicalMemory } from '../../src/machine/index.ts';
import { FakeHes, setUp, x0 } from './support.ts';

const UNK = [x0('E_RMM_UNK')];

describe('RMM_MEC_REFRESH', () => {
  const mecid = (id: bigint): bigint => id << 32n;

  test.each<[string, bigint, ERmm]>([
    ['a Realm is created', mecid(3n), 'E_RMM_OK'],
    ['a Realm is destroyed', mecid(3n) | 1n, 'E_RMM_OK'],
    ['the widest MECID', mecid(0xffn), 'E_RMM_OK'],
    ['a MECID that is too wide', mecid(0x100n), 'E_RMM_INVAL'],
    ['bits above the MECID', 1n << 48n, 'E_RMM_INVAL'],
    ['bits beside the reason', mecid(3n) | 2n, 'E_RMM_INVAL'],
  ])('%s', (_, x1, status) => {
    expect(setUp({ mecidWidth: 8 }).smc('RMM_MEC_REFRESH', x1)).toEqual([x0(status)]);
  });

  test('has the MECID at the bottom of X1 before interface 0.8, and no reason', () => {
    const { smc } = setUp({ mecidWidth: 8, interfaceVersion: '0.7' });
    expect(smc('RMM_MEC_REFRESH', 0xffn)).toEqual([0n]);
    expect(smc('RMM_MEC_REFRESH', 0x100n)).toEqual([x0('E_RMM_INVAL')]);
    expect(smc('RMM_MEC_REFRESH', mecid(3n))).toEqual([x0('E_RMM_INVAL')]);
  });

  test('is unknown without memory encryption contexts, and before interface 0.5', () => {
    expect(setUp().smc('RMM_MEC_REFRESH', 0n)).toEqual(UNK);
    expect(setUp({ mecidWidth: 8, interfaceVersion: '0.4' }).smc('RMM_MEC_REFRESH', 0n)).toEqual(UNK);
  });
});

describe('IDE keys', () => {
  const ECAM = 0x4000_0000n;
  const STREAM = 0x1205n;
  const prog = (stream = STREAM, id = 0n, cookie = 0n) =>
    ['RMM_IDE_KEY_PROG', ECAM, 1n, stream, 1n, 2n, 3n, 4n, 5n, 6n, id, cookie] as const;
  const go = (id = 0n, cookie = 0n) => ['RMM_IDE_KEY_SET_GO', ECAM, 1n, STREAM, id, cookie] as const;
  const stop = () => ['RMM_IDE_KEY_SET_STOP', ECAM, 1n, STREAM] as const;
  const pull = () => ['RMM_IDE_KM_PULL_RESPONSE', ECAM, 1n] as const;

  test('of a blocking platform are programmed, go and stop, and nothing else', () => {
    const { smc } = setUp({ ide: 'blocking' });
    const fault = [x0('E_RMM_FAULT')];
    expect([smc(...go()), smc(...stop())]).toEqual([fault, fault]);
    expect([smc(...prog()), smc(...go()), smc(...stop()), smc(...stop())]).toEqual([[0n], [0n], [0n], fault]);
    expect(smc(...pull())).toEqual(UNK);
  });

  test('of another platform are under way until they are pulled, with what the request brought', () => {
    const { smc } = setUp({ ide: 'non-blocking' });
    expect(smc(...pull())).toEqual([x0('E_RMM_AGAIN')]);
    expect(smc(...prog(STREAM, 7n, 8n))).toEqual([x0('E_RMM_IN_PROGRESS')]);
    expect(smc(...go())).toEqual([x0('E_RMM_AGAIN')]);
    expect(smc(...pull())).toEqual([0n, 0n, 7n, 8n]);
    expect(smc(...stop())).toEqual([x0('E_RMM_IN_PROGRESS')]);
    expect(smc(...pull())).toEqual([0n, x0('E_RMM_FAULT'), 0n, 0n]);
  });

  test.each([0x20n, 0x305n, 0x720n])('refuse stream %s', (stream) => {
    expect(setUp({ ide: 'blocking' }).smc(...prog(stream))).toEqual([x0('E_RMM_INVAL')]);
  });

  test('are unknown without root ports, and before interface 0.6', () => {
    expect(setUp().smc(...prog())).toEqual(UNK);
    expect(setUp({ ide: 'blocking', interfaceVersion: '0.5' }).smc(...prog())).toEqual(UNK);
  });
});

describe('RMM_RESERVE_MEMORY', () => {
  const aligned = (bits: number): bigint => BigInt(bits) << 56n;

  test('gives memory of the Realm world that no Host can delegate, each byte once', () => {
    const { smc, memory, page } = setUp({ reserve: 0x3000 });
    const [first, a = 0n] = smc('RMM_RESERVE_MEMORY', 100n, aligned(12));
    const [second, b = 0n] = smc('RMM_RESERVE_MEMORY', 0x1000n, aligned(12) | 1n);
    expect([first, second, b - a, a === page]).toEqual([0n, 0n, 0x1000n, false]);
    expect([memory.gpt(a), memory.gpt(b)]).toEqual(['GPT_REALM', 'GPT_REALM']);
    expect(smc('RMM_GTSI_UNDELEGATE', a)).toEqual([x0('E_RMM_BAD_ADDR')]);
    expect(smc('RMM_RESERVE_MEMORY', 0x1001n, aligned(12))).toEqual([x0('E_RMM_NOMEM'), 0n]);
    expect(smc('RMM_RESERVE_MEMORY', 0x1000n, aligned(0))[0]).toBe(0n);
    expect(smc('RMM_RESERVE_MEMORY', 1n, aligned(0))).toEqual([x0('E_RMM_NOMEM'), 0n]);
  });

  test.each([2n, 1n << 31n, 1n << 55n])('refuses flags %s', (flags) => {
    expect(setUp({ reserve: 0x1000 }).smc('RMM_RESERVE_MEMORY', 1n, flags)).toEqual([x0('E_RMM_INVAL'), 0n]);
  });

  test('has none by default, and is unknown before interface 0.7', () => {
    expect(setUp().smc('RMM_RESERVE_MEMORY', 1n, 0n)).toEqual([x0('E_RMM_NOMEM'), 0n]);
    expect(setUp({ reserve: 0x1000, interfaceVersion: '0.6' }).smc('RMM_RESERVE_MEMORY', 1n, 0n)).toEqual(UNK);
  });

  test('survives any size and alignment', () => {
    const { smc } = setUp({ reserve: 0x1000 });
    const most = (1n << 64n) - 1n;
    expect(smc('RMM_RESERVE_MEMORY', most, aligned(255))[0]).toBe(x0('E_RMM_NOMEM'));
    expect(smc('RMM_RESERVE_MEMORY', most, aligned(0))[0]).toBe(x0('E_RMM_NOMEM'));
  });

  test('has none on a machine whose regions leave no room', () => {
    const dram = [{ base: 0x2000n, size: (1n << 32n) - 0x2000n }];
    const memory = new PhysicalMemory(machineProfile({ pa_width: 32, dram, device: [], secure: [] }));
    const el3 = createEl3({ memory, hes: new FakeHes(), config: { reserve: 0x10_0000 } });
    expect(el3.rmmSmc([0xc400_01bbn, 1n, 0n])).toEqual([x0('E_RMM_NOMEM'), 0n]);
  });
});

test('every status that EL3 has is one that some call answers', () => {
  const seen = new Set<bigint>();
  const ask = (config: Partial<El3Config>, ...x: readonly bigint[][]): void => {
    const { el3 } = setUp(config);
    for (const registers of x) seen.add(el3.rmmSmc(registers)[0] ?? 0n);
  };
  ask({}, [0n], [0xc400_01b0n, 1n], [0xc400_01b1n, 0x8000_0000n], [0xc400_01b0n, 0x8000_0000n], [0xc400_01bbn, 1n]);
  ask({}, [0xc400_01b4n, 1n]);
  ask({ ide: 'non-blocking' }, [0xc400_01b7n], [0xc400_01b7n]);
  ask({ ide: 'blocking' }, [0xc400_01b8n]);
  expect([...seen].sort()).toEqual((Object.keys(E_RMM) as ERmm[]).map(x0).sort());
});

test('boot that stops before the RMM leaves nobody to answer', () => {
  const { el3 } = setUp();
  el3.abandonRmm();
  expect(el3.hostSmc([0xc400_0150n])).toEqual({ to: 'host', x: UNK });
});

test.each<[string, Partial<El3Config>]>([
  ['no hunks', { hunks: 0 }],
  ['hunks beyond the page', { hunks: 4097 }],
  ['half a hunk', { hunks: 0.5 }],
  ['no CPU', { cpus: 0 }],
  ['a queue for nothing', { signQueue: 0 }],
  ['a latency that is no number', { signLatency: Number.NaN }],
  ['a MECID of 17 bits', { mecidWidth: 17 }],
  ['a reserve below nothing', { reserve: -1 }],
])('a config with %s is a mistake of the caller', (_, config) => {
  expect(el3ConfigProblems({ ...DEFAULT_EL3_CONFIG, ...config })).toHaveLength(1);
  expect(() => setUp(config)).toThrow(/EL3/);
});
