import { expect } from 'vitest';
import { dataCreate } from '../../../src/rmm/rmi/index.ts';
import { conformance, on, when } from '../language/conformance.ts';
import { granuleRows, hostGranuleRows } from '../language/granule-rows.ts';
import { measurementIn, rimAfterData, rimAfterRec, rimOfRealm } from '../language/measure.ts';
import { GRANULE, MIB, OUTSIDE_IPA, UNPROTECTED, type World } from '../language/world.ts';
import { HIGH_RAM, RTT } from './support.ts';

const CONTENTS = Uint8Array.from({ length: Number(GRANULE) }, (_, i) => i % 251);

const given = (w: World) => {
  const realm = w.realm();
  realm.ensure(0n);
  return { realm, rd: realm.rd, data: w.delegated(), ipa: 0n, src: w.pageWith(CONTENTS), flags: 1n };
};
type Given = ReturnType<typeof given>;

const RD_ROWS = granuleRows('rd', 'RD', {
  align: 'RD_UNALIGNED',
  device: 'RD_DEV_MEM_MMIO',
  outside: 'RD_OUTSIDE_OF_PERMITTED_PA',
  UNDELEGATED: 'RD_STATE_UNDELEGATED',
  DELEGATED: 'RD_STATE_DELEGATED',
  REC: 'RD_STATE_REC',
  RTT: 'RD_STATE_RTT',
  DATA: 'RD_STATE_DATA',
});

export const dataCreateRows = conformance(dataCreate, {
  given,
  fails: {
    ...hostGranuleRows('src', 'src', {
      align: 'SRC_UNALIGNED',
      device: 'SRC_DEV_MEM_MMIO',
      outside: 'SRC_OUTSIDE_OF_PERMITTED_PA',
      realm: 'SRC_PAS_REALM',
      secure: 'SRC_PAS_SECURE',
    }),
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
    ...RD_ROWS,
    rd_state: { ...RD_ROWS.rd_state, REALM_NULL: (_, w) => ({ rd: w.destroyedRealm() }) },
    data_bound2: { DATA_LPA2_PA: on(HIGH_RAM.setup, (_: Given, w: World) => ({ data: HIGH_RAM.delegated(w) })) },
    realm_state: {
      REALM_ACTIVE: ({ realm }) => {
        realm.activate();
        return {};
      },
      REALM_SYSTEM_OFF: ({ realm }) => {
        const rec = realm.rec();
        realm.activate().turnOff(rec);
        return {};
      },
    },
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
    src_align: { 'the granule after': (_, w) => ({ src: w.page() }) },
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
    rtte_state: {
      'an entry that is RAM already': ({ realm, ipa }) => {
        realm.ram(ipa);
        return {};
      },
      'an entry that was destroyed': ({ realm, rd, ipa }, w) => {
        realm.data(ipa);
        w.must('RMI_DATA_DESTROY', rd, ipa);
        return {};
      },
    },
  },
  succeeds: {
    data_state: {
      'it cannot be undelegated': ({ data }, w) =>
        when({}, { sees: () => expect(w.rmi('RMI_GRANULE_UNDELEGATE', data).result.status).toBe('RMI_ERROR_INPUT') }),
    },
    data_content: {
      'the Realm reads what the Host wrote': ({ realm }, w) =>
        when(
          {},
          {
            sees: () => {
              realm.start();
              expect(w.load(0n, CONTENTS.length)).toEqual(CONTENTS);
            },
          },
        ),
      'whatever the Host writes to the source afterwards': ({ realm, src }, w) =>
        when(
          {},
          {
            sees: () => {
              w.write(src, new Uint8Array(CONTENTS.length));
              realm.start();
              expect(w.load(0n, CONTENTS.length)).toEqual(CONTENTS);
            },
          },
        ),
    },
    rtte_state: { ASSIGNED: ({ rd }, w) => when({}, { sees: () => expect(w.entry(rd, 0n, 3).state).toBe(1) }) },
    rtte_ripas: {
      'RAM where it was EMPTY': ({ rd }, w) => when({}, { sees: () => expect(w.entry(rd, 0n, 3).ripas).toBe(1) }),
      'RAM where it was DESTROYED': ({ realm, rd }, w) => {
        realm.data(0n);
        w.must('RMI_DATA_DESTROY', rd, 0);
        return when({}, { sees: () => expect(w.entry(rd, 0n, 3).ripas).toBe(1) });
      },
    },
    rtte_addr: {
      'the address of the granule': ({ rd, data }, w) =>
        when({}, { sees: () => expect(w.entry(rd, 0n, 3).desc).toBe(data) }),
    },
    rim: {
      'extended by IPA, flags and contents': ({ realm }, w) => {
        const rim = rimAfterData('sha256', rimOfRealm('sha256', realm.params), {
          ipa: 0n,
          flags: 1n,
          contents: CONTENTS,
        });
        return when(
          {},
          {
            sees: () => {
              realm.start();
              expect(measurementIn(w.call('RSI_MEASUREMENT_READ', 0))).toEqual(rimAfterRec('sha256', rim));
            },
          },
        );
      },
      'extended by IPA and flags where the contents are not measured': ({ realm }, w) => {
        const rim = rimAfterData('sha256', rimOfRealm('sha256', realm.params), { ipa: 0n, flags: 0n });
        return when(
          { flags: 0n },
          {
            sees: () => {
              realm.start();
              expect(measurementIn(w.call('RSI_MEASUREMENT_READ', 0))).toEqual(rimAfterRec('sha256', rim));
            },
          },
        );
      },
      'the flags are measured as given, reserved bits and all': ({ realm }, w) => {
        const rim = rimAfterData('sha256', rimOfRealm('sha256', realm.params), { ipa: 0n, flags: 6n });
        return when(
          { flags: 6n },
          {
            sees: () => {
              realm.start();
              expect(measurementIn(w.call('RSI_MEASUREMENT_READ', 0))).toEqual(rimAfterRec('sha256', rim));
            },
          },
        );
      },
    },
  },
});
