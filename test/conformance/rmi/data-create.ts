import { expect } from 'vitest';
import { dataCreate } from '../../../src/rmm/rmi/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { hostGranuleRows } from '../language/granule-rows.ts';
import { measurementIn, rimAfterData, rimAfterRec, rimOfRealm } from '../language/measure.ts';
import { GRANULE, type World } from '../language/world.ts';
import { PAGE_DATA_ROWS, PAGE_FAILS, PAGE_PASSES, PAGE_RD_ROWS, PAGE_WINS } from './page-rows.ts';

const CONTENTS = Uint8Array.from({ length: Number(GRANULE) }, (_, i) => i % 251);

const given = (w: World) => {
  const realm = w.realm();
  realm.ensure(0n);
  return { realm, rd: realm.rd, data: w.delegated(), ipa: 0n, src: w.pageWith(CONTENTS), flags: 1n };
};

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
    ...PAGE_DATA_ROWS,
    ...PAGE_RD_ROWS,
    rd_state: { ...PAGE_RD_ROWS.rd_state, REALM_NULL: (_, w) => ({ rd: w.destroyedRealm() }) },
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
    ...PAGE_FAILS,
  },
  wins: PAGE_WINS,
  passes: {
    src_align: { 'the granule after': (_, w) => ({ src: w.page() }) },
    ...PAGE_PASSES,
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
