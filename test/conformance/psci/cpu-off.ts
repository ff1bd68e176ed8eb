import { expect } from 'vitest';
import { cpuOff } from '../../../src/rmm/psci/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { psciExit, threeRecs } from './support.ts';

export const cpuOffRows = conformance(cpuOff, {
  given: threeRecs,
  exit: psciExit(0x8400_0002n),
  fails: {},
  succeeds: {
    runnable: {
      'it cannot be entered': ({ rec }, w) =>
        when({}, { sees: () => expect(w.enter(rec)).toMatchObject({ result: { status: 'RMI_ERROR_REC' } }) }),
      'another REC can turn it on again': (_, w) => {
        w.driver.interrupt('IRQ');
        const pair = w.realm();
        const [first, second] = [pair.rec(), pair.rec()];
        pair.activate();
        w.run(first);
        return when(
          {},
          {
            sees: () => {
              w.run(second);
              w.leave('PSCI_CPU_ON', 0, 0x4000, 7);
              w.must('RMI_PSCI_COMPLETE', second.rec, first.rec, 0);
              expect(w.run(first)).toMatchObject({ pc: 0x4000n, gprs: [7n, ...new Array<bigint>(30).fill(0n)] });
            },
          },
        );
      },
    },
  },
});
