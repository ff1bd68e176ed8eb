import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { El3InterfaceVersion, PsaError } from '../../src/abi/index.ts';
import { concatBytes } from '../../src/bytes/index.ts';
import type { El3Config } from '../../src/el3/index.ts';
import type { PhysicalMemory } from '../../src/machine/index.ts';
import { FakeHes, setUp, x0 } from './support.ts';

const PSA_ERRORS: readonly PsaError[] = [
  'PSA_ERROR_PROGRAMMER_ERROR',
  'PSA_ERROR_GENERIC_ERROR',
  'PSA_ERROR_NOT_PERMITTED',
  'PSA_ERROR_NOT_SUPPORTED',
  'PSA_ERROR_INVALID_ARGUMENT',
  'PSA_ERROR_BAD_STATE',
  'PSA_ERROR_BUFFER_TOO_SMALL',
  'PSA_ERROR_DOES_NOT_EXIST',
  'PSA_ERROR_SERVICE_FAILURE',
];

describe('RMM_ATTEST_GET_REALM_KEY', () => {
  test('asks HES for a P-384 key bound by SHA-256 and writes the scalar', () => {
    const { smc, hes, page, memory } = setUp();
    expect(smc('RMM_ATTEST_GET_REALM_KEY', page + 16n, 4000n, 0n)).toEqual([0n, 48n]);
    expect(hes.asked).toEqual([{ ecc_curve: 0x12, key_bits: 384, hash_algo: 0x0200_0009, key_buf_size: 4000 }]);
    expect(memory.read(page + 16n, 48)).toEqual(new Uint8Array(48).fill(0xaa));
  });

  test('refuses every other curve, once the buffer has passed', () => {
    const { smc, hes, page } = setUp();
    expect(smc('RMM_ATTEST_GET_REALM_KEY', page, 4096n, 1n)[0]).toBe(x0('E_RMM_INVAL'));
    expect(smc('RMM_ATTEST_GET_REALM_KEY', 0n, 4096n, 1n)[0]).toBe(x0('E_RMM_BAD_ADDR'));
    expect(hes.asked).toEqual([]);
  });

  test.each(PSA_ERRORS)('turns %s into E_RMM_UNK, and X1 is the size that was given', (status) => {
    const { smc, hes, page } = setUp();
    hes.key = { status };
    expect(smc('RMM_ATTEST_GET_REALM_KEY', page, 4096n, 0n)).toEqual([x0('E_RMM_UNK'), 4096n]);
  });

  test.each([0, 47, 49])('insists on 48 bytes: %i are E_RMM_UNK, and nothing is written', (size) => {
    const { smc, hes, page, memory } = setUp();
    hes.key = { status: 'PSA_SUCCESS', value: new Uint8Array(size).fill(1) };
    expect(smc('RMM_ATTEST_GET_REALM_KEY', page, 4096n, 0n)[0]).toBe(x0('E_RMM_UNK'));
    expect(memory.read(page, 64)).toEqual(new Uint8Array(64));
  });
});

