import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  allowedResults,
  brokenEdge,
  type Command,
  fullOrder,
  legalOrders,
  type Order,
  someLegalOrder,
} from '../../src/spec/index.ts';
import {
  COMMANDS,
  collectSamples,
  firstOf,
  HAVING_FAILURES,
  type Pair,
  reachable,
  type Sample,
  violates,
} from './samples.ts';
import { createWorld, frameIn } from './world.ts';

/** The published orders, transcribed apart from the code. */
const PUBLISHED = JSON.parse(readFileSync(new URL('../vectors/rmm-1.0-orders.json', import.meta.url), 'utf8'))
  .orders as Readonly<Record<string, Order<string>>>;

const pairsOf = (order: Order<string>): Pair[] =>
  order.flatMap(([left, right]) => left.flatMap((l) => right.map((r): Pair => [l, r])));
const text = (pairs: readonly Pair[]): string[] => [...new Set(pairs.map(([l, r]) => `${l} < ${r}`))].sort();

describe.each(COMMANDS)('$name', ({ name, order, wellFormed = [], failures }) => {
  test('has the published order, edge for edge', () => {
    expect(text(pairsOf(order))).toEqual(text(pairsOf(PUBLISHED[name] ?? [])));
  });

  test('is ordered by conditions that it has, each edge of ours being one that is not published', () => {
    for (const id of [...pairsOf(order), ...pairsOf(wellFormed)].flat()) expect(Object.keys(failures)).toContain(id);
    const published = new Set(text(pairsOf(order)));
    expect(text(pairsOf(wellFormed)).filter((edge) => published.has(edge))).toEqual([]);
  });

  test('checks its conditions in an order that both allow', () => {
    expect(brokenEdge(Object.keys(failures), [...order, ...wellFormed])).toBe(undefined);
  });
});

test('every published order is that of a command', () => {
  expect(Object.keys(PUBLISHED).filter((name) => !COMMANDS.some((command) => command.name === name))).toEqual([]);
});

let samples: ReadonlyMap<string, readonly Sample[]> = new Map();
beforeAll(() => {
  samples = collectSamples();
}, 120_000);

const at = (list: readonly number[], i: number): number => list[i % list.length] ?? 0;

