import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { conformancePage, type Result, tablesOf } from '../../scripts/lib/conformance/page.mjs';
import { SUITE_IDS, SUITE_SCENARIOS } from './language/suite.ts';
import { ruleOf, scenarioRule } from './language/tests.ts';
import { psciRows } from './psci/index.ts';
import { rmiRows } from './rmi/index.ts';
import { rsiRows } from './rsi/index.ts';
import { SCENARIOS } from './scenarios/index.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const suite = { rows: [...SUITE_IDS], scenarios: Object.values(SUITE_SCENARIOS).flat() };
const known = read('test/known-gaps.md');

describe('docs/conformance.md', () => {
  test('is what a run in which nothing fails gives', () => {
    // Each row that fails fails a test of its own: that they all pass may be taken for granted here.
    const rules = [
      ...[...rmiRows, ...rsiRows, ...psciRows].flatMap((all) => all.rows.map((row) => ruleOf(all, row))),
      ...Object.entries(SCENARIOS).flatMap(([group, all]) => all.map((one) => scenarioRule(group, one))),
    ];
    const page = conformancePage(
      rules.map((rule) => ({ ...rule, passed: true })),
      known,
      suite,
    );
    expect(read('docs/conformance.md')).toBe(page);
  });

  test('names what fails, and what is a gap', () => {
    const row: Result = {
      group: 'RMI_X',
      spec: 'RMM 1.0 B4.3.1',
      id: 'RMI_X.Y',
      kind: 'fails',
      condition: 'x_align',
      label: 'Y',
      passed: false,
    };
    expect(conformancePage([row], '', suite)).toContain('| fails by `x_align` | Y | **fails**: RMI_X.Y |');
    const gap = '## Rows that do not hold\n\n| row | reason |\n| --- | --- |\n| `RMI_X.Y` | because |\n';
    expect(conformancePage([{ ...row, passed: true }], gap, suite)).toContain('| Y | gap: `RMI_X.Y` |');
  });
});

describe('rules that are not modelled', () => {
  test('name a section and a reason', () => {
    const { 'Rules that are not modelled': rules = [], Readings: readings = [] } = tablesOf(known);
    expect(rules.length).toBeGreaterThan(5);
    for (const [section, rule, reason] of [...rules, ...readings]) {
      expect(section).toMatch(/^[ABC]\d(\.\d+)*$/);
      expect(rule?.length).toBeGreaterThan(10);
      expect(reason?.length).toBeGreaterThan(20);
    }
  });
});
