import { expect, test } from 'vitest';
import type { PersonalityId } from '../../src/personality/index.ts';
import { bootAs } from '../support/observed.ts';
import { Bench } from './status/bench.ts';
import { effects } from './status/effects.ts';
import { recorded } from './status/recorded.ts';

/** The recording, with granules of the bench in place of their names. */
const placed = (b: Bench, value: unknown): unknown => {
  if (typeof value === 'string') return value.startsWith('@') ? `0x${b.pa(value.slice(1)).toString(16)}` : value;
  if (Array.isArray(value)) return value.map((each) => placed(b, each));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, placed(b, each)]));
};

test('every sequence is there', () => {
  expect(effects.map(([n]) => n)).toEqual(recorded.effects.map(([n]) => n));
  expect(effects).toHaveLength(24);
});

const play = (n: number, id: PersonalityId, changes: readonly string[] = []): { seen: unknown; said: unknown } => {
  const b = new Bench(bootAs(id, changes));
  const [, , sequence] = effects[n - 1]!;
  const seen = sequence(b);
  return { seen, said: placed(b, recorded.effects[n - 1]![1]) };
};

test.each(effects)('%i %s', (n) => {
  const { seen, said } = play(n, 'tf-rmm');
  expect(seen).toEqual(said);
});

const BY_SWITCH = [
  [6, 'D7'],
  [22, 'D1'],
  [23, 'D1'],
] as const;

test('all other sequences are as the specification says, but for the steps of signing', () => {
  const differing = effects.filter(([n]) => {
    const { seen, said } = play(n, 'spec');
    return JSON.stringify(seen) !== JSON.stringify(said);
  });
  expect(differing.map(([n]) => n)).toEqual([...BY_SWITCH.map(([n]) => n), 24]);
  expect(play(24, 'spec').seen).toMatchObject({ irq_exits_until_done: 1 });
});

test.each(BY_SWITCH)('sequence %i differs by %s alone', (n, id) => {
  const turnedOn = play(n, 'spec', [id]);
  expect(turnedOn.seen).toEqual(turnedOn.said);
  const turnedOff = play(n, 'tf-rmm', [`-${id}`]);
  expect(turnedOff.seen).not.toEqual(turnedOff.said);
});
