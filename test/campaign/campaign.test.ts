import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { utf8 } from '../../src/bytes/index.ts';
import { ownCases, runCampaign } from '../../src/cli/campaign/campaign.ts';
import { machinePlans } from '../../src/cli/campaign/machine-plans.ts';
import { simplerPlans } from '../../src/cli/campaign/plan-inputs.ts';
import { planText } from '../../src/cli/campaign/plan-text.ts';
import type { CampaignState } from '../../src/cli/campaign/state.ts';
import type { Target } from '../../src/cli/campaign/target.ts';
import { tsmPlans } from '../../src/cli/campaign/tsm-plans.ts';
import { UsageError } from '../../src/cli/exit.ts';
import { parseFaultPlan } from '../../src/cli/fault-plan.ts';
import { seededEntropy } from '../../src/crypto/index.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { type ActName, actsOf } from '../../src/fault/index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swcca-campaign-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A client of numbers: it crashes at each that has a 7, and hangs at each above 200. */
const numbers = (tried: (readonly number[])[]): Target<readonly number[]> => ({
  sound: [[]],
  known: [[], [7]],
  draw: (entropy) => [...entropy.bytes(4)],
  run: async (input) => {
    tried.push(input);
    const [bad] = input.filter((n) => n === 7 || n > 200);
    const finding =
      bad === undefined
        ? undefined
        : ({
            finding: bad === 7 ? 'crash' : 'endless',
            says: 'it is wrong',
            model: bad === 7 ? 'host' : 'rmm',
          } as const);
    const met = input.map((n) => ['numbers', n > 200 ? 'large' : 'small'] as const);
    return { end: finding?.finding ?? 'done', says: '', finding, difference: bad === 7 ? 'seven' : 'large', met };
  },
  *simpler(input) {
    for (const i of input.keys()) yield input.filter((_, at) => at !== i);
  },
  files: (input) => ({ 'numbers.txt': input.join(' ') }),
  again: (place) => `again ${place}`,
  close: async () => undefined,
});

const run = async (
  runs: number,
  {
    seed = 'a',
    shard = { index: 1, of: 1 },
    out = 'out',
    stopAt = Number.POSITIVE_INFINITY,
    tried = [] as (readonly number[])[],
  } = {},
): Promise<CampaignState> => {
  let cases = 0;
  return runCampaign({
    target: numbers(tried),
    identity: { client: 'numbers', command: ['count'], seed, shard },
    runs,
    entropy: seededEntropy(nodeCrypto, utf8(seed)),
    folder: join(folder, out),
    onCase: () => {
      cases += 1;
    },
    stopped: () => cases >= stopAt,
    nowMs: () => 0,
  });
};

