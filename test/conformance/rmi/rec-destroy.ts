import { expect } from 'vitest';
import { recDestroy } from '../../../src/rmm/rmi/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { granuleRows } from '../language/granule-rows.ts';

export const recDestroyRows = conformance(recDestroy, {
  given: (w) => {
    const realm = w.realm();
    const rec = realm.rec();
    return { realm, rec, rec_ptr: rec.rec };
  },
  fails: {
    ...granuleRows(
      'rec_ptr',
      'REC',
      {
        align: 'REC_UNALIGNED',
        outside: 'REC_OUTSIDE_OF_PERMITTED_PA',
        device: 'REC_DEV_MEM',
        UNDELEGATED: 'REC_GRAN_STATE_UNDELEGATED',
        RD: 'REC_GRAN_STATE_RD',
        REC_AUX: 'REC_GRAN_STATE_REC_AUX',
        RTT: 'REC_GRAN_STATE_RTT',
        DATA: 'REC_GRAN_STATE_DATA',
      },
      'rec',
      'rec_gran_state',
    ),
    rec_state: {
      'it runs on another PE': ({ realm, rec }, w) => {
        realm.activate();
        w.run(rec, {}, 1);
        return {};
      },
    },
  },
  passes: {
    rec_state: {
      'it ran and left': ({ realm, rec }, w) => {
        realm.activate();
        w.run(rec, {}, 1);
        w.driver.interrupt('IRQ', { pe: 1 });
        return {};
      },
      'its Realm is off': ({ realm, rec }) => {
        realm.activate().turnOff(rec);
        return {};
      },
    },
  },
  succeeds: {
    rec_gran_state: {
      'it can be undelegated': ({ rec_ptr }, w) =>
        when({}, { sees: () => void w.must('RMI_GRANULE_UNDELEGATE', rec_ptr) }),
    },
    rec_aux_state: {
      'all auxiliary granules can be undelegated': ({ rec }, w) =>
        when(
          {},
          {
            sees: () => {
              for (const pa of rec.aux) w.must('RMI_GRANULE_UNDELEGATE', pa);
            },
          },
        ),
    },
    num_recs: {
      'its Realm can be destroyed': ({ realm }, w) =>
        when({}, { sees: () => void w.must('RMI_REALM_DESTROY', realm.rd) }),
      'but not while there is another REC': ({ realm }, w) => {
        realm.rec();
        return when(
          {},
          {
            sees: () => expect(w.rmi('RMI_REALM_DESTROY', realm.rd).result.status).toBe('RMI_ERROR_REALM'),
          },
        );
      },
    },
  },
});
