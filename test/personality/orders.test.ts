import { describe, expect, test } from 'vitest';
import { applyPersonality, PERSONALITIES, type Personality } from '../../src/personality/index.ts';
import { type CommandSet, RMM_1_0 } from '../../src/rmm/index.ts';
import { brokenEdge, type Command, fullOrder, type Order } from '../../src/spec/index.ts';

const all = ({ rmi, rsi, psci }: CommandSet): readonly Command[] => [...rmi, ...rsi, ...psci];
const commandOf = (set: CommandSet, name: string): Command => {
  const found = all(set).find((each) => each.name === name);
  if (found === undefined) throw new Error(`no command ${name}`);
  return found;
};

/** The edges between conditions that are there: a deviation may have taken some away. */
const edges = (command: Command): Order<string> => {
  const there = (ids: readonly string[]) => ids.filter((id) => command.failures[id] !== undefined);
  return fullOrder(command).map(([left, right]) => [there(left), there(right)]);
};

const orders = Object.values(PERSONALITIES).flatMap((personality: Personality) =>
  Object.entries(personality.orders).map(([name, order]) => [personality.id, name, order, personality] as const),
);

describe('the order in which an implementation checks conditions', () => {
  test.each(orders)('%s: %s names each condition once', (_, name, order, personality) => {
    const changed = commandOf(applyPersonality(RMM_1_0, personality).commands, name);
    const published = commandOf(RMM_1_0, name);
    expect(new Set(order).size).toBe(order.length);
    expect(new Set(order)).toEqual(new Set([...Object.keys(published.failures), ...Object.keys(changed.failures)]));
    expect(Object.keys(changed.failures)).toEqual(order.filter((id) => changed.failures[id] !== undefined));
  });

  test.each(orders)('%s: %s extends the published order', (_, name, order) => {
    expect(brokenEdge(order, fullOrder(commandOf(RMM_1_0, name)))).toBeUndefined();
  });

  test.each(Object.values(PERSONALITIES))('$id breaks none by a deviation', (personality) => {
    for (const command of all(applyPersonality(RMM_1_0, personality).commands)) {
      expect(brokenEdge(Object.keys(command.failures), edges(command)), command.name).toBeUndefined();
    }
  });
});

test('a personality leaves the set that it is applied to as it was', () => {
  const before = all(RMM_1_0).map((command) => ({ command, failures: Object.entries(command.failures) }));
  for (const personality of Object.values(PERSONALITIES)) applyPersonality(RMM_1_0, personality);
  expect(all(RMM_1_0).map((command) => ({ command, failures: Object.entries(command.failures) }))).toEqual(before);
});
