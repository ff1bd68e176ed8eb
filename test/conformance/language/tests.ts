import { describe, expect, test } from 'vitest';
import type { Conformance } from './conformance.ts';
import { judged } from './gaps.ts';
import { inProcess } from './in-process.ts';
import type { Scenario } from './scenario.ts';
import { SUITE_ROWS } from './suite.ts';

/** What a test leaves for the page of results. */
export interface TestedRule {
  readonly spec: string;
  readonly id: string;
  readonly kind: string;
  readonly condition?: string | undefined;
}

/** A test for each row, against the machine in this process. Rows of Arm's suite also give the code that it expects. */
export const conformanceTests = (all: readonly Conformance[]): void => {
  for (const { command, rows } of all) {
    describe(command.name, () => {
      for (const row of rows) {
        test(row.title, ({ task }) => {
          const { id, condition, kind } = row;
          Object.assign(task.meta, { rule: { spec: command.spec, id, condition, kind } satisfies TestedRule });
          const suite = SUITE_ROWS.find((known) => known.id === id);
          judged(id, () => {
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
      for (const { id, spec, title, run } of scenarios) {
        test(`${id}: ${title}`, ({ task }) => {
          Object.assign(task.meta, { rule: { spec, id, kind: 'scenario' } satisfies TestedRule });
          judged(id, () => run(inProcess));
        });
      }
    });
  }
};
