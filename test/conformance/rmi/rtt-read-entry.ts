import { rttReadEntry } from '../../../src/rmm/rmi/index.ts';
import { conformance, on, when } from '../language/conformance.ts';
import { granuleRows } from '../language/granule-rows.ts';
import { NS_ATTR } from '../language/realm.ts';
import { GIB, GRANULE, MIB, OUTSIDE_IPA, UNPROTECTED, type World } from '../language/world.ts';

/** A Realm with a page at IPA 0, and a call that reads its entry. */
const given = (w: World) => {
  const realm = w.realm();
  return { realm, rd: realm.rd, ipa: 0n, level: 3, data: realm.data(0n) };
};
type Given = ReturnType<typeof given>;

export const rttReadEntryRows = conformance(rttReadEntry, {
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
      LEVEL_OOB: () => ({ level: 4 }),
      'a level above the starting one': () => ({ level: -1 }),
      'level 0 where walks start at 1': (_, w) => ({ rd: w.realm({ s2sz: 39, start: 1 }).rd, level: 0 }),
    },
    ipa_align: {
      IPA_UNALIGNED: ({ ipa }) => ({ ipa: ipa + 1n }),
      'level 2 at 4 KiB': () => ({ level: 2, ipa: GRANULE }),
    },
    ipa_bound: {
      IPA_OOB: () => ({ ipa: OUTSIDE_IPA }),
      'the first IPA beyond the space': () => ({ ipa: 1n << 40n }),
    },
  },
  passes: {
    level_bound: {
      'the starting level': () => when({ level: 0 }, { out: { walk_level: 0, state: 'TABLE' } }),
      'level -1': on({ machine: { pa_width: 52, s2sz: 52 } }, (_: Given, w: World) => {
        const { rd } = w.realm({ s2sz: 52, start: -1, flags: 1n });
        return when({ rd, level: -1, ipa: 1n << 51n }, { out: { walk_level: -1, state: 'UNASSIGNED', desc: 0n } });
      }),
    },
    ipa_bound: {
      'the last page of the space': () =>
        when({ ipa: (1n << 40n) - GRANULE }, { out: { walk_level: 0, state: 'UNASSIGNED', ripas: 'EMPTY' } }),
    },
  },
  succeeds: {
    level: {
      'level 3': () => when({}, { out: { walk_level: 3 } }),
      'where the walk stops, if that is before': () => when({ ipa: 2n * MIB }, { out: { walk_level: 2 } }),
      'level 1, where nothing is below': () => when({ ipa: GIB }, { out: { walk_level: 1 } }),
    },
    state: {
      ASSIGNED: () => when({}, { out: { state: 'ASSIGNED' } }),
      TABLE: ({ realm }) => when({ level: 2 }, { out: { state: 'TABLE', desc: realm.ensure(0n) } }),
      UNASSIGNED: () => when({ ipa: GRANULE }, { out: { state: 'UNASSIGNED' } }),
    },
    state_invalid: {
      'no address, no attributes': () => when({ ipa: GRANULE }, { out: { desc: 0n } }),
      'at an Unprotected IPA either': () =>
        when({ ipa: UNPROTECTED }, { out: { walk_level: 0, desc: 0n, ripas: 'EMPTY' } }),
    },
    state_prot: {
      'the address of the page, and nothing else': ({ data }) => when({}, { out: { desc: data } }),
      'also where it has become EMPTY': ({ realm }) => {
        const data = realm.unknown(GRANULE);
        return when({ ipa: GRANULE }, { out: { state: 'ASSIGNED', desc: data, ripas: 'EMPTY' } });
      },
      'also where it is DESTROYED': ({ realm, rd }, w) => {
        w.must('RMI_DATA_DESTROY', rd, 0);
        const data = realm.unknown(0n);
        return when({}, { out: { state: 'ASSIGNED', desc: data, ripas: 'DESTROYED' } });
      },
    },
    state_unprot: {
      'address and attributes': ({ realm }) => {
        const pa = realm.mapNs(UNPROTECTED);
        return when({ ipa: UNPROTECTED }, { out: { walk_level: 3, state: 'ASSIGNED', desc: pa | NS_ATTR } });
      },
      'of a block': ({ realm }) => {
        const pa = realm.mapNs(UNPROTECTED, 2);
        return when({ ipa: UNPROTECTED + GRANULE }, { out: { walk_level: 2, state: 'ASSIGNED', desc: pa | NS_ATTR } });
      },
    },
    ripas_prot: {
      RAM: () => when({}, { out: { ripas: 'RAM' } }),
      EMPTY: () => when({ ipa: GRANULE }, { out: { ripas: 'EMPTY' } }),
      DESTROYED: ({ rd }, w) => {
        w.must('RMI_DATA_DESTROY', rd, 0);
        return when({}, { out: { state: 'UNASSIGNED', ripas: 'DESTROYED' } });
      },
    },
    ripas_unprot: {
      'EMPTY, mapped or not': ({ realm }) => {
        realm.mapNs(UNPROTECTED);
        return when({ ipa: UNPROTECTED }, { out: { ripas: 'EMPTY' } });
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
