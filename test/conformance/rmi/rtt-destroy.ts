import { expect } from 'vitest';
import { rttDestroy } from '../../../src/rmm/rmi/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { GIB, GRANULE, MIB, UNPROTECTED } from '../language/world.ts';
import { RTT } from './support.ts';
import { tableFails, tableGiven } from './table-rows.ts';

export const rttDestroyRows = conformance(rttDestroy, {
  given: tableGiven,
  fails: {
    ...tableFails({
      start: 'LEVEL_STARTING_LEVEL',
      level: 'LEVEL_INVALID',
      align: 'IPA_LEVEL_UNALIGNED',
      bound: 'IPA_OUT_OF_PERMITTED_IPA',
    }),
    rtt_walk: {
      IPA_NO_PARENT_RTTE: () => when({ ipa: GIB }, { result: RTT(1), out: { top: 512n * GIB } }),
      'the next table of that level exists': ({ realm }) => {
        realm.ensure(3n * GIB, 2);
        return when({ ipa: GIB }, { result: RTT(1), out: { top: 3n * GIB } });
      },
    },
    rtte_state: {
      RTTE_STATE_UNASSIGNED: () => when({ ipa: 4n * MIB }, { result: RTT(2), out: { top: GIB } }),
      RTTE_STATE_ASSIGNED: ({ realm }) => {
        realm.block(0n);
        realm.fold(0n, 3);
        return when({}, { result: RTT(2), out: { top: 0n } });
      },
      'a block of shared memory': ({ realm }) => {
        realm.mapNs(UNPROTECTED, 2);
        return when({ ipa: UNPROTECTED }, { result: RTT(2), out: { top: UNPROTECTED } });
      },
      'nothing at an Unprotected IPA': ({ realm }) => {
        realm.ensure(UNPROTECTED, 2);
        return when({ ipa: UNPROTECTED }, { result: RTT(2), out: { top: UNPROTECTED + GIB } });
      },
    },
    rtt_live: {
      RTT_LIVE: ({ realm }) => {
        realm.data(GRANULE);
        return when({}, { result: RTT(3), out: { top: 0n } });
      },
      'a table with a table below it': () => when({ level: 2 }, { result: RTT(2), out: { top: 0n } }),
    },
  },
  passes: {
    rtt_live: {
      'a table of shared memory only': ({ realm }) => {
        realm.mapNs(UNPROTECTED);
        return when({ ipa: UNPROTECTED }, { out: { top: UNPROTECTED + GIB } });
      },
      'entries of every RIPAS': ({ realm, rd }, w) => {
        realm.data(0n);
        w.must('RMI_DATA_DESTROY', rd, 0);
        realm.ram(GRANULE);
        return {};
      },
    },
  },
  succeeds: {
    rtte_state: {
      'the entry above is UNASSIGNED': ({ rd }, w) =>
        when({}, { sees: () => expect(w.entry(rd, 0n, 3)).toMatchObject({ level: 2, state: 0, desc: 0n }) }),
      'at an Unprotected IPA it can be mapped again': ({ realm, rd }, w) => {
        const pa = realm.mapNs(UNPROTECTED);
        return when(
          { ipa: UNPROTECTED },
          {
            sees: () => {
              realm.forget(UNPROTECTED, 3);
              expect(w.entry(rd, UNPROTECTED, 3)).toEqual({ level: 2, state: 0, desc: 0n, ripas: 0 });
              realm.ensure(UNPROTECTED);
              w.must('RMI_RTT_MAP_UNPROTECTED', rd, UNPROTECTED, 3, pa);
            },
          },
        );
      },
    },
    ripas: {
      'all that it described is DESTROYED': ({ rd }, w) =>
        when({}, { sees: () => expect(w.entry(rd, 0n, 2).ripas).toBe(2) }),
    },
    rtt_state: {
      'it can be undelegated': ({ rtt }, w) => when({}, { sees: () => void w.must('RMI_GRANULE_UNDELEGATE', rtt) }),
    },
    rtt: { 'the address of the table': ({ rtt }) => when({}, { out: { rtt } }) },
    top: {
      'the end of the table above, where nothing else is live': () => when({}, { out: { top: GIB } }),
      'the next live entry of the table above': ({ realm }) => {
        realm.ensure(6n * MIB);
        return when({}, { out: { top: 6n * MIB } });
      },
    },
  },
  also: {
    'a Realm that is ACTIVE': ({ realm }) => {
      realm.activate();
      return {};
    },
    'a Realm that is off': ({ realm }) => {
      const rec = realm.rec();
      realm.activate().turnOff(rec);
      return {};
    },
  },
});
