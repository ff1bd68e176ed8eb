import { describe, expect, test } from 'vitest';
import { GPRS, MAILBOX_SIZE, readTrap, SLOT, slotOf, writeTrap } from '../../src/linux/mailbox.ts';
import { MAX_CPUS, monitorMemory, RAM_BASE } from '../../src/linux/memory-map.ts';
import { monitorCode } from '../../src/linux/monitor.ts';

const memory = monitorMemory(512n << 20n);
const code = monitorCode(memory);
const words = new Uint32Array(code.buffer);

describe('the monitor', () => {
  test('fits its place, and is the same each time', () => {
    expect(BigInt(code.length)).toBeLessThanOrEqual(memory.lock - memory.code);
    expect(monitorCode(memory)).toEqual(code);
  });

  test('has 16 vectors, each of which saves two registers and says which it is', () => {
    for (let n = 0; n < 16; n += 1) {
      const at = (0x800 + n * 0x80) / 4;
      expect(words[at]).toBe(0xa90007e0); // stp x0, x1, [sp]
      expect(words[at + 1]).toBe((0xd2800001 | ((n * 0x80) << 5)) >>> 0); // mov x1, #n * 0x80
      expect((words[at + 2] ?? 0) >>> 26).toBe(5); // b
    }
  });

  test('ends with the only return to its guest', () => {
    const returns = [...words.keys()].filter((n) => words[n] === 0xd69f03e0);
    expect(returns).toEqual([words.length - 1]);
  });

  test('asks QEMU twice for each trap: a byte out, a byte in', () => {
    expect(words.filter((word) => word === 0xd45e0000)).toHaveLength(2);
  });

  test('lives behind the RAM of the Realm, page by page', () => {
    const { code: start, lock, mailboxes, tables, ramSize } = memory;
    expect(start).toBe(RAM_BASE + (512n << 20n));
    expect(tables - mailboxes).toBe(BigInt(MAX_CPUS) << 12n);
    for (const place of [start, lock, mailboxes, tables]) expect(place % 0x1000n).toBe(0n);
    expect(ramSize % 0x20_0000n).toBe(0n);
    expect(RAM_BASE + ramSize).toBeGreaterThan(tables);
  });
});

describe('a mailbox', () => {
  const mailbox = Uint8Array.from({ length: MAILBOX_SIZE }, (_, n) => (n * 37) & 0xff);

  test('is read and written as the monitor stores it', () => {
    const view = new DataView(mailbox.buffer);
    const trap = readTrap(mailbox);
    expect(trap.gprs).toHaveLength(GPRS);
    expect(trap.gprs[30]).toBe(view.getBigUint64(8 * 30, true));
    expect(trap.system.ELR_EL2).toBe(view.getBigUint64(8 * 31, true));
    expect(trap.system.FAR_EL1).toBe(view.getBigUint64(8 * slotOf('FAR_EL1'), true));
    const untouched = 8 * SLOT.invalidate;
    const answer = writeTrap(mailbox, trap, { invalidate: false });
    expect(answer.subarray(0, untouched)).toEqual(mailbox.subarray(0, untouched));
    expect(answer.subarray(untouched)).toEqual(new Uint8Array(MAILBOX_SIZE - untouched));
  });

  test('carries an answer, and what the machine is asked', () => {
    const trap = readTrap(mailbox);
    trap.gprs[0] = -1n;
    trap.system.ELR_EL2 = 0x1234n;
    const view = new DataView(
      writeTrap(mailbox, trap, { invalidate: true, firmware: [0xc400_0003n, 1n, 0x4000n] }).buffer,
    );
    const slots = [0, 31, SLOT.invalidate, ...[0, 1, 2, 3].map((n) => SLOT.firmware + n)];
    expect(slots.map((n) => view.getBigUint64(8 * n, true))).toEqual([
      0xffff_ffff_ffff_ffffn,
      0x1234n,
      1n,
      0xc400_0003n,
      1n,
      0x4000n,
      0n,
    ]);
  });
});
