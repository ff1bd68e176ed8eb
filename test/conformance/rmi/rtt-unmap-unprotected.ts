import { expect } from 'vitest';
import { rttUnmapUnprotected } from '../../../src/rmm/rmi/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { granuleRows } from '../language/granule-rows.ts';
import { GIB, GRANULE, MIB, OUTSIDE_IPA, UNPROTECTED } from '../language/world.ts';
import { RTT } from './support.ts';

export const rttUnmapUnprotectedRows = conformance(rttUnmapUnprotected, {
  given: (w) => {
    const realm = w.realm();
    return { realm, rd: realm.rd, ipa: UNPROTECTED, level: 3, page: realm.mapNs(UNPROTECTED) };
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
    level_bound: {
      LEVEL_STARTING: () => ({ level: 0 }),
      LEVEL_OOB: () => ({ level: 4 }),
    },
    ipa_align: {
      IPA_UNALIGNED: ({ ipa }) => ({ ipa: ipa + 1n }),
      'level 2 at 4 KiB': ({ ipa }) => ({ level: 2, ipa: ipa + GRANULE }),
    },
    ipa_bound: {
      IPA_PROTECTED: () => ({ ipa: 0n }),
      'the last Protected IPA': () => ({ ipa: UNPROTECTED - GRANULE }),
      IPA_OOB: () => ({ ipa: OUTSIDE_IPA }),
      'the first IPA beyond the space': () => ({ ipa: 1n << 40n }),
    },
    rtt_walk: {
      IPA_NOT_MAPPED: () => when({ ipa: UNPROTECTED + 2n * MIB }, { result: RTT(2), out: { top: UNPROTECTED + GIB } }),
      'inside a block': ({ realm }) => {
        realm.mapNs(UNPROTECTED + 4n * MIB, 2);
        const ipa = UNPROTECTED + 4n * MIB + GRANULE;
        return when({ ipa }, { result: RTT(2), out: { top: ipa } });
      },
    },
    rtte_state: {
      RTTE_STATE_UNASSIGNED_NS: () =>
        when({ ipa: UNPROTECTED + GRANULE }, { result: RTT(3), out: { top: UNPROTECTED + 2n * MIB } }),
      'the next page is mapped': ({ realm }) => {
        realm.mapNs(UNPROTECTED + 2n * GRANULE);
        return when({ ipa: UNPROTECTED + GRANULE }, { result: RTT(3), out: { top: UNPROTECTED + 2n * GRANULE } });
      },
      'a table is there': () => when({ level: 2 }, { result: RTT(2), out: { top: UNPROTECTED } }),
    },
  },
  wins: {
    LEVEL_OOB_IPA_NOT_MAPPED: ['level_bound', 'rtt_walk', () => ({ level: 4, ipa: UNPROTECTED + 2n * MIB })],
    LEVEL_OOB_RTTE_STATE_UNASSIGNED_NS: ['level_bound', 'rtte_state', () => ({ level: 4, ipa: UNPROTECTED + GRANULE })],
    IPA_PROTECTED_IPA_NOT_MAPPED: ['ipa_bound', 'rtt_walk', () => ({ ipa: 2n * MIB })],
  },
  passes: {
    level_bound: {
      'level 2': ({ realm }) => {
        realm.mapNs(UNPROTECTED + 2n * MIB, 2);
        return { level: 2, ipa: UNPROTECTED + 2n * MIB };
      },
      'level 1': ({ rd }, w) => {
        w.must('RMI_RTT_MAP_UNPROTECTED', rd, UNPROTECTED + GIB, 1, GIB);
        return { level: 1, ipa: UNPROTECTED + GIB };
      },
    },
    ipa_bound: {
      'the last page of the space': ({ realm }) => {
        realm.mapNs((1n << 40n) - GRANULE);
        return when({ ipa: (1n << 40n) - GRANULE }, { out: { top: 1n << 40n } });
      },
    },
  },
  succeeds: {
    rtte_state: {
      UNASSIGNED: ({ rd }, w) =>
        when(
          {},
          { sees: () => expect(w.entry(rd, UNPROTECTED, 3)).toEqual({ level: 3, state: 0, desc: 0n, ripas: 0 }) },
        ),
      'the Host keeps its memory': ({ page }, w) => when({}, { sees: () => w.write(page, Uint8Array.of(1)) }),
    },
    top: {
      'the end of the table, where nothing else is mapped': () => when({}, { out: { top: UNPROTECTED + 2n * MIB } }),
      'the next page that is mapped': ({ realm }) => {
        realm.mapNs(UNPROTECTED + 3n * GRANULE);
        return when({}, { out: { top: UNPROTECTED + 3n * GRANULE } });
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
