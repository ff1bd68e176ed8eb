import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  contains,
  type GptEntry,
  GRANULE_SIZE,
  gptAllows,
  granuleIndex,
  machineProfile,
  type PageBacking,
  type Pas,
  PhysicalMemory,
  type Region,
} from '../../src/machine/index.ts';

const profile = machineProfile({
  pa_width: 52,
  dram: [
    { base: 0x8000_0000n, size: 0x10_0000n },
    { base: 1n << 51n, size: 0x1_0000n },
  ],
  secure: [{ base: 0x6000_0000n, size: 0x2000n }],
  device: [{ base: 0x0900_0000n, size: 0x1000n }],
});
const GRANULE = BigInt(GRANULE_SIZE);
const anyAddress = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
/** Addresses beside the edges of every region, and any others. */
const edges = [...profile.dram, ...profile.secure, ...profile.device].flatMap(({ base, size }) => [base, base + size]);
const address = fc.oneof(
  anyAddress,
  fc.tuple(fc.constantFrom(...edges), fc.integer({ min: -4097, max: 4097 })).map(([at, by]) => at + BigInt(by)),
);

describe('the granule that holds an address', () => {
  test('is exact for any 64 bits', () => {
    fc.assert(
      fc.property(address, (pa) => {
        expect(granuleIndex(pa)).toBe(Number(pa / GRANULE));
      }),
    );
    expect(granuleIndex((1n << 64n) - 1n)).toBe(2 ** 52 - 1);
  });
});

describe('the granule protection table', () => {
  const expected = (pa: bigint): GptEntry => {
    const inside = (regions: readonly Region[]): boolean => regions.some((region) => contains(region, pa));
    if (inside(profile.secure)) return 'GPT_SECURE';
    return inside(profile.dram) || inside(profile.device) ? 'GPT_NS' : 'GPT_ROOT';
  };

  test('starts as the profile says, and is Root wherever there is nothing', () => {
    const memory = new PhysicalMemory(profile);
    fc.assert(
      fc.property(address, (pa) => {
        expect(memory.gpt(pa)).toBe(expected(pa));
        expect(memory.isDram(pa)).toBe(profile.dram.some((region) => contains(region, pa)));
      }),
    );
  });

  test('changes for the whole granule, and for no other', () => {
    const memory = new PhysicalMemory(profile);
    memory.setGpt(0x8000_1abcn, 'GPT_REALM');
    expect([0x8000_0fffn, 0x8000_1000n, 0x8000_1fffn, 0x8000_2000n].map((pa) => memory.gpt(pa))).toEqual([
      'GPT_NS',
      'GPT_REALM',
      'GPT_REALM',
      'GPT_NS',
    ]);
  });

  test('permits a range when it permits each granule of it, also at the end of 64 bits', () => {
    const memory = new PhysicalMemory(profile);
    memory.setGpt(0x8000_2000n, 'GPT_REALM');
    memory.setGpt(0x8000_3000n, 'GPT_AAP');
    const pas = fc.constantFrom<Pas>('NS', 'REALM', 'SECURE', 'ROOT');
    const place = fc.oneof(address, fc.bigInt({ min: 0x8000_0000n, max: 0x8000_5000n }));
    fc.assert(
      fc.property(pas, place, fc.nat({ max: 3 * GRANULE_SIZE }), (through, pa, length) => {
        const bytes = Array.from({ length: Math.ceil(length / 512) }, (_, i) => pa + BigInt(512 * i));
        if (length > 0) bytes.push(pa + BigInt(length) - 1n);
        // Beyond 64 bits there is nothing that anyone may access but Root.
        const each = bytes.map((at) => (at >> 64n === 0n ? memory.gpt(at) : 'GPT_ROOT'));
        const permitted = each.every((entry) => gptAllows(entry, through));
        if (length > 0) expect(memory.allows(through, pa, length)).toBe(permitted);
      }),
    );
    expect(memory.allows('NS', (1n << 64n) - 1n, 4096)).toBe(false);
    expect(memory.allows('NS', 0x8000_0000n, 0)).toBe(true);
  });
});

/** A window of memory as an array of bytes. */
const WINDOW = { base: 0x8000_0000n, size: 4 * GRANULE_SIZE };
const write = fc.tuple(
  fc.nat({ max: WINDOW.size - 1 }),
  fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.nat({ max: 255 }).map((byte) => new Uint8Array(GRANULE_SIZE).fill(byte)),
  ),
);

const applied = (window: Uint8Array, [at, bytes]: readonly [number, Uint8Array]): Uint8Array => {
  const cut = bytes.subarray(0, WINDOW.size - at);
  window.set(cut, at);
  return cut;
};
const whole = (memory: PhysicalMemory): Uint8Array => memory.read(WINDOW.base, WINDOW.size);

