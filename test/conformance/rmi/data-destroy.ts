import { expect } from 'vitest';
import { dataDestroy } from '../../../src/rmm/rmi/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { granuleRows } from '../language/granule-rows.ts';
import { GIB, GRANULE, MIB, OUTSIDE_IPA, UNPROTECTED } from '../language/world.ts';
import { RTT } from './support.ts';

export const dataDestroyRows = conformance(dataDestroy, {
  given: (w) => {
    const realm = w.realm();
    return { realm, rd: realm.rd, ipa: 0n, data: realm.data(0n) };
  },
  fails: {
    ...granuleRows('rd', 'RD', {
      align: 'RD_UNALIGNED',
      device: 'RD_DEV_MEM_MMIO',
      outside: 'RD_OUTSIDE_OF_PERMITTED_PA',
      UNDELEGATED: 'RD_STATE_UNDELEGATED',
      DELEGATED: 'RD_STATE_DELEGATED',
      REC: 'RD_STATE_REC',
      RTT: 'RD_STATE_RTT',
      DATA: 'RD_STATE_DATA',
    }),
    ipa_align: {
      IPA_UNALIGNED: ({ ipa }) => ({ ipa: ipa + 1n }),
      'half a granule further': ({ ipa }) => ({ ipa: ipa + 0x800n }),
    },
    ipa_bound: {
      IPA_UNPROTECTED: ({ realm }) => {
        realm.ensure(UNPROTECTED);
        return { ipa: UNPROTECTED };
      },
      IPA_OUTSIDE_OF_PERMITTED_IPA: () => ({ ipa: OUTSIDE_IPA }),
    },
    rtt_walk: {
      IPA_NOT_MAPPED: () => when({ ipa: 2n * MIB }, { result: RTT(2), out: { top: GIB } }),
      'the next table of that level is live': ({ realm }) => {
        realm.ensure(6n * MIB);
        return when({ ipa: 2n * MIB }, { result: RTT(2), out: { top: 6n * MIB } });
      },
      'no level 2 table either': () => when({ ipa: 5n * GIB + GRANULE }, { result: RTT(1), out: { top: 512n * GIB } }),
      'inside a folded block': ({ realm }) => {
        realm.block(2n * MIB);
        realm.fold(2n * MIB, 3);
        const ipa = 2n * MIB + GRANULE;
        return when({ ipa }, { result: RTT(2), out: { top: ipa } });
      },
    },
    rtte_state: {
      RTTE_STATE_UNASSIGNED: () => when({ ipa: GRANULE }, { result: RTT(3), out: { top: 2n * MIB } }),
      'the next page is mapped': ({ realm }) => {
        realm.data(3n * GRANULE);
        return when({ ipa: GRANULE }, { result: RTT(3), out: { top: 3n * GRANULE } });
      },
    },
  },
  wins: {
    IPA_UNPROTECTED_NOT_MAPPED: ['ipa_bound', 'rtt_walk', () => ({ ipa: UNPROTECTED })],
    IPA_UNPROTECTED_RTTE_UNASSIGNED: [
      'ipa_bound',
      'rtte_state',
      ({ realm }) => {
        realm.ensure(UNPROTECTED);
        return { ipa: UNPROTECTED };
      },
    ],
  },
  passes: {
    ipa_bound: {
      'the last Protected IPA': ({ realm }) => {
        realm.data(UNPROTECTED - GRANULE);
        return when({ ipa: UNPROTECTED - GRANULE }, { out: { top: UNPROTECTED } });
      },
    },
  },
  succeeds: {
    data_state: {
      'it can be undelegated': ({ data }, w) => when({}, { sees: () => void w.must('RMI_GRANULE_UNDELEGATE', data) }),
      'and nothing of it is left': ({ realm }, w) => {
        const data = realm.data(GRANULE, new Uint8Array(64).fill(0x5e));
        return when(
          { ipa: GRANULE },
          {
            sees: () => {
              w.must('RMI_GRANULE_UNDELEGATE', data);
              expect(w.read(data, 64)).not.toContain(0x5e);
            },
          },
        );
      },
    },
    rtte_state: { UNASSIGNED: ({ rd }, w) => when({}, { sees: () => expect(w.entry(rd, 0n, 3).state).toBe(0) }) },
    ripas_ram: {
      'RAM becomes DESTROYED': ({ rd }, w) => when({}, { sees: () => expect(w.entry(rd, 0n, 3).ripas).toBe(2) }),
      'EMPTY stays EMPTY': ({ realm, rd }, w) => {
        realm.unknown(GRANULE);
        return when({ ipa: GRANULE }, { sees: () => expect(w.entry(rd, GRANULE, 3).ripas).toBe(0) });
      },
      'DESTROYED stays DESTROYED': ({ realm, rd }, w) => {
        w.must('RMI_DATA_DESTROY', rd, 0);
        realm.unknown(0n);
        return when({}, { sees: () => expect(w.entry(rd, 0n, 3).ripas).toBe(2) });
      },
    },
    data: { 'the address of the granule': ({ data }) => when({}, { out: { data } }) },
    top: {
      'the end of the table, where nothing else is mapped': () => when({}, { out: { top: 2n * MIB } }),
      'the next page that is mapped': ({ realm }) => {
        realm.data(2n * GRANULE);
        return when({}, { out: { top: 2n * GRANULE } });
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