describe('RMM_ATTEST_GET_PLAT_TOKEN', () => {
  const ok = (length: number, remaining: number) => [0n, BigInt(length), BigInt(remaining)];
  const refused = [x0('E_RMM_INVAL'), 0n, 0n];

  /** Steps of [size of the challenge, size of the buffer], and what each is answered. */
  test.each<[string, Partial<El3Config>, [number, number, bigint[]][]]>([
    ['a token that fits', {}, [[32, 4096, ok(1000, 0)]]],
    [
      'hunks of the size of the buffer',
      {},
      [
        [32, 400, ok(400, 600)],
        [0, 400, ok(400, 200)],
        [0, 400, ok(200, 0)],
      ],
    ],
    [
      'hunks as large as the monitor likes',
      { hunks: 300 },
      [
        [32, 4080, ok(300, 700)],
        [0, 4080, ok(300, 400)],
        [0, 100, ok(100, 300)],
        [0, 4080, ok(300, 0)],
      ],
    ],
    [
      'going on before a start',
      {},
      [
        [0, 4096, refused],
        [32, 4096, ok(1000, 0)],
      ],
    ],
    [
      'going on behind the end',
      {},
      [
        [48, 4096, ok(1000, 0)],
        [0, 4096, ok(0, 0)],
        [0, 1, ok(0, 0)],
      ],
    ],
    [
      'starting over in the middle',
      {},
      [
        [32, 600, ok(600, 400)],
        [64, 600, ok(600, 400)],
        [0, 600, ok(400, 0)],
      ],
    ],
    [
      'challenges of wrong sizes, which change nothing',
      {},
      [
        [32, 600, ok(600, 400)],
        [16, 600, refused],
        [65, 600, refused],
        [0, 600, ok(400, 0)],
      ],
    ],
    [
      'a token that is never split',
      { hunks: 'whole' },
      [
        [32, 999, refused],
        [32, 1000, ok(1000, 0)],
        [0, 1000, refused],
      ],
    ],
    [
      'the interface before hunks',
      { interfaceVersion: '0.2' },
      [
        [32, 999, refused],
        [32, 1000, ok(1000, 0)],
        [0, 1000, refused],
      ],
    ],
  ])('serves %s', (_, config, steps) => {
    const { smc, page } = setUp(config);
    for (const [challengeSize, bufSize, answer] of steps) {
      expect(smc('RMM_ATTEST_GET_PLAT_TOKEN', page, bufSize, challengeSize)).toEqual(answer);
    }
  });

  test('the hunks put together are the token, whatever sizes are asked for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4096 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 4096 }),
        (sizes, hunks) => {
          const { smc, page, memory, hes } = setUp({ hunks });
          const parts: Uint8Array[] = [];
          for (let i = 0, remaining = 1n; remaining > 0n; i++) {
            const [status, length = 0n, left = 0n] = smc(
              'RMM_ATTEST_GET_PLAT_TOKEN',
              page,
              i === 0 ? 4096 : (sizes[i % sizes.length] ?? 1),
              i === 0 ? 64 : 0,
            );
            expect(status).toBe(0n);
            parts.push(memory.read(page, Number(length)));
            remaining = left;
          }
          expect(hes.token).toEqual({ status: 'PSA_SUCCESS', value: concatBytes(...parts) });
          expect(hes.asked).toHaveLength(1);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('hands the challenge to HES before the token is written over it', () => {
    const { smc, hes, page, memory } = setUp();
    const challenge = Uint8Array.from({ length: 48 }, (_, i) => 200 - i);
    memory.write(page, challenge);
    smc('RMM_ATTEST_GET_PLAT_TOKEN', page, 4096n, 48n);
    expect(hes.asked).toEqual([{ dak_pub_hash: challenge, token_buf_size: 4096 }]);
    expect(memory.read(page, 4)).toEqual(Uint8Array.of(0, 1, 2, 3));
  });

  test('keeps the challenge to itself in fvp mode', () => {
    const { smc, hes, page, memory } = setUp({ mode: 'fvp' });
    memory.write(page, new Uint8Array(32).fill(1));
    smc('RMM_ATTEST_GET_PLAT_TOKEN', page, 4096n, 32n);
    expect(hes.asked).toEqual([{ dak_pub_hash: undefined, token_buf_size: 4096 }]);
  });

  test('refuses a challenge that runs over the end of the page', () => {
    const { smc, page, hes } = setUp();
    expect(smc('RMM_ATTEST_GET_PLAT_TOKEN', page + 4080n, 16n, 32n)).toEqual(refused);
    expect(hes.asked).toEqual([]);
  });

  test.each(PSA_ERRORS)('turns %s into E_RMM_UNK, and there is nothing to go on with', (status) => {
    const { smc, hes, page } = setUp();
    smc('RMM_ATTEST_GET_PLAT_TOKEN', page, 600n, 32n);
    hes.token = { status };
    expect(smc('RMM_ATTEST_GET_PLAT_TOKEN', page, 600n, 32n)).toEqual([x0('E_RMM_UNK'), 0n, 0n]);
    expect(smc('RMM_ATTEST_GET_PLAT_TOKEN', page, 600n, 0n)).toEqual(refused);
  });

  test('a fork goes on where it is, and neither sees the other', () => {
    const { smc, el3, memory, page } = setUp();
    smc('RMM_ATTEST_GET_PLAT_TOKEN', page, 600n, 32n);
    const forkMemory: PhysicalMemory = memory.fork();
    const fork = el3.fork({ memory: forkMemory, hes: new FakeHes() });
    expect(fork.rmmSmc([0xc400_01b3n, page, 100n, 0n])).toEqual(ok(100, 300));
    expect(smc('RMM_ATTEST_GET_PLAT_TOKEN', page, 600n, 0n)).toEqual(ok(400, 0));
    expect(forkMemory.read(page, 1)).toEqual(Uint8Array.of(600 & 255));
  });
});

describe('the interface version', () => {
  test.each<[El3InterfaceVersion, boolean]>([
    ['0.1', false],
    ['0.3', false],
    ['0.4', true],
    ['0.8', true],
    ['1.0', true],
    ['2.0', true],
  ])('%s offers RMM_EL3_FEATURES: %s', (interfaceVersion, offered) => {
    const { smc } = setUp({ interfaceVersion });
    expect(smc('RMM_EL3_FEATURES', 0n)).toEqual(offered ? [0n, 0n] : [x0('E_RMM_UNK')]);
    expect(smc('RMM_EL3_FEATURES', 1n)).toEqual(offered ? [x0('E_RMM_INVAL'), 0n] : [x0('E_RMM_UNK')]);
  });
});
