import { expect } from 'vitest';
import { rttCreate } from '../../../src/rmm/rmi/index.ts';
import { conformance, on, when } from '../language/conformance.ts';
import { granuleRows } from '../language/granule-rows.ts';
import { NS_ATTR } from '../language/realm.ts';
import { GIB, GRANULE, MIB, OUTSIDE_IPA, UNPROTECTED, type World } from '../language/world.ts';
import { HIGH_RAM, RTT } from './support.ts';

/** A Realm with tables for IPA 0, and a call that adds a level 3 table at 2 MiB. */
const given = (w: World) => {
  const realm = w.realm();
  realm.ensure(0n);
  return { realm, rd: realm.rd, rtt: w.delegated(), ipa: 2n * MIB, level: 3 };
};
type Given = ReturnType<typeof given>;

export const rttCreateRows = conformance(rttCreate, {
  given,
  fails: {
    ...granuleRows('rd', 'RD', {
      align: 'RD_UNALIGNED',
      device: 'RD_DEV_MEM',
      outside: 'RD_OUTSIDE_OF_PERMITTED_PA',
      UNDELEGATED: 'RD_STATE_UNDELEGATED',
      DELEGATED: 'RD_STATE_DELEGATED',
      REC: 'RD_STATE_REC',
      RTT: 'RD_STATE_RTT',
      DATA: 'RD_STATE_DATA',
    }),
    level_bound: {
      LEVEL_STARTING: () => ({ level: 0, ipa: 0n }),
      LEVEL_OOB: () => ({ level: 4 }),
      'a level above the starting one': () => ({ level: -1, ipa: 0n }),
      'as large as 64 bits can say': () => ({ level: Number.MAX_SAFE_INTEGER }),
      'the starting level, where that is 1': (_, w) => ({ rd: w.realm({ s2sz: 39, start: 1 }).rd, level: 1, ipa: 0n }),
    },
    ipa_align: {
      IPA_UNALIGNED: ({ ipa }) => ({ ipa: ipa + GRANULE }),
      'level 2 at 2 MiB': () => ({ level: 2, ipa: 2n * MIB }),
    },
    ipa_bound: {
      // The suite's address is not aligned to the level either, and no order is given between the two.
      IPA_OOB: () => when({ ipa: OUTSIDE_IPA }, { by: 'ipa_align' }),
      'the first table beyond the space': () => ({ ipa: 1n << 40n }),
      'the last table there could be': () => ({ ipa: 0xffff_ffff_ffe0_0000n }),
    },
    ...granuleRows('rtt', 'DELEGATED', {
      align: 'RTT_UNALIGNED',
      device: 'RTT_DEV_MEM',
      outside: 'RTT_OUTSIDE_PERMITTED_PA',
      UNDELEGATED: 'RTT_STATE_UNDELEGATED',
      RD: 'RTT_STATE_RD',
      REC: 'RTT_STATE_REC',
      RTT: 'RTT_STATE_RTT',
      DATA: 'RTT_STATE_DATA',
    }),
    rtt_bound2: { RTT_LPA2_PA: on(HIGH_RAM.setup, (_: Given, w: World) => ({ rtt: HIGH_RAM.delegated(w) })) },
    rtt_walk: {
      LEVEL_NO_PARENT_RTTE: () => when({ ipa: GIB }, { result: RTT(1) }),
      'the Unprotected half has no table yet': () => when({ ipa: UNPROTECTED }, { result: RTT(0) }),
    },
    rtte_state: {
      RTTE_STATE_TABLE: () => when({ ipa: 0n, level: 2 }, { result: RTT(1) }),
      'a level 3 table is there': () => when({ ipa: 0n }, { result: RTT(2) }),
    },
  },
  passes: {
    level_bound: {
      'level 1': ({ rd }) => ({ rd, level: 1, ipa: UNPROTECTED }),
      'level 2': () => ({ level: 2, ipa: GIB }),
      'level 0 below level -1': on({ machine: { pa_width: 52, s2sz: 52 } }, (_: Given, w: World) => ({
        rd: w.realm({ s2sz: 49, start: -1, flags: 1n }).rd,
        level: 0,
        ipa: 0n,
      })),
    },
    ipa_bound: {
      'the last table of the space': ({ realm }) => {
        realm.ensure((1n << 40n) - GIB, 2);
        return { ipa: (1n << 40n) - 2n * MIB };
      },
    },
    rtt_bound2: {
      'a Realm with LPA2': on(HIGH_RAM.setup, (_: Given, w: World) => {
        const realm = w.realm({ flags: 1n });
        realm.ensure(0n, 2);
        return { rd: realm.rd, rtt: HIGH_RAM.delegated(w) };
      }),
    },
  },
  succeeds: {
    rtt_state: {
      'it cannot be undelegated': ({ rtt }, w) =>
        when({}, { sees: () => expect(w.rmi('RMI_GRANULE_UNDELEGATE', rtt).result.status).toBe('RMI_ERROR_INPUT') }),
    },
    rtte_state: {
      'the entry above is a table': ({ rd, ipa }, w) =>
        when({}, { sees: () => expect(w.entry(rd, ipa, 2).state).toBe(2) }),
    },
    rtte_addr: {
      'the entry above says where': ({ rd, ipa, rtt }, w) =>
        when({}, { sees: () => expect(w.entry(rd, ipa, 2).desc).toBe(rtt) }),
    },
    rtte_c_ripas: {
      'EMPTY below EMPTY': ({ rd, ipa }, w) =>
        when({}, { sees: () => expect(w.entry(rd, ipa + GRANULE, 3)).toMatchObject({ level: 3, ripas: 0 }) }),
      'RAM below RAM': ({ realm, rd, ipa }, w) => {
        realm.ram(ipa, ipa + 2n * MIB, 2);
        return when(
          {},
          { sees: () => expect(w.entry(rd, ipa + 511n * GRANULE, 3)).toMatchObject({ level: 3, ripas: 1 }) },
        );
      },
      'DESTROYED below DESTROYED': ({ realm, rd, ipa }, w) => {
        realm.ensure(ipa);
        w.must('RMI_RTT_DESTROY', rd, ipa, 3);
        return when({}, { sees: () => expect(w.entry(rd, ipa, 3)).toMatchObject({ level: 3, ripas: 2 }) });
      },
    },
    rtte_c_state: {
      'nothing is mapped below nothing': ({ rd, ipa }, w) =>
        when({}, { sees: () => expect(w.entry(rd, ipa, 3)).toEqual({ level: 3, state: 0, desc: 0n, ripas: 0 }) }),
      'at Unprotected IPAs too': ({ realm, rd }, w) => {
        realm.ensure(UNPROTECTED, 2);
        return when(
          { ipa: UNPROTECTED },
          {
            sees: () => expect(w.entry(rd, UNPROTECTED, 3)).toEqual({ level: 3, state: 0, desc: 0n, ripas: 0 }),
          },
        );
      },
    },
    rtte_c_addr: {
      'a block of Realm memory becomes its pages': ({ realm, rd }, w) => {
        const first = realm.block(2n * MIB);
        realm.fold(2n * MIB, 3);
        return when(
          {},
          {
            sees: () => {
              for (const i of [0n, 1n, 511n]) {
                expect(w.entry(rd, 2n * MIB + i * GRANULE, 3)).toMatchObject({ state: 1, desc: first + i * GRANULE });
              }
            },
          },
        );
      },
      'a block of shared memory becomes its pages, attributes and all': ({ realm, rd }, w) => {
        const pa = realm.mapNs(UNPROTECTED, 2);
        return when(
          { ipa: UNPROTECTED },
          {
            sees: () =>
              expect(w.entry(rd, UNPROTECTED + 3n * GRANULE, 3)).toEqual({
                level: 3,
                state: 1,
                desc: pa + 3n * GRANULE + NS_ATTR,
                ripas: 0,
              }),
          },
        );
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
