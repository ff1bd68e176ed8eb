import { realmActivate } from '../../../src/rmm/rmi/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { granuleRows } from '../language/granule-rows.ts';

const RD_ROWS = granuleRows('rd', 'RD', {
  align: 'RD_UNALIGNED',
  device: 'RD_DEV_MEM_MMIO',
  outside: 'RD_OUTSIDE_OF_PERMITTED_PA',
  UNDELEGATED: 'RD_STATE_UNDELEGATED',
  DELEGATED: 'RD_STATE_DELEGATED',
  REC: 'RD_REC',
  DATA: 'RD_DATA',
  RTT: 'RD_RTT',
});

export const realmActivateRows = conformance(realmActivate, {
  given: (w) => {
    const realm = w.realm();
    return { realm, rec: realm.rec(), rd: realm.rd };
  },
  fails: {
    ...RD_ROWS,
    rd_state: { ...RD_ROWS.rd_state, REALM_NULL: (_, w) => ({ rd: w.destroyedRealm() }) },
    realm_state: {
      'the Realm is ACTIVE': ({ realm, rd }) => {
        realm.activate();
        return { rd };
      },
      REALM_SYSTEM_OFF: ({ realm, rec, rd }) => {
        realm.activate().turnOff(rec);
        return { rd };
      },
    },
  },
  succeeds: {
    realm_state: {
      'a REC may run': ({ rd, rec }) => when({ rd }, { sees: ({ world }) => world.run(rec) }),
    },
  },
});
