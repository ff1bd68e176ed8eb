import { describe, expect, test } from 'vitest';
import { decodeRmiResult, decodeRsiStatus } from '../../src/abi/index.ts';
import type { PersonalityId } from '../../src/personality/index.ts';
import { bootAs } from '../support/observed.ts';
import { Bench } from './status/bench.ts';
import { type Expected, placed, recorded, seenAs } from './status/recorded.ts';
import { rows } from './status/rows.ts';

/** What a row comes to, and what the reference RMM answered. */
const play = (n: number, id: PersonalityId, changes: readonly string[] = []): { seen: Expected; said: Expected } => {
  const row = rows[n - 1]!;
  const [, , , expected] = recorded.rows[n - 1]!;
  const bench = new Bench(bootAs(id, changes), row.machine);
  const outcome = row.play(bench);
  return { seen: seenAs(expected, outcome), said: placed(bench, expected) };
};

const differs = (...args: Parameters<typeof play>): boolean => {
  const { seen, said } = play(...args);
  return JSON.stringify(seen) !== JSON.stringify(said);
};

test('every row has a stimulus', () => {
  expect(rows.map(({ n }) => n)).toEqual(recorded.rows.map(([n]) => n));
  expect(rows).toHaveLength(370);
});

describe('answers of the reference RMM', () => {
  test.each(recorded.rows.map(([n, command], i) => [n, command, rows[i]?.title] as const))('%i %s: %s', (n) => {
    const { seen, said } = play(n, 'tf-rmm');
    expect(seen).toEqual(said);
  });
});

test('names of results go with X0', () => {
  for (const [n, command, status, x] of recorded.rows) {
    if (!Array.isArray(x) || /^-?\d|^SMC/.test(status)) continue;
    const x0 = BigInt(`0x${x[0]}`);
    const rmi = decodeRmiResult(x0);
    const name = command.startsWith('RSI')
      ? decodeRsiStatus(x0)
      : rmi && (rmi.index === 0 ? rmi.status : `${rmi.status}:${rmi.index}`);
    expect(name, `row ${n}`).toBe(status);
  }
});

/** Rows in which the reference RMM does not do what the specification says, by the one switch that makes the difference. */
const BY_SWITCH: Readonly<Record<string, readonly number[]>> = {
  // Registers that the recording shows are X4, and the Realm had put something there.
  D1: [290, 291, 292, 293, 294, 295, 296, 297, 299, 300, 301, 302, 303, 304, 305, 306, 307].concat([
    309, 310, 311, 312, 313, 315, 317,
  ]),
  D2: [197, 198],
  D3: [141, 142, 143],
  D4: [81],
  D5: [235],
  D8: [123, 131],
  D9: [263],
  D13: [68],
};
const divergent = Object.entries(BY_SWITCH).flatMap(([id, ns]) => ns.map((n) => [n, id] as const));

test('all other rows are as the specification says', () => {
  const differing = rows.filter(({ n }) => differs(n, 'spec')).map(({ n }) => n);
  expect(differing).toEqual(divergent.map(([n]) => n).sort((a, b) => a - b));
});

test.each(divergent)('row %i differs by %s alone', (n, id) => {
  expect(differs(n, 'spec', [id])).toBe(false);
  expect(differs(n, 'tf-rmm', [`-${id}`])).toBe(true);
});