describe('a campaign', () => {
  test('tells bugs apart by what they are, counts the runs that showed each, and keeps the models apart', async () => {
    const { bugs, done, coverage } = await run(60);
    expect(done).toBe(60);
    expect(bugs.map(({ id, model, difference }) => ({ id, model, difference }))).toEqual([
      { id: 'host-crash-1', model: 'host', difference: 'seven' },
      { id: 'rmm-endless-2', model: 'rmm', difference: 'large' },
    ]);
    expect(bugs[1]?.hits).toBeGreaterThan(5);
    expect(coverage).toEqual({ numbers: { large: expect.any(Number), small: expect.any(Number) } });
  });

  test('makes what shows a bug as small as it gets, and writes it down', async () => {
    await run(60);
    const place = join(folder, 'out/findings/rmm-endless-2');
    expect(readFileSync(join(place, 'numbers.txt'), 'utf8')).toMatch(/^2\d\d$/);
    expect(JSON.parse(readFileSync(join(place, 'finding.json'), 'utf8'))).toMatchObject({
      id: 'rmm-endless-2',
      again: `again ${place}`,
    });
  });

  test('goes on where it was interrupted, and comes to the same', async () => {
    const before: (readonly number[])[] = [];
    await run(60, { stopAt: 13, tried: before });
    const after: (readonly number[])[] = [];
    const resumed = await run(60, { tried: after });
    const tried: (readonly number[])[] = [];
    const whole = await run(60, { tried, out: 'whole' });
    const placed = ({ bugs, ...state }: CampaignState) => ({ ...state, bugs: bugs.map(({ again: _, ...bug }) => bug) });
    expect(placed(resumed)).toEqual(placed(whole));
    // No case twice; only the sound one comes before both parts.
    expect([...before, ...after.slice(1)]).toEqual(tried);
  });

  test('does not go on as another one', async () => {
    await run(5);
    await expect(run(5, { seed: 'b' })).rejects.toThrow(UsageError);
    await expect(run(5, { shard: { index: 1, of: 2 } })).rejects.toThrow(
      /another client, command, seed, shard or --vary/,
    );
  });

  test('in shards has each case once', async () => {
    const whole: (readonly number[])[] = [];
    await run(31, { tried: whole, out: 'whole' });
    const parts = await Promise.all(
      [1, 2, 3].map((index) => run(31, { shard: { index, of: 3 }, out: `shard-${index}` })),
    );
    expect(parts.map(({ done }) => done)).toEqual([11, 10, 10]);
    expect([1, 2, 3].map((index) => ownCases(31, { index, of: 3 }))).toEqual([11, 10, 10]);
    const sum = (counts: readonly (Readonly<Record<string, number>> | undefined)[], what: string): number =>
      counts.reduce((total, each) => total + (each?.[what] ?? 0), 0);
    const once = (await run(31, { out: 'again' })).coverage['numbers'];
    for (const what of ['large', 'small']) {
      expect(
        sum(
          parts.map(({ coverage }) => coverage['numbers']),
          what,
        ),
      ).toBe(once?.[what]);
    }
  });

  test('does not begin where the client fails although nothing is wrong', async () => {
    const target = { ...numbers([]), sound: [[], [7]] };
    const identity = { client: 'numbers', command: [], seed: '', shard: { index: 1, of: 1 } };
    const entropy = seededEntropy(nodeCrypto, utf8(''));
    const options = { target, identity, runs: 3, entropy, folder: join(folder, 'out') };
    const going = runCampaign({ ...options, onCase: () => undefined, stopped: () => false, nowMs: () => 0 });
    await expect(going).rejects.toThrow(/nothing is wrong/);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});

describe('fault plans of a campaign', () => {
  const entropy = seededEntropy(nodeCrypto, utf8('plans'));

  test.each([
    ['the report tree', tsmPlans, /^tsm\./],
    ['a live machine', machinePlans, /^(?!tsm\.)/],
  ] as const)('for %s can all be written and read again, as those of their model', async (_, inputs, seam) => {
    const drawn = Array.from({ length: 200 }, (_unused, n) => inputs.draw(entropy.fork(`${n}`)));
    const plans = [...inputs.known, ...drawn];
    expect(inputs.sound).toEqual([{ model: 'host', faults: [] }]);
    expect(plans[0]?.faults).toEqual([]);
    expect(new Set(plans.map(({ model }) => model))).toEqual(new Set(['host', 'rmm']));
    for (const plan of plans) {
      for (const { at } of plan.faults) expect(at).toMatch(seam);
      const read = await parseFaultPlan(planText(plan), 'plan.yaml');
      const faults = plan.faults.map((fault) => ({ ...fault, requireFired: true }));
      expect(read).toEqual({ ...plan, faults });
    }
  });

  test('become simpler until nothing is left', () => {
    let [plan] = tsmPlans.known.slice(-1);
    let steps = 0;
    while (plan !== undefined) {
      [plan] = simplerPlans(plan);
      steps += 1;
    }
    expect(steps).toBe(2);
  });
});

test('a Host that only does what a Host may is never shown as a broken RMM', () => {
  for (const { model, faults } of machinePlans.known) {
    for (const { at, act } of faults) {
      const hostCan = actsOf('host', at).includes(Object.keys(act)[0] as ActName);
      expect({ at, act, model }).toEqual({ at, act, model: hostCan ? 'host' : 'rmm' });
    }
  }
});
