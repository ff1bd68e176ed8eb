import { expect } from 'vitest';
import { realmDestroy } from '../../../src/rmm/rmi/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { granuleRows } from '../language/granule-rows.ts';
import { NS_ATTR } from '../language/realm.ts';
import { GIB } from '../language/world.ts';

export const realmDestroyRows = conformance(realmDestroy, {
  given: (w) => {
    const realm = w.realm();
    return { realm, rd: realm.rd };
  },
  fails: {
    ...granuleRows('rd', 'RD', {
      align: 'RD_UNALIGNED',
      outside: 'RD_OUTSIDE_OF_PERMITTED_PA',
      device: 'RD_DEV_MEM',
      UNDELEGATED: 'RD_STATE_UNDELEGATED',
      DELEGATED: 'RD_STATE_DELEGATED',
      REC: 'RD_STATE_REC',
      RTT: 'RD_STATE_RTT',
      DATA: 'RD_STATE_DATA',
    }),
    realm_live: {
      REALM_LIVE: ({ realm, rd }) => {
        realm.rec();
        return { rd };
      },
      'a table below the starting level': ({ realm, rd }) => {
        realm.ensure(0n, 1);
        return { rd };
      },
      'the last of 16 tables refers to one below': (_, w) => {
        const realm = w.realm({ s2sz: 43, start: 1 });
        realm.ensure((1n << 43n) - GIB, 2);
        return { rd: realm.rd };
      },
      'a REC of a Realm that is off': ({ realm, rd }) => {
        const rec = realm.rec();
        realm.activate().turnOff(rec);
        return { rd };
      },
    },
  },
  passes: {
    realm_live: {
      'a starting level that maps memory of the Normal world only': (_, w) => {
        const { rd } = w.realm({ s2sz: 39, start: 1 });
        w.must('RMI_RTT_MAP_UNPROTECTED', rd, 1n << 38n, 1, NS_ATTR);
        return { rd };
      },
      'a Realm whose RECs are gone': ({ realm, rd }, w) => {
        w.must('RMI_REC_DESTROY', realm.rec().rec);
        return { rd };
      },
      'a Realm that is ACTIVE': ({ realm, rd }) => {
        realm.activate();
        return { rd };
      },
      'a Realm that is off': ({ realm, rd }, w) => {
        const rec = realm.rec();
        realm.activate().turnOff(rec);
        w.must('RMI_REC_DESTROY', rec.rec);
        return { rd };
      },
    },
  },
  succeeds: {
    rtt_state: {
      'the starting level can be undelegated': ({ realm }, w) =>
        when({}, { sees: () => void w.must('RMI_GRANULE_UNDELEGATE', realm.rttBase) }),
      'all of 16 tables can': (_, w) => {
        const { rd, rttBase } = w.realm({ s2sz: 43, start: 1 });
        const tables = Array.from({ length: 16 }, (_, i) => rttBase + BigInt(i) * 0x1000n);
        return when(
          { rd },
          {
            sees: () => {
              for (const table of tables) w.must('RMI_GRANULE_UNDELEGATE', table);
            },
          },
        );
      },
    },
    rd_state: {
      'rd can be undelegated': ({ rd }, w) => when({}, { sees: () => void w.must('RMI_GRANULE_UNDELEGATE', rd) }),
      'rd names no Realm any more': ({ rd }, w) =>
        when({}, { sees: () => expect(w.rmi('RMI_REC_AUX_COUNT', rd).result.status).toBe('RMI_ERROR_INPUT') }),
    },
    vmid: {
      'another Realm can have its VMID': ({ realm }, w) =>
        when({}, { sees: () => void w.realm({ vmid: realm.params.vmid }) }),
    },
  },
});
