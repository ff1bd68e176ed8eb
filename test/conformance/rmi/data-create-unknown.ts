import { expect } from 'vitest';
import { dataCreateUnknown } from '../../../src/rmm/rmi/index.ts';
import { conformance, on, when } from '../language/conformance.ts';
import { granuleRows } from '../language/granule-rows.ts';
import { GRANULE, MIB, OUTSIDE_IPA, UNPROTECTED, type World } from '../language/world.ts';
import { HIGH_RAM, RTT } from './support.ts';

const given = (w: World) => {
  const realm = w.realm();
  realm.ensure(0n);
  return { realm, rd: realm.rd, data: w.delegated(), ipa: 0n };
};
type Given = ReturnType<typeof given>;

export const dataCreateUnknownRows = conformance(dataCreateUnknown, {
  given,
  fails: {
    ...granuleRows('data', 'DELEGATED', {
      align: 'DATA_UNALIGNED',
      device: 'DATA_DEV_MEM_MMIO',
      outside: 'DATA_OUTSIDE_OF_PERMITTED_PA',
      UNDELEGATED: 'DATA_STATE_UNDELEGATED',
      RD: 'DATA_STATE_RD',
      REC: 'DATA_STATE_REC',
      RTT: 'DATA_STATE_RTT',
      DATA: 'DATA_STATE_DATA',
    }),
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
    data_bound2: { DATA_LPA2_PA: on(HIGH_RAM.setup, (_: Given, w: World) => ({ data: HIGH_RAM.delegated(w) })) },
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
      IPA_NOT_MAPPED: () => when({ ipa: 2n * MIB }, { result: RTT(2) }),
      'no level 2 table either': () => when({ ipa: 1n << 30n }, { result: RTT(1) }),
      'inside a folded block': ({ realm }) => {
        realm.block(0n);
        realm.fold(0n, 3);
        return when({ ipa: GRANULE }, { result: RTT(2) });
      },
    },
    rtte_state: {
      RTTE_STATE_ASSIGNED: ({ realm, ipa }) => {
        realm.data(ipa);
        return when({}, { result: RTT(3) });
      },
    },
  },
  wins: {
    IPA_UNPROTECTED_NOT_MAPPED: ['ipa_bound', 'rtt_walk', () => ({ ipa: UNPROTECTED })],
    IPA_UNPROTECTED_RTTE_ASSIGNED: [
      'ipa_bound',
      'rtte_state',
      ({ realm }) => {
        realm.mapNs(UNPROTECTED);
        return { ipa: UNPROTECTED };
      },
    ],
  },
  passes: {
    data_bound2: {
      'a Realm with LPA2': on(HIGH_RAM.setup, (_: Given, w: World) => {
        const realm = w.realm({ flags: 1n });
        realm.ensure(0n);
        return { rd: realm.rd, data: HIGH_RAM.delegated(w) };
      }),
    },
    ipa_bound: {
      'the last Protected IPA': ({ realm }) => {
        realm.ensure(UNPROTECTED - GRANULE);
        return { ipa: UNPROTECTED - GRANULE };
      },
    },
  },
  succeeds: {
    data_state: {
      'it cannot be undelegated': ({ data }, w) =>
        when({}, { sees: () => expect(w.rmi('RMI_GRANULE_UNDELEGATE', data).result.status).toBe('RMI_ERROR_INPUT') }),
    },
    data_content: {
      'nothing of what was there before': ({ realm, ipa }, w) => {
        const data = w.pageWith(new Uint8Array(Number(GRANULE)).fill(0x5e));
        w.must('RMI_GRANULE_DELEGATE', data);
        realm.ram(ipa);
        return when(
          { data },
          {
            sees: () => {
              realm.start();
              expect(w.load(0n, Number(GRANULE))).not.toContain(0x5e);
            },
          },
        );
      },
    },
    rtte_state: { ASSIGNED: ({ rd }, w) => when({}, { sees: () => expect(w.entry(rd, 0n, 3).state).toBe(1) }) },
    rtte_ripas: {
      'EMPTY stays EMPTY': ({ rd }, w) => when({}, { sees: () => expect(w.entry(rd, 0n, 3).ripas).toBe(0) }),
      'RAM stays RAM': ({ realm, rd }, w) => {
        realm.ram(0n);
        return when({}, { sees: () => expect(w.entry(rd, 0n, 3).ripas).toBe(1) });
      },
      'DESTROYED stays DESTROYED': ({ realm, rd }, w) => {
        realm.data(0n);
        w.must('RMI_DATA_DESTROY', rd, 0);
        return when({}, { sees: () => expect(w.entry(rd, 0n, 3).ripas).toBe(2) });
      },
    },
    rtte_addr: {
      'the address of the granule': ({ rd, data }, w) =>
        when({}, { sees: () => expect(w.entry(rd, 0n, 3).desc).toBe(data) }),
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