describe.each(HAVING_FAILURES)('in reachable states, every legal order of $name', (command) => {
  const ids = Object.keys(command.failures);
  const published = pairsOf(PUBLISHED[command.name] ?? []);
  const ours = pairsOf(command.wellFormed ?? []);
  const answersOf = (sample: Sample): ReadonlySet<string | undefined> =>
    new Set(reachable(sample, [...published, ...ours]).map((id) => sample.answers.get(id)));

  test('reads nothing that has no meaning, and answers what the text allows', () => {
    const drawn = fc.tuple(
      fc.constantFrom(...(samples.get(command.name) ?? [])),
      fc.array(fc.nat(0xffff), { minLength: ids.length }),
    );
    fc.assert(
      fc.property(drawn, ([sample, picks]) => {
        let next = 0;
        const order = someLegalOrder(ids, fullOrder(command), (n) => at(picks, next++) % n);
        expect(brokenEdge(order, PUBLISHED[command.name] ?? [])).toBe(undefined);
        const first = firstOf(sample, order);
        expect(violates(sample, first === undefined ? [] : [first], answersOf(sample))).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

/** Conditions that no machine of the scene can meet, with the reason. */
const UNREACHED: Readonly<Record<string, string>> = {
  'RSI_ATTESTATION_TOKEN_CONTINUE unknown': 'an RMM without a RAK lets no token begin',
};

test.each(HAVING_FAILURES)('each condition of $name holds in some state', ({ name, failures }) => {
  const held = new Set(samples.get(name)?.flatMap(({ answers }) => [...answers.keys()]));
  const missing = Object.keys(failures).filter((id) => !held.has(id) && UNREACHED[`${name} ${id}`] === undefined);
  expect(missing).toEqual([]);
});

/** Whether a path of other edges says the same. */
const isImplied = ([l, r]: Pair, others: readonly Pair[], seen: ReadonlySet<string> = new Set()): boolean =>
  others.some(([a, b]) => a === l && (b === r || (!seen.has(b) && isImplied([b, r], others, new Set([...seen, b])))));

/** Edges that another one makes needless in every state, with the reason. */
const NEEDLESS: readonly { readonly why: string; readonly holds: (pair: Pair, others: readonly Pair[]) => boolean }[] =
  [
    { why: 'other edges lead from the one to the other', holds: isImplied },
    {
      why: 'a granule that is not delegable is UNDELEGATED, so that the condition on its state holds too',
      holds: ([l, r], others) =>
        l.endsWith('_bound') &&
        others.some(([a, b]) => b === r && new RegExp(`^${l.slice(0, -'_bound'.length)}_(gran_)?state$`).test(a)),
    },
    {
      why: 'the owner of a REC is an RD, so that rec_owner holds too',
      holds: ([l, r], others) => l === 'rd_state' && others.some(([a, b]) => a === 'rec_owner' && b === r),
    },
    {
      why: 'a walk that stops early stops at an entry that is no table, so that rtte_state holds too',
      holds: ([l, r], others) => l === 'rtt_walk' && others.some(([a, b]) => a === 'rtte_state' && b === r),
    },
  ];

test.each(HAVING_FAILURES)('an edge of $name that is dropped is missed', (command) => {
  const all = [...pairsOf(PUBLISHED[command.name] ?? []), ...pairsOf(command.wellFormed ?? [])];
  const unnoticed = all.filter((pair) => {
    const others = all.filter(([l, r]) => l !== pair[0] || r !== pair[1]);
    if (NEEDLESS.some(({ holds }) => holds(pair, others))) return false;
    return !(samples.get(command.name) ?? []).some((sample) => {
      const allowed = new Set(reachable(sample, all).map((id) => sample.answers.get(id)));
      return violates(sample, reachable(sample, others), allowed);
    });
  });
  expect(text(unnoticed)).toEqual([]);
});

describe('what the text allows', () => {
  const rmi = (name: string): Command => COMMANDS.find((command) => command.name === name) as Command;
  const world = createWorld();
  const named = (name: string): bigint => world.names.get(name) ?? 0n;
  const allowed = (name: string, ...x: bigint[]): string[] =>
    allowedResults(rmi(name), frameIn(world, rmi(name), [0n, ...x], 0n)).map(({ id }) => id);

  test('is nothing but success when no condition holds', () => {
    expect(allowed('RMI_REALM_ACTIVATE', named('n.rd'))).toEqual([]);
  });

  test('is any of several conditions that nothing orders', () => {
    expect(allowed('RMI_GRANULE_DELEGATE', (1n << 52n) + 1n)).toEqual(['gran_align', 'gran_bound', 'gran_gpt']);
  });

  test('is no condition that another one precedes, be the edge published or ours', () => {
    expect(allowed('RMI_REALM_ACTIVATE', named('free'))).toEqual(['rd_state']);
    expect(allowed('RMI_DATA_CREATE_UNKNOWN', named('free'), named('delegated'), 1n << 39n)).toEqual(['rd_state']);
    expect(allowed('RMI_DATA_CREATE_UNKNOWN', named('a.rd'), named('delegated'), 1n << 39n)).toEqual(['ipa_bound']);
  });

  test('is what some legal order answers, and every legal order answers that', () => {
    for (const command of HAVING_FAILURES.filter(({ failures }) => Object.keys(failures).length <= 7)) {
      const ids = Object.keys(command.failures);
      for (const sample of (samples.get(command.name) ?? []).slice(0, 40)) {
        const firsts = new Set([...legalOrders(ids, fullOrder(command))].map((order) => firstOf(sample, order)));
        firsts.delete(undefined);
        expect([...firsts].sort()).toEqual(reachable(sample, pairsOf(fullOrder(command))).sort());
      }
    }
  });
});

test('an order that an edge closes to a circle lets nothing through that stands in it', () => {
  const failure = (holds: boolean) => ({ pre: () => holds, post: 'NO', says: '' });
  const command = {
    ...(COMMANDS[0] as Command),
    failures: { a: failure(true), b: failure(true), c: failure(true) },
    order: [
      [['a'], ['b']],
      [['b'], ['a']],
    ],
  } as unknown as Command;
  expect(allowedResults(command, {}).map(({ id }) => id)).toEqual(['c']);
});
