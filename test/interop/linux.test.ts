import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { scriptedSmc } from '../../src/linux/index.ts';
import { assemble, tokenBytes } from '../../src/response/index.ts';
import { verifyToken } from '../../src/verify/index.ts';
import { interop, needs } from './support/context.ts';
import { bootDriver, CONTINUE, type DriverGuest, type DriverReport } from './support/linux-guest.ts';

/** What docs/linux-driver.md tells, held against the driver itself, in one boot. */
const { linuxGuest, qemu } = interop;
const BOOT_MS = 180_000;
const TEST_MS = 120_000;
/** Looks at ISR_EL1 that signing takes: as often can a Host interrupt it. */
const SIGN_STEPS = 40;

let guest: DriverGuest | undefined;
beforeAll(async () => {
  if (!linuxGuest.ready || !qemu.ready) return;
  const rmm = { tokenBufferGranules: 4, signSteps: SIGN_STEPS };
  guest = await bootDriver({ ...linuxGuest, program: qemu.program }, { rmm });
}, BOOT_MS);
afterAll(() => guest?.kill());

/** The guest, or why there is none. */
const driver = (context: Parameters<typeof needs>[0]): DriverGuest => {
  needs(context, linuxGuest);
  needs(context, qemu);
  if (guest === undefined) throw new Error('the guest has not booted');
  return guest;
};

const challengeOf = (n: number, length = 64): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (n * 31 + i * 7 + 1) & 0xff);

/** Our own verifier, with the key of the chip. */
const accepted = ({ platform }: DriverGuest, { token }: DriverReport, challenge: Uint8Array): boolean => {
  const key = platform.hes.status().cpak;
  return verifyToken(token, { crypto: nodeCrypto, key, challenge }).accepted;
};

/** Most bytes that a CONTINUE brings. The token has about 2,600. */
const CHUNKS = [
  ...[1, 2, 3, 5, 7, 8, 13, 16, 17, 31, 32, 33, 63, 64, 65, 100, 127, 128, 129, 200, 255, 256, 257, 500, 511, 512, 513],
  ...[777, 1000, 1023, 1024, 1025, 1500, 1800, 2047, 2048, 2049, 2300, 2500, 2600, 2700, 3000, 3500, 4095, 4096],
];

/** Lengths around the edges of granules, and how much a CONTINUE brings of them. */
const LENGTHS = [1, 4095, 4096, 4097, 8191, 8192, 8193, 12_287, 12_288, 12_289, 16_384, 40_000];
const PIECES = [4096, 4095, 333];

const NO_DEVICE = 'No such device or address';
const INVALID = 'Invalid argument';
const OVERRUN = 'arm_cca_report_new';

