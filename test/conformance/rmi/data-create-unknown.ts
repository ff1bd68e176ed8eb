import { expect } from 'vitest';
import { dataCreateUnknown } from '../../../src/rmm/rmi/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { GRANULE, type World } from '../language/world.ts';
import { PAGE_DATA_ROWS, PAGE_FAILS, PAGE_PASSES, PAGE_RD_ROWS, PAGE_WINS } from './page-rows.ts';

const given = (w: World) => {
  const realm = w.realm();
  realm.ensure(0n);
  return { realm, rd: realm.rd, data: w.delegated(), ipa: 0n };
};

export const dataCreateUnknownRows = conformance(dataCreateUnknown, {
  given,
  fails: {
    ...PAGE_DATA_ROWS,
    ...PAGE_RD_ROWS,
    ...PAGE_FAILS,
  },
  wins: PAGE_WINS,
  passes: {
    ...PAGE_PASSES,
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
