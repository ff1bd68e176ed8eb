import { recAuxCount } from '../../../src/rmm/rmi/index.ts';
import { conformance, on, when } from '../language/conformance.ts';
import { granuleRows } from '../language/granule-rows.ts';

export const recAuxCountRows = conformance(recAuxCount, {
  given: (w) => ({ rd: w.realm().rd }),
  fails: granuleRows('rd', 'RD', {
    align: 'RD_UNALIGNED',
    device: 'RD_DEV_MEM',
    outside: 'RD_OUTSIDE_OF_PERMITTED_PA',
    UNDELEGATED: 'RD_STATE_UNDELEGATED',
    DELEGATED: 'RD_STATE_DELEGATED',
    REC: 'RD_STATE_REC',
    RTT: 'RD_STATE_RTT',
    DATA: 'RD_STATE_DATA',
  }),
  succeeds: {
    aux_count: {
      'as many as the machine needs': (_, w) => when({}, { out: { aux_count: w.driver.machine.rec_aux_count } }),
      'none, where a REC fits one granule': on({ machine: { rec_aux_count: 0 } }, () =>
        when({}, { out: { aux_count: 0 } }),
      ),
    },
  },
});
