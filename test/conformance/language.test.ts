import { describe, expect, test } from 'vitest';
import { RMM_1_0 } from '../../src/rmm/index.ts';
import { realmActivate } from '../../src/rmm/rmi/index.ts';
import { type Command, withFailure, without } from '../../src/spec/index.ts';
import { conformance, type RowCase, when } from './language/conformance.ts';
import type { StartDriver } from './language/driver.ts';
import { GAPS } from './language/gaps.ts';
import { inProcess } from './language/in-process.ts';
import { NeedsInside, type World } from './language/world.ts';
import { psciRows } from './psci/index.ts';
import { rmiRows } from './rmi/index.ts';
import { realmActivateRows } from './rmi/realm-activate.ts';
import { rsiRows } from './rsi/index.ts';
import { SCENARIOS } from './scenarios/index.ts';

/** The machine in this process, with RMI_REALM_ACTIVATE replaced. */
const running =
  (activate: Command): StartDriver =>
  (setup) => {
    const rmi = RMM_1_0.rmi.map((command) => (command.name === activate.name ? activate : command));
    return inProcess({ ...setup, commands: { ...RMM_1_0, rmi: rmi as typeof RMM_1_0.rmi } });
  };

/** A driver that cannot look inside: what a socket has to offer. */
const outsideOnly: StartDriver = (setup) => {
  const { inside: _, ...driver } = inProcess(setup);
  return driver;
};

const row = (rows: readonly RowCase[], kind: string, condition?: string): RowCase => {
  const found = rows.find((one) => one.kind === kind && one.condition === condition);
  if (found === undefined) throw new Error(`no row of ${condition}`);
  return found;
};
const { rows } = realmActivateRows;
/** Every row of every command in one test: on a machine that does other things too, this takes a while. */
const EVERY_ROW_MS = 120_000;
const everyRow = [
  ...[...rmiRows, ...rsiRows, ...psciRows].flatMap((all) => all.rows),
  ...Object.values(SCENARIOS).flat(),
];
const command: Command = realmActivateRows.command;

describe('a row fails', () => {
  test('when its condition is not checked', () => {
    expect(() => row(rows, 'fails', 'realm_state').run(running(without(command, 'realm_state') as Command))).toThrow();
  });

  test('when its condition answers something else', () => {
    const post = { status: 'RMI_ERROR_REC', index: 0 };
    const changed = withFailure(command, 'realm_state', { post });
    expect(() => row(rows, 'fails', 'realm_state').run(running(changed))).toThrow('X0 is 0x3, not 0x2');
  });

  test('when a command that fails changes something', () => {
    const meddles = { ...command, failures: { ...command.failures } };
    const realm_state = command.failures['realm_state'];
    meddles.failures['realm_state'] = {
      says: realm_state?.says ?? '',
      pre: ((x: { rmm: { write(pa: bigint, bytes: Uint8Array): void }; rd: bigint; realm: { state: string } }) => {
        if (x.realm.state === 'REALM_NEW') return false;
        x.rmm.write(x.rd, Uint8Array.of(1));
        return true;
      }) as never,
      post: realm_state?.post as never,
    };
    expect(() => row(rows, 'fails', 'realm_state').run(running(meddles))).toThrow(/changed/);
  });

  test('when the effect does not bring about what it promises', () => {
    const idle = { ...command, effect: () => undefined };
    expect(() => row(rows, 'succeeds', 'realm_state').run(running(idle))).toThrow('realm_state does not hold');
  });

  test('when something outside the footprint changes', () => {
    const strays = { ...command, footprint: {} };
    expect(() => row(rows, 'also').run(running(strays))).toThrow('outside its footprint');
  });
});

describe('a row passes', () => {
  test(
    'against a driver that cannot look inside, all but one of them',
    () => {
      const needInside = everyRow.filter(({ id, run }) => {
        if (GAPS.some((gap) => gap.id === id)) return false;
        try {
          run(outsideOnly);
          return false;
        } catch (error) {
          if (error instanceof NeedsInside) return true;
          throw error;
        }
      });
      expect(needInside.map(({ id }) => id)).toEqual(['RSI_ATTESTATION_TOKEN_CONTINUE unknown: the RMM lost its key']);
    },
    EVERY_ROW_MS,
  );
});

describe('the language', () => {
  const given = (w: World) => ({ rd: w.realm().rd });
  const fails = {
    rd_align: { x: () => ({}) },
    rd_bound: { x: () => ({}) },
    rd_state: { x: () => ({}) },
    realm_state: { x: () => ({}) },
  };
  const succeeds = { realm_state: { x: () => ({}) } };

  test('has a row for each condition, or does not compile', () => {
    const { realm_state: _, ...missing } = fails;
    // @ts-expect-error: realm_state has no row
    expect(() => conformance(realmActivate, { given, fails: missing, succeeds })).not.toThrow();
    // @ts-expect-error: a success condition has no row
    expect(() => conformance(realmActivate, { given, fails, succeeds: {} })).not.toThrow();
  });

  test('has no row for what is no condition, or does not compile', () => {
    // @ts-expect-error: there is no condition of that name
    expect(conformance(realmActivate, { given, fails: { ...fails, rd_stat: {} }, succeeds }).rows).not.toEqual([]);
    // @ts-expect-error: rd is an address
    conformance(realmActivate, { given, fails: { ...fails, rd_align: { x: () => ({ rd: 'there' }) } }, succeeds });
    // @ts-expect-error: there is no input of that name
    conformance(realmActivate, { given: () => ({ rdd: 0n }), fails, succeeds });
  });

  test('tells a wrong expectation from a right one', () => {
    const wrong = conformance(realmActivate, {
      given,
      fails: { ...fails, rd_align: { 'nothing is wrong with it': () => ({}) } },
      succeeds: {
        realm_state: { 'an output that it has not': () => when({}, { sees: ({ x }) => expect(x[1]).toBe(1n) }) },
      },
    });
    expect(() => row(wrong.rows, 'fails', 'rd_align').run(inProcess)).toThrow('rd_align does not hold before the call');
    expect(() => row(wrong.rows, 'succeeds', 'realm_state').run(inProcess)).toThrow();
    expect(() => row(wrong.rows, 'also').run(inProcess)).not.toThrow();
  });
});
