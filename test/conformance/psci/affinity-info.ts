import { expect } from 'vitest';
import { encodePsciStatus } from '../../../src/abi/index.ts';
import { affinityInfo } from '../../../src/rmm/psci/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { psciExit, threeRecs } from './support.ts';

const FID = 0xc400_0004n;

export const affinityInfoRows = conformance(affinityInfo, {
  given: (w) => ({ ...threeRecs(w), target_affinity: 1n, lowest_affinity_level: 0 }),
  exit: psciExit(FID, 1n),
  fails: {
    target_bound: {
      'level 1': () => ({ lowest_affinity_level: 1 }),
      'the last bit of 32': () => ({ lowest_affinity_level: 2 ** 31 }),
    },
    target_match: {
      'as many as there are RECs': () => ({ target_affinity: 3n }),
      Aff2: () => ({ target_affinity: 0x1_0000n }),
    },
  },
  passes: {
    target_bound: {
      'bits that should be zero are ignored': () => ({ lowest_affinity_level: 2 ** 32 }),
    },
    target_match: { 'the last REC': () => when({ target_affinity: 2n }, { exit: psciExit(FID, 2n) }) },
  },
  succeeds: {
    pending: {
      'the caller cannot run before it is complete': ({ rec }, w) =>
        when({}, { sees: () => expect(w.enter(rec)).toMatchObject({ result: { status: 'RMI_ERROR_REC' } }) }),
      'a target that is off': ({ rec, second }, w) =>
        when(
          {},
          {
            sees: () => {
              w.must('RMI_PSCI_COMPLETE', rec.rec, second.rec, 0);
              expect(w.run(rec).gprs[0]).toBe(encodePsciStatus('PSCI_OFF'));
            },
          },
        ),
      'itself is on, and the Host is not asked': () => when({ target_affinity: 0n }, { result: 'PSCI_SUCCESS' }),
    },
  },
});
