import { describe, expect, test } from 'vitest';
import { DEVICES, type MonitorMemory, monitorMemory, RAM_BASE, UNPROTECTED } from '../../src/linux/memory-map.ts';
import { createStage2, type Stage2 } from '../../src/linux/stage2.ts';

const SIZE = 64n << 20n;

/** What a walk of the tables in memory finds at an IPA: 33 bits, from level 1, granules of 4 KiB. */
interface Found {
  readonly pa: bigint;
  readonly executable: boolean;
  readonly normal: boolean;
}

const setUp = (size = SIZE): { stage2: Stage2; monitor: MonitorMemory; walk: (ipa: bigint) => Found | undefined } => {
  const monitor = monitorMemory(size);
  const ram = new Map<bigint, Uint8Array>();
  const stage2 = createStage2(monitor, size, (pa, bytes) => ram.set(pa, bytes.slice()));
  const entry = (table: bigint, index: bigint): bigint =>
    new DataView((ram.get(table) ?? new Uint8Array(4096)).buffer).getBigUint64(Number(index) * 8, true);
  const walk = (ipa: bigint): Found | undefined => {
    let table = monitor.tables;
    for (const shift of [30n, 21n, 12n]) {
      const found = entry(table, (ipa >> shift) & (shift === 30n ? 7n : 511n));
      if ((found & 3n) !== 3n) return undefined;
      table = found & 0xffff_ffff_f000n;
      if (shift > 12n) continue;
      return {
        pa: table + (ipa & 0xfffn),
        executable: ((found >> 53n) & 3n) === 0n,
        normal: ((found >> 2n) & 15n) === 15n,
      };
    }
    return undefined;
  };
  return { stage2, monitor, walk };
};

describe('stage 2', () => {
  test('maps RAM to itself in the Protected half, and nowhere in the other', () => {
    const { walk } = setUp();
    for (const ipa of [RAM_BASE, RAM_BASE + 0x12_3456n, RAM_BASE + SIZE - 1n]) {
      expect(walk(ipa)).toEqual({ pa: ipa, executable: true, normal: true });
      expect(walk(UNPROTECTED + ipa)).toBeUndefined();
    }
  });

  test('maps devices in the Unprotected half alone, never to be executed', () => {
    const { walk } = setUp();
    for (const { base, size } of Object.values(DEVICES)) {
      for (const pa of [base, base + size - 1n]) {
        expect(walk(UNPROTECTED + pa)).toEqual({ pa, executable: false, normal: false });
        expect(walk(pa)).toBeUndefined();
      }
    }
    for (const other of [0n, 0x0801_0000n, 0x0901_0000n, 0x0a00_0000n]) {
      expect(walk(UNPROTECTED + other)).toBeUndefined();
    }
  });

  test('hides the monitor, and what is no memory', () => {
    const { walk, monitor } = setUp();
    for (const pa of [monitor.code, monitor.mailboxes, monitor.tables, RAM_BASE - 1n, RAM_BASE + monitor.ramSize]) {
      expect(walk(pa)).toBeUndefined();
      expect(walk(UNPROTECTED + pa)).toBeUndefined();
    }
  });

  test('moves pages to the other half and back, and says so once', () => {
    const { stage2, walk } = setUp();
    expect(stage2.takeChanged()).toBe(false);
    const range = { base: RAM_BASE + 0x1f_f000n, size: 0x2000n };
    stage2.move(range, 'unprotected');
    expect(stage2.takeChanged()).toBe(true);
    expect(stage2.takeChanged()).toBe(false);
    for (const ipa of [range.base, range.base + 0x1000n]) {
      expect(walk(ipa)).toBeUndefined();
      expect(walk(UNPROTECTED + ipa)).toEqual({ pa: ipa, executable: false, normal: true });
    }
    for (const ipa of [range.base - 1n, range.base + range.size]) {
      expect(walk(ipa)?.pa).toBe(ipa);
      expect(walk(UNPROTECTED + ipa)).toBeUndefined();
    }
    stage2.move(range, 'protected');
    expect(walk(range.base)).toEqual({ pa: range.base, executable: true, normal: true });
    expect(walk(UNPROTECTED + range.base)).toBeUndefined();
  });

  test('never gives a Realm what lies behind its RAM', () => {
    const { stage2, walk } = setUp();
    stage2.move({ base: RAM_BASE + SIZE, size: 0x10_0000n }, 'unprotected');
    expect(stage2.takeChanged()).toBe(false);
    stage2.move({ base: RAM_BASE + SIZE - 0x1000n, size: 0x2000n }, 'unprotected');
    const last = RAM_BASE + SIZE - 0x1000n;
    expect(walk(UNPROTECTED + last)).toEqual({ pa: last, executable: false, normal: true });
    expect(walk(UNPROTECTED + RAM_BASE + SIZE)).toBeUndefined();
  });

  test('has room for its tables with the most memory', () => {
    const size = 2048n << 20n;
    const { stage2, walk } = setUp(size);
    stage2.move({ base: RAM_BASE, size }, 'unprotected');
    const last = RAM_BASE + size - 1n;
    expect([walk(last), walk(UNPROTECTED + last)?.pa]).toEqual([undefined, last]);
  });
});
