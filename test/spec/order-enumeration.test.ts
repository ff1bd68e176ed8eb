import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { brokenEdge, legalOrders, type Order, someLegalOrder } from '../../src/spec/index.ts';

const IDS = ['a', 'b', 'c', 'd', 'e'] as const;

/** Every order of the identifiers, by brute force. */
const permutations = (ids: readonly string[]): string[][] =>
  ids.length === 0
    ? [[]]
    : ids.flatMap((id) => permutations(ids.filter((other) => other !== id)).map((rest) => [id, ...rest]));

const respects = (total: readonly string[], order: Order<string>): boolean =>
  order.every(([left, right]) => left.every((l) => right.every((r) => total.indexOf(l) < total.indexOf(r))));

/** Partial orders: edges lead forward in a list of the identifiers that is shuffled once. */
const partialOrder = fc
  .tuple(
    fc.shuffledSubarray([...IDS], { minLength: 5 }),
    fc.array(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 4 })), { maxLength: 6 }),
  )
  .map(
    ([ids, edges]): Order<string> =>
      edges.flatMap(([i, j]) => {
        const [low, high] = [ids[Math.min(i, j)], ids[Math.max(i, j)]];
        return low === undefined || high === undefined || i === j ? [] : [[[low], [high]] as const];
      }),
  );

describe('the total orders of a partial one', () => {
  test('are exactly those permutations that respect each edge, each of them once', () => {
    fc.assert(
      fc.property(partialOrder, (order) => {
        const found = [...legalOrders(IDS, order)].map((total) => total.join(''));
        const expected = permutations(IDS).filter((total) => respects(total, order));
        expect(new Set(found).size).toBe(found.length);
        expect(found.sort()).toEqual(expected.map((total) => total.join('')).sort());
      }),
    );
  });

  test('include any that is drawn, whatever the choices', () => {
    fc.assert(
      fc.property(partialOrder, fc.infiniteStream(fc.nat()), (order, choices) => {
        const drawn = someLegalOrder(IDS, order, (candidates) => (choices.next().value ?? 0) % candidates);
        expect([...drawn].sort()).toEqual([...IDS]);
        expect(respects(drawn, order)).toBe(true);
      }),
    );
  });

  test('break no edge, and the others break one that is there', () => {
    fc.assert(
      fc.property(partialOrder, fc.shuffledSubarray<string>([...IDS], { minLength: 5 }), (order, total) => {
        const broken = brokenEdge(total, order);
        expect(broken === undefined).toBe(respects(total, order));
        if (broken === undefined) return;
        const [left, right] = broken;
        expect(order.some(([l, r]) => l.includes(left) && r.includes(right))).toBe(true);
        expect(total.indexOf(left)).toBeGreaterThan(total.indexOf(right));
      }),
    );
  });

  test('are made one at a time: the first of a great many comes at once', () => {
    const many = Array.from({ length: 40 }, (_, i) => `c${i}`);
    expect(legalOrders(many, []).next().value).toEqual(many);
  });
});
