import { describe, expect, test } from 'vitest';
import type { Result } from '../../../scripts/lib/conformance/page.mjs';
import type { Conformance, RowCase } from './conformance.ts';
import { judged } from './gaps.ts';
import { inProcess } from './in-process.ts';
import type { Scenario } from './scenario.ts';
import { SUITE_ROWS } from './suite.ts';

/** What a test leaves for the page of results. */
export type TestedRule = Omit<Result, 'passed'>;

/** What a row of a command is about. */
export const ruleOf = ({ command }: Conformance, { id, kind, condition, label }: RowCase): TestedRule => ({
  group: command.name,
  spec: command.spec,
  id,
  kind,
  condition,
  label,
});

/** What a scenario of a group is about. */
export const scenarioRule = (group: string, { id, spec, title }: Scenario): TestedRule => ({
  group,
  spec,
  id,
  kind: 'scenario',
  label: title,
});

/** A test for each row, against the machine in this process. Rows of Arm's suite also give the code that it expects. */
export const conformanceTests = (all: readonly Conformance[]): void => {
  for (const conformance of all) {
    describe(conformance.command.name, () => {
      for (const row of conformance.rows) {
        test(row.title, ({ task }) => {
          Object.assign(task.meta, { rule: ruleOf(conformance, row) });
          const suite = SUITE_ROWS.find((known) => known.id === row.id);
          judged(row.id, () => {
            const x0 = row.run(inProcess);
            if (suite !== undefined) expect(x0).toBe(suite.x0);
          });
        });
      }
    });
  }
};

/** A test for each scenario, against the machine in this process. */
export const scenarioTests = (groups: Readonly<Record<string, readonly Scenario[]>>): void => {
  for (const [group, scenarios] of Object.entries(groups)) {
    describe(group, () => {
      for (const one of scenarios) {
        test(`${one.id}: ${one.title}`, ({ task }) => {
          Object.assign(task.meta, { rule: scenarioRule(group, one) });
          judged(one.id, () => one.run(inProcess));
        });
      }
    });
  }
};
