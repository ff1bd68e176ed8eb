import { describe, expect, test } from 'vitest';
import { RMM_1_0 } from '../../src/rmm/index.ts';
import { GAPS, gapsIn, judged } from './language/gaps.ts';
import { SUITE_ROWS, SUITE_SCENARIOS } from './language/suite.ts';
import { psciRows } from './psci/index.ts';
import { rmiRows } from './rmi/index.ts';
import { rsiRows } from './rsi/index.ts';
import { SCENARIOS } from './scenarios/index.ts';

const families = { rmi: rmiRows, rsi: rsiRows, psci: psciRows };
const rows = Object.values(families).flatMap((all) => all.flatMap((conformance) => conformance.rows));
const scenarios = Object.values(SCENARIOS).flat();
const ids = [...rows.map(({ id }) => id), ...scenarios.map(({ id }) => id)];

const repeated = (all: readonly string[]): string[] => all.filter((id, n) => all.indexOf(id) !== n);

describe('the rows', () => {
  test.each(['rmi', 'rsi', 'psci'] as const)('are there for every %s command', (family) => {
    const written = families[family].map(({ command }) => command.name);
    expect(written.toSorted()).toEqual(RMM_1_0[family].map(({ name }) => name).toSorted());
  });

  test('cover every failure condition with an invalid and a valid call, and every success condition', () => {
    const missing = Object.values(families).flatMap((all) =>
      all.flatMap(({ command, rows: own }) => {
        const has = (kind: string, condition?: string) =>
          own.some((row) => row.kind === kind && row.condition === condition);
        return [
          ...Object.keys(command.failures).filter((id) => !has('fails', id)),
          ...Object.keys(command.success).filter((id) => !has('succeeds', id)),
          ...(has('also') ? [] : ['a valid call']),
        ].map((id) => `${command.name}: ${id}`);
      }),
    );
    expect(missing).toEqual([]);
  });

  test('have names of their own', () => {
    expect(repeated(ids)).toEqual([]);
  });
});

describe("Arm's compliance suite", () => {
  test('has 380 rows, and each is a row under its condition', () => {
    expect(SUITE_ROWS).toHaveLength(380);
    const missing = SUITE_ROWS.filter(
      ({ id, condition, second }) =>
        !rows.some(
          (row) => row.id === id && row.condition === condition && (second === undefined) === (row.kind === 'fails'),
        ),
    );
    expect(missing.map(({ id }) => id)).toEqual([]);
  });

  test.each(Object.entries(SUITE_SCENARIOS))('%s: each is a scenario', (_, wanted) => {
    expect(wanted.filter((id) => !scenarios.some((scenario) => scenario.id === id))).toEqual([]);
  });
});

describe('known gaps', () => {
  test('are rows, each with a reason', () => {
    expect(GAPS.filter(({ id, reason }) => !ids.includes(id) || reason.length < 20)).toEqual([]);
    expect(repeated(GAPS.map(({ id }) => id))).toEqual([]);
  });

  test('are read from a table', () => {
    expect(gapsIn('| row | reason |\n| --- | --- |\n| `a.B` | because |\ntext\n')).toEqual([
      { id: 'a.B', reason: 'because' },
    ]);
  });

  const fails = () => {
    throw new Error('it does not hold');
  };

  test('that do not hold pass, and that hold fail', () => {
    const gaps = [{ id: 'a', reason: 'because' }];
    expect(() => judged('a', fails, gaps)).not.toThrow();
    expect(() => judged('a', () => {}, gaps)).toThrow('take it off');
    expect(() => judged('b', fails, gaps)).toThrow('it does not hold');
    expect(() => judged('b', () => {}, gaps)).not.toThrow();
  });

  test('without a reason fail', () => {
    expect(() => judged('a', fails, [{ id: 'a', reason: '' }])).toThrow('without a reason');
  });
});