/** An RMM that departs from what it should answer, as a response script, and what the driver makes of it. */
interface Odd {
  readonly script: string;
  readonly says: string;
  readonly length?: number;
  readonly said?: string;
  readonly warns?: string;
  /** Whether the bytes are not those of the token. */
  readonly wrong?: true;
}
const ODD: readonly Odd[] = [
  { says: 'INIT fails by ERROR_INPUT', script: 'init status 1', said: INVALID },
  { says: 'INIT fails by ERROR_UNKNOWN', script: 'init status 4', said: INVALID },
  { says: 'INIT says INCOMPLETE', script: 'init relabel 3', said: INVALID },
  { says: 'the bound is 0', script: 'init bound 0', said: INVALID },
  { says: 'the bound is 2^63', script: 'init bound 0x8000000000000000', said: INVALID },
  { says: 'the bound is 64 GiB', script: 'init bound 0x1000000000', said: 'Cannot allocate memory', warns: 'kvmalloc' },
  { says: 'the bound is less than the token', script: 'total 100\ninit bound 64', length: 0, warns: OVERRUN },
  { says: 'the bound ends at a granule', script: 'total 5000\ninit bound 4096', length: 4096, warns: OVERRUN },
  { says: 'the first CONTINUE fails by ERROR_INPUT', script: 'continue status 1', said: NO_DEVICE },
  { says: 'the first CONTINUE fails by ERROR_STATE', script: 'continue status 2', said: NO_DEVICE },
  { says: 'the first CONTINUE fails by ERROR_UNKNOWN', script: 'continue status 4', said: NO_DEVICE },
  { says: 'CONTINUE is not known', script: 'continue status 0xffffffffffffffff', said: NO_DEVICE },
  {
    says: 'CONTINUE fails behind a piece',
    script: 'total 9000\nchunk 100\ncontinue piece 100\ncontinue status 2',
    said: NO_DEVICE,
  },
  {
    says: 'CONTINUE fails behind a granule',
    script: 'total 9000\ncontinue piece 4096\ncontinue status 4',
    said: NO_DEVICE,
  },
  { says: 'the operation is gone', script: 'total 100\nchunk 10\ncontinue piece 10\ncontinue drop', said: NO_DEVICE },
  { says: 'a piece comes with a status that is none', script: 'total 9000\ncontinue relabel 7', said: NO_DEVICE },
  { says: 'SUCCESS comes before a byte', script: 'total 9000\ncontinue end', length: 0 },
  { says: 'SUCCESS comes early', script: 'total 9000\ncontinue piece 4096\ncontinue end', length: 4096 },
  { says: 'X1 is 0 although bytes came', script: 'total 100\ncontinue length 0', length: 0 },
  { says: 'X1 is one more than came', script: 'total 100\ncontinue length 101', length: 101, wrong: true },
  { says: 'X1 is a granule', script: 'total 100\ncontinue length 4096', length: 4096, wrong: true },
  { says: 'X1 is more than a granule', script: 'total 100\ncontinue length 4097', length: 0, warns: OVERRUN },
  { says: 'X1 is -1', script: 'total 100\ncontinue length 0xffffffffffffffff', length: 0, warns: OVERRUN },
  { says: 'X1 is what it was', script: 'total 100\nchunk 10\ncontinue leave', length: 0, warns: OVERRUN },
  { says: 'another register changes', script: 'total 100\ncontinue x5 255', length: 100 },
  { says: 'a bit of a piece is the other', script: 'total 100\ncontinue spoil 3', length: 100, wrong: true },
  {
    says: 'a piece comes twice',
    script: 'total 9000\ncontinue piece 4096\ncontinue repeat',
    length: 9000,
    wrong: true,
  },
  { says: 'nothing is written', script: 'total 9000\ncontinue unwritten', length: 9000, wrong: true },
  {
    says: 'the operation begins anew in between',
    script: 'total 100\nchunk 10\ncontinue piece 10\ncontinue restart',
    length: 110,
    wrong: true,
  },
];

