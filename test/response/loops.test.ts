import { describe, expect, test } from 'vitest';
import { toDoublewords } from '../../src/bytes/index.ts';
import { type Client, converse, judgeClient, type ResponseScript, seeds } from '../../src/response/index.ts';
import { earlierTfTests, linuxDriver, type Request, tfTests } from './loops.ts';

const BASE = 0x8000_0000n;
const GRANULE = 4096;
const ROOM = 4 * GRANULE;
const memory = { base: BASE, size: ROOM };
const request: Request = { challenge: toDoublewords(Uint8Array.from({ length: 64 }, (_, i) => 3 * i)), buffer: BASE };

const TOTALS = [1, 2].flatMap((n) => [n * GRANULE - 1, n * GRANULE, n * GRANULE + 1]);
const LOOPS: Readonly<Record<string, () => Client<Uint8Array>>> = {
  linux: () => linuxDriver(request, 'goes-on'),
  'linux, before the change': () => linuxDriver(request, 'fails'),
  'tf-a-tests': () => tfTests(request, BigInt(ROOM)),
  'tf-a-tests with a buffer of a granule': () => tfTests(request, BigInt(GRANULE)),
  'tf-a-tests, before': () => earlierTfTests(request, BigInt(GRANULE)),
};

const play = (script: ResponseScript, loop: Client<Uint8Array>, budget: number) => {
  const { end, status } = converse(script, loop, { memory, budget, keep: 1, gaveUp: (e) => !(e instanceof TypeError) });
  return { end, finding: judgeClient(end, status, { room: ROOM }) };
};

describe.each(Object.entries(LOOPS))('the loop of %s', (name, loop) => {
  /** Which sizes of pieces it gets its token with, of those from 1 to a granule: as ranges, to be read. */
  const fetches = (total: number): string => {
    const right: number[] = [];
    for (let chunk = 1; chunk <= GRANULE; chunk += 1) {
      const { end, finding } = play({ total, chunk, rules: [] }, loop(), 2 * total);
      // Every answer is sound, so a token that is not the one would be a finding.
      if (end.kind === 'token' && finding === undefined) right.push(chunk);
      else expect([chunk, end.kind]).toEqual([chunk, 'gave-up']);
    }
    if (right.length === 0) return 'never';
    expect(right.length).toBe((right.at(-1) ?? 0) - (right[0] ?? 0) + 1);
    return `${right[0]}..${right.at(-1)}`;
  };

  const always = '1..4096';
  const EXPECTED: Readonly<Record<string, readonly string[]>> = {
    linux: [always, always, always, always, always, always],
    // The multi-granule bug: the first full granule is taken for a failure.
    'linux, before the change': [always, always, 'never'],
    'tf-a-tests': [always, always, always, always, always, always],
    'tf-a-tests with a buffer of a granule': [always, always, 'never'],
    // The second piece is asked for beyond the granule, which the RMM refuses.
    'tf-a-tests, before': ['4095..4096', '4096..4096', 'never'],
  };

  test.each((EXPECTED[name] ?? []).map((expected, i) => [TOTALS[i] ?? 0, expected] as const))(
    'fetches a token of %i bytes in pieces of %s',
    (total, expected) => {
      expect(fetches(total)).toBe(expected);
    },
    120_000,
  );
});

/** What every seed brings out in the loops as they are today. */
describe('odd answers', () => {
  const found = (loop: () => Client<Uint8Array>): Record<string, string> =>
    Object.fromEntries(
      [...seeds()].flatMap(([name, script]) => {
        const { finding } = play(script, loop(), 20_000);
        return finding === undefined ? [] : [[name, `${finding.finding} ${finding.model}`]];
      }),
    );

  test('the Linux driver waits for ever, and trusts lengths within the bound', () => {
    expect(found(LOOPS['linux'] as () => Client<Uint8Array>)).toMatchInlineSnapshot(`
      {
        "length-huge": "trusted-length rmm",
        "length-left-as-the-address": "refused-token rmm",
        "length-longer-and-incomplete": "refused-token rmm",
        "length-longer-than-asked": "trusted-length rmm",
        "length-one-more": "trusted-length rmm",
        "length-one-more-with-room": "trusted-length rmm",
        "length-wraps": "trusted-length rmm",
        "wait-for-ever": "endless host",
      }
    `);
  });

  test('tf-a-tests waits for ever, and trusts lengths', () => {
    expect(found(LOOPS['tf-a-tests'] as () => Client<Uint8Array>)).toMatchInlineSnapshot(`
      {
        "length-huge": "crash rmm",
        "length-longer-than-asked": "over-bound rmm",
        "length-one-more": "over-bound rmm",
        "length-one-more-with-room": "over-bound rmm",
        "length-wraps": "trusted-length rmm",
        "wait-for-ever": "endless host",
      }
    `);
  });
});
