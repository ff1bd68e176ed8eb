import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StartDriver } from './language/driver.ts';
import { GAPS } from './language/gaps.ts';
import { SUITE_ROWS } from './language/suite.ts';
import { NeedsInside } from './language/world.ts';
import { type BridgedMachine, CannotProvide, openBridgedMachine } from './over-bridge/driver.ts';
import { psciRows } from './psci/index.ts';
import { rmiRows } from './rmi/index.ts';
import { rsiRows } from './rsi/index.ts';
import { SCENARIOS } from './scenarios/index.ts';

let machine: BridgedMachine;
beforeAll(async () => {
  machine = await openBridgedMachine();
}, 60_000);
afterAll(() => machine?.close());

const start: StartDriver = (setup) => machine.start(setup);

/** An act takes a few switches between processes: on a machine that does other things too, many of them take a while. */
const ROW_MS = 60_000;

/** What a machine in another process cannot do, and the one reason why not. */
const UNABLE: ReadonlyMap<string, typeof NeedsInside | typeof CannotProvide> = new Map([
  ['RSI_ATTESTATION_TOKEN_CONTINUE unknown: the RMM lost its key', NeedsInside],
  ...[
    'RSI_VERSION also: of two revisions, the lower',
    'RSI_VERSION also: of two revisions, the higher',
    'RSI_VERSION also: of two revisions, one that is higher still',
    'RSI_VERSION also: of two revisions, one of another major number',
    'ver-multi',
    'ver-multi 2',
    'ver-multi 3',
    'ver-multi 4',
  ].map((id) => [id, CannotProvide] as const),
]);

/** Nearly a third of all acts, and no SMC of a Realm among them. */
const WITHOUT_SMCS = 'starting levels';

const ids = [
  ...[...rsiRows, ...psciRows, ...rmiRows].flatMap(({ rows }) => rows),
  ...Object.values(SCENARIOS).flat(),
].map(({ id }) => id);

/** Known gaps are judged where conditions can be seen, which is inside. */
const isGap = ({ id }: { readonly id: string }): boolean => GAPS.some((gap) => gap.id === id);

const holds = (id: string, run: () => void): void => {
  const reason = UNABLE.get(id);
  if (reason === undefined) run();
  else expect(run).toThrow(reason);
};

describe('the guest speaks frames', () => {
  const valid = (name: string): void => {
    rsiRows.find(({ command }) => command.name === name)?.rows[0]?.run(start);
  };

  test('and a frame answers a call that returns', () => {
    const { sent, answered } = { ...machine.frames };
    valid('RSI_VERSION');
    expect(machine.frames).toEqual({ sent: sent + 1, answered: answered + 1 });
  });

  test('and none a call by which the Realm is left', () => {
    const { sent, answered } = { ...machine.frames };
    valid('RSI_HOST_CALL');
    expect(machine.frames).toEqual({ sent: sent + 1, answered });
  });
});

test('nine rows and scenarios cannot run over a socket, and are there', () => {
  expect(UNABLE.size).toBe(9);
  expect([...UNABLE.keys()].filter((id) => !ids.includes(id))).toEqual([]);
  expect(Object.keys(SCENARIOS)).toContain(WITHOUT_SMCS);
});

for (const { command, rows } of [...rsiRows, ...psciRows, ...rmiRows]) {
  describe(command.name, () => {
    for (const row of rows.filter((each) => !isGap(each))) {
      const judge = (): void => {
        const suite = SUITE_ROWS.find((known) => known.id === row.id);
        holds(row.id, () => {
          const x0 = row.run(start);
          if (suite !== undefined) expect(x0).toBe(suite.x0);
        });
      };
      test(row.title, judge, ROW_MS);
    }
  });
}

for (const [group, scenarios] of Object.entries(SCENARIOS)) {
  if (group === WITHOUT_SMCS) continue;
  describe(group, () => {
    for (const one of scenarios.filter((each) => !isGap(each))) {
      test(`${one.id}: ${one.title}`, () => holds(one.id, () => one.run(start)), ROW_MS);
    }
  });
}
