import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { El3Call, ERmm } from '../../src/abi/index.ts';
import { el3Problems, sharedBufferPa } from '../../src/el3/index.ts';
import { DEFAULT_PROFILE, machineProfile } from '../../src/machine/index.ts';
import { setUp, x0 } from './support.ts';

const KIB = 1024n;

describe('the shared page', () => {
  test('lies outside all regions, in the Realm physical address space', () => {
    const { memory, page } = setUp();
    expect(memory.gpt(page)).toBe('GPT_REALM');
    expect(page).toBe(0xc000_0000n);
  });

  test('cannot be given to the Normal world', () => {
    const { smc, page } = setUp();
    expect(smc('RMM_GTSI_UNDELEGATE', page)).toEqual([x0('E_RMM_BAD_ADDR')]);
  });

  test('lies below memory that reaches the end of the address space', () => {
    const dram = [{ base: 0x8000_0000n, size: 0x8000_0000n }];
    const profile = machineProfile({ pa_width: 32, dram, device: [], secure: [] });
    expect(sharedBufferPa(profile)).toBe(0x7fff_f000n);
  });

  test('is found wherever the regions lie, or its absence is reported', () => {
    const region = fc.record({ base: fc.integer({ min: 0, max: 63 }), size: fc.integer({ min: 1, max: 64 }) });
    fc.assert(
      fc.property(fc.array(region, { minLength: 1, maxLength: 6 }), (regions) => {
        // 64 blocks of 64 MiB make up 32 bits of physical addresses.
        const block = 64n * KIB * KIB;
        const dram = regions.map(({ base, size }) => ({
          base: BigInt(base) * block,
          size: BigInt(Math.min(size, 64 - base)) * block,
        }));
        const profile = { ...DEFAULT_PROFILE, pa_width: 32, dram, device: [], secure: [] };
        const pa = sharedBufferPa(profile);
        const inside = (at: bigint) => dram.some(({ base, size }) => at >= base && at < base + size);
        if (pa === undefined) {
          expect(el3Problems(profile)).toHaveLength(1);
          // The one other free granule there can be is the first, which no RMM takes for a buffer.
          for (let at = block; at < 64n * block; at += block) expect(inside(at)).toBe(true);
        } else {
          expect([pa > 0n, pa % 4096n, pa < 1n << 32n, inside(pa)]).toEqual([true, 0n, true, false]);
        }
      }),
    );
  });
});

describe('a buffer', () => {
  const { page } = setUp();
  const rows: readonly [string, bigint, bigint, ERmm][] = [
    ['the whole page', page, 4096n, 'E_RMM_OK'],
    ['its last bytes', page + 4000n, 96n, 'E_RMM_OK'],
    ['one byte too many', page, 4097n, 'E_RMM_INVAL'],
    ['an end on the next page', page + 4000n, 97n, 'E_RMM_INVAL'],
    ['no bytes at the base', page, 0n, 'E_RMM_INVAL'],
    ['the page before', page - 4096n, 4096n, 'E_RMM_BAD_ADDR'],
    ['the page after', page + 4096n, 4096n, 'E_RMM_BAD_ADDR'],
    ['an address beyond 52 bits', page + (1n << 60n), 4096n, 'E_RMM_BAD_ADDR'],
    // Address comes before size.
    ['another page and a size that is wrong there too', 0n, 0n, 'E_RMM_BAD_ADDR'],
  ];

  test.each(rows)('of GET_REALM_KEY: %s', (_, pa, size, status) => {
    expect(setUp().smc('RMM_ATTEST_GET_REALM_KEY', pa, size, 0n)[0]).toBe(x0(status));
  });

  test.each(rows)('of GET_PLAT_TOKEN: %s', (_, pa, size, status) => {
    expect(setUp().smc('RMM_ATTEST_GET_PLAT_TOKEN', pa, size, 32n)[0]).toBe(x0(status));
  });

  test('of no bytes elsewhere in the page passes, and nothing is written', () => {
    const { smc, page, memory, hes } = setUp();
    hes.key = { status: 'PSA_ERROR_BUFFER_TOO_SMALL' };
    expect(smc('RMM_ATTEST_GET_REALM_KEY', page + 8n, 0n, 0n)[0]).toBe(x0('E_RMM_UNK'));
    expect(hes.asked).toMatchObject([{ key_buf_size: 0 }]);
    expect(smc('RMM_ATTEST_GET_PLAT_TOKEN', page + 8n, 0n, 32n)).toEqual([x0('E_RMM_OK'), 0n, 1000n]);
    expect(memory.read(page, 4096)).toEqual(new Uint8Array(4096));
  });

  test.each<El3Call>(['RMM_ATTEST_GET_REALM_KEY', 'RMM_ATTEST_GET_PLAT_TOKEN'])(
    'of %s whose size wraps around the address space is never written beyond the page',
    (call) => {
      const { smc, page, memory, hes } = setUp();
      hes.token = { status: 'PSA_SUCCESS', value: new Uint8Array(4096).fill(0xff) };
      const third = call === 'RMM_ATTEST_GET_PLAT_TOKEN' ? 32n : 0n;
      expect(smc(call, page + 200n, (1n << 64n) - 100n, third)[0]).toBe(x0('E_RMM_OK'));
      expect(memory.read(page + 4096n, 4096)).toEqual(new Uint8Array(4096));
      expect(memory.read(page - 4096n, 4096)).toEqual(new Uint8Array(4096));
    },
  );
});
