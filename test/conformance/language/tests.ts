import { describe, test } from 'vitest';
import type { Conformance } from './conformance.ts';
import { judged } from './gaps.ts';
import { inProcess } from './in-process.ts';

/** A test for each row, against the machine in this process. */
export const conformanceTests = (all: readonly Conformance[]): void => {
  for (const { command, rows } of all) {
    describe(command.name, () => {
      for (const row of rows) {
        test(row.title, ({ task }) => {
          Object.assign(task.meta, {
            rule: { spec: command.spec, id: row.id, condition: row.condition, kind: row.kind },
          });
          judged(row.id, () => row.run(inProcess));
        });
      }
    });
  }
};
