import { expect } from 'vitest';
import { encodePsciStatus } from '../../../src/abi/index.ts';
import { cpuOn } from '../../../src/rmm/psci/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { UNPROTECTED } from '../language/world.ts';
import { psciExit, threeRecs } from './support.ts';

const FID = 0xc400_0003n;

export const cpuOnRows = conformance(cpuOn, {
  given: (w) => ({ ...threeRecs(w), target_cpu: 1n, entry_point_address: 0x8000n, context_id: 0x5555n }),
  exit: psciExit(FID, 1n),
  fails: {
    entry: {
      'the first Unprotected IPA': () => ({ entry_point_address: UNPROTECTED }),
      'beyond the space': () => ({ entry_point_address: 0xffff_ffff_ffff_fffcn }),
    },
    mpidr: {
      'as many as there are RECs': () => ({ target_cpu: 3n }),
      Aff1: () => ({ target_cpu: 0x100n }),
      'Aff3 of the architecture': () => ({ target_cpu: (1n << 32n) | 1n }),
      'a REC that was destroyed': ({ second, rec }, w) => {
        w.driver.interrupt('IRQ');
        w.must('RMI_REC_DESTROY', second.rec);
        w.run(rec);
        return {};
      },
    },
    runnable: {
      itself: () => ({ target_cpu: 0n }),
    },
  },
  passes: {
    entry: { 'the last Protected IPA': () => ({ entry_point_address: UNPROTECTED - 4n }) },
    mpidr: {
      'bits that name nothing': () => when({ target_cpu: 0x8000_0001n }, { exit: psciExit(FID, 0x8000_0001n) }),
    },
  },
  succeeds: {
    pending: {
      'the caller cannot run before it is complete': ({ rec }, w) =>
        when({}, { sees: () => expect(w.enter(rec)).toMatchObject({ result: { status: 'RMI_ERROR_REC' } }) }),
      'the target runs when it is': ({ rec, second }, w) =>
        when(
          {},
          {
            sees: () => {
              w.must('RMI_PSCI_COMPLETE', rec.rec, second.rec, 0);
              expect(w.run(second, {}, 1)).toMatchObject({
                pc: 0x8000n,
                gprs: [0x5555n, ...new Array<bigint>(30).fill(0n)],
              });
              expect(w.run(rec).gprs[0]).toBe(0n);
            },
          },
        ),
      'a target that is on is found out by then': ({ rec, second }, w) => {
        w.leave('PSCI_CPU_ON', 1, 0, 0);
        w.must('RMI_PSCI_COMPLETE', rec.rec, second.rec, 0);
        w.run(rec);
        return when(
          {},
          {
            sees: () => {
              w.must('RMI_PSCI_COMPLETE', rec.rec, second.rec, 0);
              expect(w.run(rec).gprs[0]).toBe(encodePsciStatus('PSCI_ALREADY_ON'));
            },
          },
        );
      },
    },
  },
});
