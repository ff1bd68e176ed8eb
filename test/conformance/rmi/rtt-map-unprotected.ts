import { expect } from 'vitest';
import { rttMapUnprotected } from '../../../src/rmm/rmi/index.ts';
import { conformance, on, when } from '../language/conformance.ts';
import { granuleRows } from '../language/granule-rows.ts';
import { NS_ATTR } from '../language/realm.ts';
import { GIB, GRANULE, MIB, OUTSIDE_IPA, UNPROTECTED, type World } from '../language/world.ts';
import { RTT } from './support.ts';

const WIDE = { machine: { pa_width: 52, s2sz: 52 } } as const;

/** A Realm with tables for its first Unprotected IPA, and a call that maps a page there. */
const given = (w: World) => {
  const realm = w.realm();
  realm.ensure(UNPROTECTED);
  const page = w.page();
  return { realm, rd: realm.rd, ipa: UNPROTECTED, level: 3, page, desc: page | NS_ATTR };
};
type Given = ReturnType<typeof given>;

export const rttMapUnprotectedRows = conformance(rttMapUnprotected, {
  given,
  fails: {
    attr_valid: {
      MEM_ATTR_INVALID: ({ desc }) => ({ desc: desc | (1n << 52n) }),
      'the reserved MemAttr': ({ page }) => ({ desc: page | (0b100n << 2n) }),
      'MemAttr[3]': ({ desc }) => ({ desc: desc | (1n << 5n) }),
      'the valid bit': ({ desc }) => ({ desc: desc | 1n }),
      'the access flag': ({ desc }) => ({ desc: desc | (1n << 10n) }),
      'the last bit': ({ desc }) => ({ desc: desc | (1n << 63n) }),
    },
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
      LEVEL_STARTING: () => ({ level: 0 }),
      LEVEL_OOB: () => ({ level: 4 }),
      'a level above the starting one': (_, w) => ({
        rd: w.realm({ s2sz: 34, start: 2 }).rd,
        level: 1,
        ipa: 1n << 33n,
      }),
    },
    addr_align: {
      ADDR_UNALIGNED: ({ realm }, w) => {
        realm.ensure(UNPROTECTED + GIB, 2);
        return { level: 2, ipa: UNPROTECTED + GIB, desc: (w.page(512, 512) + GRANULE) | NS_ATTR };
      },
      'level 1 at 2 MiB': () => ({ level: 1, desc: (GIB + 2n * MIB) | NS_ATTR }),
    },
    addr_bound: {
      ADDR_LPA2_PA: () => ({ desc: (1n << 48n) | GRANULE | NS_ATTR }),
      'the bits of OA[51:50]': ({ desc }) => ({ desc: desc | (1n << 8n) }),
    },
    ipa_align: {
      IPA_UNALIGNED: ({ ipa }) => ({ ipa: ipa + 1n }),
      'level 2 at 4 KiB': ({ ipa }) => ({ level: 2, ipa: ipa + GRANULE, desc: (2n * MIB) | NS_ATTR }),
    },
    ipa_bound: {
      IPA_PROTECTED: () => ({ ipa: 0n }),
      'the last Protected IPA': () => ({ ipa: UNPROTECTED - GRANULE }),
      IPA_OOB: () => ({ ipa: OUTSIDE_IPA }),
      'the first IPA beyond the space': () => ({ ipa: 1n << 40n }),
    },
    rtt_walk: {
      IPA_NOT_MAPPED: () => when({ ipa: UNPROTECTED + 2n * MIB }, { result: RTT(2) }),
      'inside a block': ({ realm }) => {
        realm.mapNs(UNPROTECTED + 4n * MIB, 2);
        return when({ ipa: UNPROTECTED + 4n * MIB }, { result: RTT(2) });
      },
    },
    rtte_state: {
      RTTE_STATE_ASSIGNED_NS: ({ realm }) => {
        realm.mapNs(UNPROTECTED);
        return when({}, { result: RTT(3) });
      },
      'a table is there': () => when({ level: 2, desc: (2n * MIB) | NS_ATTR }, { result: RTT(2) }),
    },
  },
  passes: {
    attr_valid: {
      'no access at all': ({ page }) => ({ desc: page | (0b110n << 2n) }),
      'device memory, read only': ({ page }) => ({ desc: page | (1n << 6n) }),
      'MemAttr 0b111': ({ page }) => ({ desc: page | (0b111n << 2n) }),
    },
    level_bound: {
      'level 2': () => ({ level: 2, ipa: UNPROTECTED + 2n * MIB, desc: (4n * MIB) | NS_ATTR }),
      'level 1': () => ({ level: 1, ipa: UNPROTECTED + GIB, desc: GIB | NS_ATTR }),
    },
    addr_bound: {
      'the last page of 48 bits': () => ({ desc: ((1n << 48n) - GRANULE) | NS_ATTR }),
    },
    ipa_bound: {
      'the last page of the space': ({ realm }) => {
        realm.ensure((1n << 40n) - GRANULE);
        return { ipa: (1n << 40n) - GRANULE };
      },
    },
  },
  succeeds: {
    rtte_state: {
      ASSIGNED: ({ rd }, w) =>
        when({}, { sees: () => expect(w.entry(rd, UNPROTECTED, 3)).toMatchObject({ level: 3, state: 1, ripas: 0 }) }),
      'the Realm writes, and the Host reads': ({ realm, page }, w) =>
        when(
          {},
          {
            sees: () => {
              realm.start();
              w.store(UNPROTECTED, Uint8Array.of(1, 2, 3));
              expect(w.read(page, 3)).toEqual(Uint8Array.of(1, 2, 3));
            },
          },
        ),
    },
    rtte_contents: {
      'address and attributes as given': ({ rd, desc }, w) =>
        when({}, { sees: () => expect(w.entry(rd, UNPROTECTED, 3).desc).toBe(desc) }),
      'an address of 52 bits in a Realm with LPA2': on(WIDE, (_: Given, w: World) => {
        const realm = w.realm({ flags: 1n });
        realm.ensure(UNPROTECTED);
        const desc = (0b11n << 8n) | (0b11n << 48n) | 0xffff_ffff_f000n | NS_ATTR;
        return when({ rd: realm.rd, desc }, { sees: () => expect(w.entry(realm.rd, UNPROTECTED, 3).desc).toBe(desc) });
      }),
      'of memory that is not there': ({ rd }, w) => {
        const desc = ((1n << 47n) + GRANULE) | NS_ATTR;
        return when({ desc }, { sees: () => expect(w.entry(rd, UNPROTECTED, 3).desc).toBe(desc) });
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
    'memory of the Realm world: nobody checks': (_, w) => ({ desc: w.delegated() | NS_ATTR }),
  },
});
