import { expect } from 'vitest';
import { rttInitRipas } from '../../../src/rmm/rmi/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { granuleRows } from '../language/granule-rows.ts';
import { measurementIn, rimAfterRec, rimAfterRipas, rimOfRealm } from '../language/measure.ts';
import type { WorldRealm } from '../language/realm.ts';
import { GIB, GRANULE, KIB, MIB, UNPROTECTED, type World } from '../language/world.ts';
import { RTT } from './support.ts';

/** A Realm with tables for IPA 0, and a call that makes its first page RAM. */
const given = (w: World) => {
  const realm = w.realm();
  realm.ensure(0n);
  return { realm, rd: realm.rd, base: 0n, top: GRANULE };
};

/** The RIM that the Realm reads, of which its own REC is the last part. */
const rimOf = (realm: WorldRealm, w: World): Uint8Array => {
  realm.start();
  return measurementIn(w.call('RSI_MEASUREMENT_READ', 0));
};

const RD_ROWS = granuleRows('rd', 'RD', {
  align: 'RD_UNALIGNED',
  device: 'RD_DEV_MEM',
  outside: 'RD_OUTSIDE_OF_PERMITTED_PA',
  UNDELEGATED: 'RD_STATE_UNDELEGATED',
  DELEGATED: 'RD_STATE_DELEGATED',
  REC: 'RD_STATE_REC',
  RTT: 'RD_STATE_RTT',
  DATA: 'RD_STATE_DATA',
});

export const rttInitRipasRows = conformance(rttInitRipas, {
  given,
  fails: {
    ...RD_ROWS,
    rd_state: { ...RD_ROWS.rd_state, REALM_NULL: (_, w) => ({ rd: w.destroyedRealm() }) },
    size_valid: {
      SIZE_INVALID: () => ({ base: GRANULE, top: 0n }),
      'top is base': () => ({ base: GRANULE, top: GRANULE }),
    },
    top_bound: {
      TOP_UNPROTECTED: () => ({ top: UNPROTECTED + GRANULE }),
      'beyond the space': () => ({ top: 1n << 41n }),
      'the last IPA there could be': () => ({ top: 0xffff_ffff_ffff_f000n }),
    },
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
    base_align: {
      BASE_LEVEL_UNALIGNED: () => {
        const base = 2n * MIB + GRANULE;
        return when({ base, top: base + 2n * MIB }, { result: RTT(2) });
      },
      'less than a granule': () => when({ base: 1n, top: 2n * GRANULE }, { result: RTT(3) }),
      'in an entry of level 1': () => when({ base: GIB + 2n * MIB, top: 3n * GIB }, { result: RTT(1) }),
    },
    rtte_state: {
      RTTE_STATE_ASSIGNED: ({ realm, base }) => {
        realm.data(base);
        return when({}, { result: RTT(3) });
      },
      'a page that is mapped and EMPTY': ({ realm, base }) => {
        realm.unknown(base);
        return when({}, { result: RTT(3) });
      },
    },
    top_gran_align: {
      TOP_GRAN_UNALIGNED: () => when({ top: 2n * KIB }, { by: 'top_bound' }),
      'half a granule beyond': () => ({ top: GRANULE + 2n * KIB }),
    },
    no_progress: {
      TOP_LEVEL_UNALIGNED: () => when({ base: 2n * MIB, top: 2n * MIB + GRANULE }, { result: RTT(2) }),
      'one granule less than the entry': () => when({ base: 2n * MIB, top: 4n * MIB - GRANULE }, { result: RTT(2) }),
    },
  },
  wins: {
    TOP_GRAN_UNALIGNED_TOP_LEVEL_UNALIGNED: [
      'top_gran_align',
      'no_progress',
      () => ({ base: 2n * MIB, top: 2n * MIB + 2n * KIB }),
    ],
  },
  passes: {
    top_bound: {
      'up to the last Protected IPA': ({ realm }) => {
        realm.ensure(UNPROTECTED - GRANULE);
        return when({ base: UNPROTECTED - GRANULE, top: UNPROTECTED }, { out: { out_top: UNPROTECTED } });
      },
    },
    no_progress: {
      'exactly one entry of level 2': () => when({ base: 2n * MIB, top: 4n * MIB }, { out: { out_top: 4n * MIB } }),
    },
    rtte_state: {
      'a page that is RAM already': ({ realm, base }) => {
        realm.ram(base);
        return {};
      },
      'a page that was destroyed': ({ realm, rd, base }, w) => {
        realm.data(base);
        w.must('RMI_DATA_DESTROY', rd, base);
        return {};
      },
    },
  },
  succeeds: {
    rtte_ripas: {
      'the page is RAM': ({ rd }, w) => when({}, { sees: () => expect(w.entry(rd, 0n, 3).ripas).toBe(1) }),
      'the one after is not': ({ rd }, w) => when({}, { sees: () => expect(w.entry(rd, GRANULE, 3).ripas).toBe(0) }),
      'a page in the middle that was mapped meanwhile is RAM too': ({ realm, rd }, w) => {
        realm.unknown(GRANULE);
        return when(
          { top: 3n * GRANULE },
          {
            out: { out_top: 3n * GRANULE },
            sees: () => expect(w.entry(rd, GRANULE, 3)).toMatchObject({ state: 1, ripas: 1 }),
          },
        );
      },
    },
    rim: {
      'extended once for each page': ({ realm }, w) => {
        let rim = rimOfRealm('sha256', realm.params);
        for (let ipa = 0n; ipa < 3n * GRANULE; ipa += GRANULE) rim = rimAfterRipas('sha256', rim, ipa, ipa + GRANULE);
        return when(
          { top: 3n * GRANULE },
          {
            out: { out_top: 3n * GRANULE },
            sees: () => expect(rimOf(realm, w)).toEqual(rimAfterRec('sha256', rim)),
          },
        );
      },
      'extended once for an entry of level 2': ({ realm }, w) => {
        const rim = rimAfterRipas('sha256', rimOfRealm('sha256', realm.params), 2n * MIB, 4n * MIB);
        return when(
          { base: 2n * MIB, top: 4n * MIB },
          {
            sees: () => expect(rimOf(realm, w)).toEqual(rimAfterRec('sha256', rim)),
          },
        );
      },
      'extended again by a page that is RAM already': ({ realm }, w) => {
        realm.ram(0n);
        let rim = rimOfRealm('sha256', realm.params);
        for (let i = 0; i < 2; i += 1) rim = rimAfterRipas('sha256', rim, 0n, GRANULE);
        return when({}, { sees: () => expect(rimOf(realm, w)).toEqual(rimAfterRec('sha256', rim)) });
      },
    },
    out_top: {
      'top, within one table': () => when({ top: 5n * GRANULE }, { out: { out_top: 5n * GRANULE } }),
      'the end of the table, where top is beyond': () => when({ top: 5n * MIB }, { out: { out_top: 2n * MIB } }),
      'the next table, where the scan meets one': ({ realm }) => {
        realm.ensure(6n * MIB);
        return when({ base: 2n * MIB, top: 10n * MIB }, { out: { out_top: 6n * MIB } });
      },
      'rounded down to a whole entry': () =>
        when({ base: 2n * MIB, top: 6n * MIB + 3n * GRANULE }, { out: { out_top: 6n * MIB } }),
    },
  },
});