describe('the driver arm-cca-guest of a stock kernel, under swcca linux', () => {
  /** One report that a script answers in place of the RMM. */
  const played = async (to: DriverGuest, text: string, challenge: Uint8Array): Promise<DriverReport> => {
    to.answering = scriptedSmc(to.platform, assemble(text));
    try {
      return await to.report(challenge);
    } finally {
      to.answering = undefined;
    }
  };

  test('the kernel found a Realm and turned its second CPU on', (context) => {
    context.task.meta.counted = linuxGuest.ready ? linuxGuest.package : '';
    expect(driver(context).ready).toBe('2 1');
  });

  test('gives tokens that swcca verify accepts, to challenges of 32 to 64 bytes and no others', async (context) => {
    const to = driver(context);
    for (const length of [32, 33, 48, 63, 64]) {
      const challenge = challengeOf(length, length);
      const whole = new Uint8Array(64);
      whole.set(challenge);
      const report = await to.report(challenge);
      expect(accepted(to, report, whole)).toBe(true);
      expect(accepted(to, report, challengeOf(length + 1))).toBe(false);
    }
    for (const length of [1, 31, 65, 100]) {
      expect(await to.report(challengeOf(length, length))).toMatchObject({ said: INVALID, calls: 0 });
    }
    expect(await to.show('provider')).toBe('arm_cca_guest\n');
  });

  test(
    `gives the same token whatever comes at a time: ${CHUNKS.length} sizes`,
    async (context) => {
      const to = driver(context);
      const challenge = challengeOf(5);
      const lengths = new Set<number>();
      for (const chunk of CHUNKS) {
        to.answering = (x, _, rmm) => {
          const [fid, ipa = 0n, offset = 0n, size = 0n] = x;
          return rmm(fid === CONTINUE && size > chunk ? [fid, ipa, offset, BigInt(chunk), ...x.slice(4)] : x);
        };
        const report = await to.report(challenge);
        to.answering = undefined;
        lengths.add(report.token.length);
        expect(accepted(to, report, challenge), `${chunk} bytes at a time: ${report.said}`).toBe(true);
        expect(report.calls).toBe(Math.ceil(report.token.length / chunk));
      }
      expect(lengths.size).toBe(1);
      context.task.meta.counted = `${CHUNKS.length} sizes`;
    },
    TEST_MS,
  );

  test('waits through a Host that interrupts every step of signing', async (context) => {
    const to = driver(context);
    to.answering = (x, pe, rmm) => {
      if (x[0] === CONTINUE) to.platform.interrupt('IRQ', { pe, polls: 1 });
      return rmm(x);
    };
    const report = await to.report(challengeOf(6));
    to.answering = undefined;
    expect(accepted(to, report, challengeOf(6))).toBe(true);
    expect(report.calls).toBe(SIGN_STEPS + 1);
  });

  test('gives each of two CPUs its own token at the same time', async (context) => {
    const to = driver(context);
    const challenges = [challengeOf(7), challengeOf(8)] as const;
    const reports = await to.both(...challenges);
    expect(reports.map((report, n) => accepted(to, report, challenges[n] ?? new Uint8Array()))).toEqual([true, true]);
  });

  test('goes on after a CPU went off and came back', async (context) => {
    const to = driver(context);
    expect([await to.cpu(1, false), await to.cpu(1, true)]).toEqual([1, 2]);
    expect(accepted(to, await to.report(challengeOf(9)), challengeOf(9))).toBe(true);
  });

  test(
    `takes tokens of several granules byte for byte: ${LENGTHS.length} lengths in pieces of ${PIECES.join(', ')}`,
    async (context) => {
      const to = driver(context);
      for (const [n, total] of LENGTHS.entries()) {
        for (const chunk of PIECES) {
          const { token, said } = await played(to, `total ${total}\nchunk ${chunk}`, challengeOf(n));
          expect({ total, chunk, said, same: Buffer.compare(token, tokenBytes(challengeOf(n), 0, total)) }).toEqual({
            total,
            chunk,
            said: '',
            same: 0,
          });
        }
      }
      expect(await to.warnings()).toBe('');
      context.task.meta.counted = `${LENGTHS.length * PIECES.length} tokens`;
    },
    TEST_MS,
  );

  test(
    'waits through a storm of INCOMPLETE without a byte, at the start and behind each granule',
    async (context) => {
      const to = driver(context);
      const storm = 'continue wait times 250\n'.repeat(8);
      const script = `total 9000\n${storm}continue piece 4096\n${storm}continue piece 4096\ncontinue wait times 9`;
      const { token, calls } = await played(to, script, challengeOf(1));
      expect(Buffer.compare(token, tokenBytes(challengeOf(1), 0, 9000))).toBe(0);
      expect(calls).toBe(3 + 2 * 2000 + 9);
    },
    TEST_MS,
  );

  test.for(ODD.map((odd) => [odd.says, odd] as const))('does as recorded when %s', async ([, odd], context) => {
    const to = driver(context);
    await to.warnings();
    const { token, said } = await played(to, odd.script, challengeOf(2));
    const { length = 0, warns = '', wrong = false } = odd;
    expect({ length: token.length, said }).toEqual({ length, said: odd.said ?? '' });
    expect(Buffer.compare(token, tokenBytes(challengeOf(2), 0, length)) !== 0).toBe(wrong);
    const warning = await to.warnings();
    expect(warns === '' ? warning === '' : warning.includes(warns), warning).toBe(true);
  });

  test('serves the next challenge after all of that', async (context) => {
    const to = driver(context);
    expect(accepted(to, await to.report(challengeOf(10)), challengeOf(10))).toBe(true);
  });

  test('reads behind its page when X1 is longer than a granule and the bound allows it: the kernel stops it', async (context) => {
    const to = driver(context);
    const { said } = await played(to, 'total 9000\nchunk 1000\ncontinue length 8192', challengeOf(1));
    expect(said).toContain('Segmentation fault');
    expect(await to.warnings()).toContain('fortify');
  });
});