describe('physical memory', () => {
  test('holds what was written last, at any address and over any edge, and zeros elsewhere', () => {
    fc.assert(
      fc.property(
        fc.array(write, { maxLength: 12 }),
        fc.nat({ max: WINDOW.size }),
        fc.nat({ max: WINDOW.size }),
        (writes, a, b) => {
          const memory = new PhysicalMemory(profile);
          const model = new Uint8Array(WINDOW.size);
          for (const each of writes) memory.write(WINDOW.base + BigInt(each[0]), applied(model, each));
          expect(whole(memory)).toEqual(model);
          const [from, to] = [Math.min(a, b), Math.max(a, b)];
          expect(memory.read(WINDOW.base + BigInt(from), to - from)).toEqual(model.slice(from, to));
        },
      ),
      { numRuns: 50 },
    );
  });

  test('forks into memories that do not see each other', () => {
    fc.assert(
      fc.property(
        fc.array(write, { maxLength: 6 }),
        fc.array(write, { maxLength: 6 }),
        fc.array(write, { maxLength: 6 }),
        (first, here, there) => {
          const memory = new PhysicalMemory(profile);
          const models = [new Uint8Array(WINDOW.size), new Uint8Array(WINDOW.size)] as const;
          for (const each of first) {
            for (const model of models) applied(model, each);
            memory.write(WINDOW.base + BigInt(each[0]), each[1].subarray(0, WINDOW.size - each[0]));
          }
          const fork = memory.fork();
          for (const each of here) memory.write(WINDOW.base + BigInt(each[0]), applied(models[0], each));
          for (const each of there) fork.write(WINDOW.base + BigInt(each[0]), applied(models[1], each));
          fork.setGpt(WINDOW.base, 'GPT_REALM');
          expect(whole(memory)).toEqual(models[0]);
          expect(whole(fork)).toEqual(models[1]);
          expect(memory.gpt(WINDOW.base)).toBe('GPT_NS');
        },
      ),
      { numRuns: 50 },
    );
  });

  test('reaches to the last granule of 52 bits', () => {
    const memory = new PhysicalMemory(profile);
    const last = (1n << 52n) - 16n;
    memory.write(last, new Uint8Array(16).fill(9));
    expect(memory.read(last - 16n, 32)).toEqual(new Uint8Array([...Array(16).fill(0), ...Array(16).fill(9)]));
    expect(memory.read(0n, 16)).toEqual(new Uint8Array(16));
  });

  test('never changes a page that it has handed out', () => {
    const memory = new PhysicalMemory(profile);
    memory.write(WINDOW.base, Uint8Array.of(1, 2, 3));
    const before = memory.page(WINDOW.base);
    const kept = before.slice();
    memory.write(WINDOW.base, Uint8Array.of(9));
    memory.setPage(WINDOW.base, undefined);
    expect(before).toEqual(kept);
  });

  test('copies what it is given, and gives copies', () => {
    const memory = new PhysicalMemory(profile);
    const given = new Uint8Array(GRANULE_SIZE).fill(5);
    memory.write(WINDOW.base, given);
    given.fill(6);
    const read = memory.read(WINDOW.base, 4);
    read.fill(7);
    expect(memory.read(WINDOW.base, 4)).toEqual(new Uint8Array(4).fill(5));
  });

  test('lists what holds something', () => {
    const memory = new PhysicalMemory(profile);
    memory.write(0x8000_5000n, Uint8Array.of(1));
    memory.write(0x8000_3fffn, Uint8Array.of(1, 2));
    memory.setPage(0x8000_4000n, undefined);
    expect([...memory.touched()].map(([pa]) => pa)).toEqual([0x8000_3000n, 0x8000_5000n]);
  });
});

describe('a granule whose bytes live outside', () => {
  const backing = (bytes = new Uint8Array(GRANULE_SIZE)) => {
    const page: PageBacking & { bytes: Uint8Array } = {
      bytes,
      load: () => page.bytes.slice(),
      store: (stored) => {
        page.bytes = stored.slice();
      },
    };
    return page;
  };

  test('is read from there and written there, whole or in part', () => {
    const memory = new PhysicalMemory(profile);
    const outside = backing(new Uint8Array(GRANULE_SIZE).fill(1));
    memory.attach(WINDOW.base, outside);
    expect(memory.read(WINDOW.base, 2)).toEqual(Uint8Array.of(1, 1));
    memory.write(WINDOW.base + 1n, Uint8Array.of(2));
    expect([...outside.bytes.subarray(0, 3)]).toEqual([1, 2, 1]);
    outside.bytes = new Uint8Array(GRANULE_SIZE).fill(3);
    expect(memory.page(WINDOW.base)[0]).toBe(3);
    memory.setPage(WINDOW.base, undefined);
    expect(outside.bytes).toEqual(new Uint8Array(GRANULE_SIZE));
  });

  test('leaves its neighbours inside', () => {
    const memory = new PhysicalMemory(profile);
    const outside = backing();
    memory.attach(WINDOW.base + GRANULE, outside);
    memory.write(WINDOW.base, new Uint8Array(3 * GRANULE_SIZE).fill(4));
    expect(outside.bytes).toEqual(new Uint8Array(GRANULE_SIZE).fill(4));
    outside.bytes = new Uint8Array(GRANULE_SIZE);
    expect(memory.read(WINDOW.base + GRANULE - 1n, 2)).toEqual(Uint8Array.of(4, 0));
  });

  test('is a copy in a fork, from the moment of the fork', () => {
    const memory = new PhysicalMemory(profile);
    const outside = backing(new Uint8Array(GRANULE_SIZE).fill(5));
    memory.attach(WINDOW.base, outside);
    const fork = memory.fork();
    memory.write(WINDOW.base, Uint8Array.of(6));
    outside.bytes[1] = 7;
    expect(fork.read(WINDOW.base, 2)).toEqual(Uint8Array.of(5, 5));
    fork.write(WINDOW.base, Uint8Array.of(8));
    expect([...outside.bytes.subarray(0, 2)]).toEqual([6, 7]);
  });

  test('comes back inside with its bytes when it is detached', () => {
    const memory = new PhysicalMemory(profile);
    const outside = backing();
    memory.attach(WINDOW.base, outside);
    memory.write(WINDOW.base, Uint8Array.of(1, 2));
    memory.detach(WINDOW.base);
    outside.bytes.fill(0xff);
    expect(memory.read(WINDOW.base, 3)).toEqual(Uint8Array.of(1, 2, 0));
    memory.detach(WINDOW.base);
    expect(memory.read(WINDOW.base, 2)).toEqual(Uint8Array.of(1, 2));
  });
});
