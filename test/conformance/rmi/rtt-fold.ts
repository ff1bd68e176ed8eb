import { expect } from 'vitest';
import { rttFold } from '../../../src/rmm/rmi/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { NS_ATTR } from '../language/realm.ts';
import { GIB, GRANULE, MIB, UNPROTECTED, type World } from '../language/world.ts';
import { RTT } from './support.ts';
import { tableFails, tableGiven } from './table-rows.ts';

/** A level 3 table of shared memory at the first Unprotected IPA; `attr` of each page may differ. */
const sharedTable = (
  { realm, rd }: ReturnType<typeof tableGiven>,
  w: World,
  attr: (page: bigint) => bigint = () => NS_ATTR,
  first = w.page(512, 512),
): bigint => {
  realm.ensure(UNPROTECTED);
  for (let i = 0n; i < 512n; i += 1n) {
    w.must('RMI_RTT_MAP_UNPROTECTED', rd, UNPROTECTED + i * GRANULE, 3, (first + i * GRANULE) | attr(i));
  }
  return first;
};

export const rttFoldRows = conformance(rttFold, {
  given: tableGiven,
  fails: {
    ...tableFails({
      start: 'LEVEL_STARTING_LEVLE',
      level: 'LEVEL_OUT_OF_BOUND',
      align: 'IPA_L2_UNALIGNED',
      bound: 'IPA_OUT_OF_BOUND',
    }),
    rtt_walk: {
      IPA_NOT_MAPPED: () => when({ ipa: 512n * GIB }, { result: RTT(0) }),
      'no level 2 table': () => when({ ipa: GIB }, { result: RTT(1) }),
    },
    rtte_state: {
      RTTE_UNASSIGED: () => when({ ipa: 4n * MIB }, { result: RTT(2) }),
      RTTE_ASSIGNED: ({ realm }) => {
        realm.block(0n);
        realm.fold(0n, 3);
        return when({}, { result: RTT(2) });
      },
    },
    rtt_homo: {
      RTT_NON_HOMOGENEOUS: ({ realm }) => {
        realm.data(7n * GRANULE);
        return when({}, { result: RTT(3) });
      },
      'one RIPAS differs': ({ realm }) => {
        realm.ram(511n * GRANULE);
        return when({}, { result: RTT(3) });
      },
      'the last page is missing': ({ realm, rd }, w) => {
        realm.block(0n);
        w.must('RMI_DATA_DESTROY', rd, 511n * GRANULE);
        return when({}, { result: RTT(3) });
      },
      'pages that are not contiguous': ({ realm, rd }, w) => {
        realm.block(0n);
        w.must('RMI_DATA_DESTROY', rd, 511n * GRANULE);
        realm.unknown(511n * GRANULE);
        return when({}, { result: RTT(3) });
      },
      'contiguous pages of which the first is not aligned to a block': ({ rd, ipa }, w) => {
        const first = w.delegated(513, 512) + GRANULE;
        for (let i = 0n; i < 512n; i += 1n) {
          w.must('RMI_DATA_CREATE_UNKNOWN', rd, first + i * GRANULE, ipa + i * GRANULE);
        }
        return when({}, { result: RTT(3) });
      },
      'shared pages of different attributes': (g, w) => {
        sharedTable(g, w, (page) => (page === 9n ? NS_ATTR ^ (1n << 7n) : NS_ATTR));
        return when({ ipa: UNPROTECTED }, { result: RTT(3) });
      },
      'shared pages of which the first is not aligned to a block': (g, w) => {
        sharedTable(g, w, () => NS_ATTR, w.page(513, 512) + GRANULE);
        return when({ ipa: UNPROTECTED }, { result: RTT(3) });
      },
      'a table with a table below it': () => when({ level: 2 }, { result: RTT(2) }),
      'blocks of level 1, which level 0 cannot hold': ({ realm, rd }, w) => {
        realm.ensure(UNPROTECTED, 1);
        for (let i = 0n; i < 512n; i += 1n) {
          w.must('RMI_RTT_MAP_UNPROTECTED', rd, UNPROTECTED + i * GIB, 1, (i << 30n) | NS_ATTR);
        }
        return when({ ipa: UNPROTECTED, level: 1 }, { result: RTT(1) });
      },
    },
  },
  wins: {
    LEVEL_BOUND_RTT_WALK: ['level_bound', 'rtt_walk', () => ({ level: 4, ipa: 512n * GIB })],
    LEVEL_BOUND_RTTE_STATE: ['level_bound', 'rtte_state', () => ({ level: 0, ipa: 512n * GIB })],
  },
  passes: {
    level_bound: {
      'level 1': ({ realm }) => {
        realm.ensure(UNPROTECTED, 1);
        return { level: 1, ipa: UNPROTECTED };
      },
      'level 2': ({ realm }) => {
        realm.ensure(GIB, 2);
        return { level: 2, ipa: GIB };
      },
    },
    rtt_homo: {
      'blocks of level 2 into one of level 1': ({ realm, rd }, w) => {
        realm.ensure(UNPROTECTED, 2);
        for (let i = 0n; i < 512n; i += 1n) {
          w.must('RMI_RTT_MAP_UNPROTECTED', rd, UNPROTECTED + i * 2n * MIB, 2, (4n * GIB + i * 2n * MIB) | NS_ATTR);
        }
        return when(
          { ipa: UNPROTECTED, level: 2 },
          {
            sees: () =>
              expect(w.entry(rd, UNPROTECTED, 3)).toMatchObject({ level: 1, state: 1, desc: (4n * GIB) | NS_ATTR }),
          },
        );
      },
    },
  },
  succeeds: {
    rtte_state: {
      'UNASSIGNED from nothing but UNASSIGNED': ({ rd }, w) =>
        when({}, { sees: () => expect(w.entry(rd, 0n, 3)).toMatchObject({ level: 2, state: 0, desc: 0n }) }),
      'UNASSIGNED_NS from nothing but UNASSIGNED_NS': ({ realm, rd }, w) => {
        realm.ensure(UNPROTECTED);
        return when(
          { ipa: UNPROTECTED },
          {
            sees: () => expect(w.entry(rd, UNPROTECTED, 3)).toEqual({ level: 2, state: 0, desc: 0n, ripas: 0 }),
          },
        );
      },
      'a block from pages': ({ realm, rd }, w) => {
        realm.block(0n);
        return when({}, { sees: () => expect(w.entry(rd, GRANULE, 3)).toMatchObject({ level: 2, state: 1 }) });
      },
    },
    rtte_addr: {
      'the address of the first page': ({ realm, rd }, w) => {
        const first = realm.block(0n);
        return when({}, { sees: () => expect(w.entry(rd, 0n, 2).desc).toBe(first) });
      },
    },
    rtte_attr: {
      'the attributes of the pages': (g, w) => {
        const first = sharedTable(g, w);
        return when(
          { ipa: UNPROTECTED },
          { sees: () => expect(w.entry(g.rd, UNPROTECTED, 2).desc).toBe(first | NS_ATTR) },
        );
      },
    },
    rtte_ripas: {
      'EMPTY from EMPTY': ({ rd }, w) => when({}, { sees: () => expect(w.entry(rd, 0n, 2).ripas).toBe(0) }),
      'RAM from RAM': ({ realm, rd }, w) => {
        realm.ram(0n, 2n * MIB);
        return when({}, { sees: () => expect(w.entry(rd, 0n, 2).ripas).toBe(1) });
      },
      'RAM from mapped pages of RAM': ({ realm, rd }, w) => {
        realm.ram(0n, 2n * MIB);
        realm.block(0n);
        return when({}, { sees: () => expect(w.entry(rd, 0n, 2)).toMatchObject({ state: 1, ripas: 1 }) });
      },
      'DESTROYED from DESTROYED': ({ realm, rd }, w) => {
        w.must('RMI_RTT_DESTROY', rd, 0, 3);
        realm.forget(0n, 3);
        realm.ensure(0n);
        return when({}, { sees: () => expect(w.entry(rd, 0n, 2).ripas).toBe(2) });
      },
    },
    rtt_state: {
      'it can be undelegated': ({ rtt }, w) => when({}, { sees: () => void w.must('RMI_GRANULE_UNDELEGATE', rtt) }),
    },
    rtt: { 'the address of the table': ({ rtt }) => when({}, { out: { rtt } }) },
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
