import { on, when } from '../language/conformance.ts';
import { granuleRows } from '../language/granule-rows.ts';
import { GRANULE, MIB, OUTSIDE_IPA, UNPROTECTED, type World } from '../language/world.ts';
import { HIGH_RAM, RTT } from './support.ts';

/** What calls that map a page of a Realm are about. */
interface Given {
  readonly realm: ReturnType<World['realm']>;
  readonly ipa: bigint;
}

/** Rows of the RD, as the compliance suite calls them where device memory is of MMIO. */
export const PAGE_RD_ROWS = granuleRows('rd', 'RD', {
  align: 'RD_UNALIGNED',
  device: 'RD_DEV_MEM_MMIO',
  outside: 'RD_OUTSIDE_OF_PERMITTED_PA',
  UNDELEGATED: 'RD_STATE_UNDELEGATED',
  DELEGATED: 'RD_STATE_DELEGATED',
  REC: 'RD_STATE_REC',
  RTT: 'RD_STATE_RTT',
  DATA: 'RD_STATE_DATA',
});

export const PAGE_DATA_ROWS = granuleRows('data', 'DELEGATED', {
  align: 'DATA_UNALIGNED',
  device: 'DATA_DEV_MEM_MMIO',
  outside: 'DATA_OUTSIDE_OF_PERMITTED_PA',
  UNDELEGATED: 'DATA_STATE_UNDELEGATED',
  RD: 'DATA_STATE_RD',
  REC: 'DATA_STATE_REC',
  RTT: 'DATA_STATE_RTT',
  DATA: 'DATA_STATE_DATA',
});

/** RMI_DATA_CREATE and RMI_DATA_CREATE_UNKNOWN fail alike but for the source, its flags and the state of the Realm. */
export const PAGE_FAILS = {
  data_bound2: { DATA_LPA2_PA: on(HIGH_RAM.setup, (_: Given, w: World) => ({ data: HIGH_RAM.delegated(w) })) },
  ipa_align: {
    IPA_UNALIGNED: ({ ipa }: Given) => ({ ipa: ipa + 1n }),
    'half a granule further': ({ ipa }: Given) => ({ ipa: ipa + 0x800n }),
  },
  ipa_bound: {
    IPA_UNPROTECTED: ({ realm }: Given) => {
      realm.ensure(UNPROTECTED);
      return { ipa: UNPROTECTED };
    },
    IPA_OUTSIDE_OF_PERMITTED_IPA: () => ({ ipa: OUTSIDE_IPA }),
  },
  rtt_walk: {
    IPA_NOT_MAPPED: () => when({ ipa: 2n * MIB }, { result: RTT(2) }),
    'no level 2 table either': () => when({ ipa: 1n << 30n }, { result: RTT(1) }),
    'inside a folded block': ({ realm }: Given) => {
      realm.block(0n);
      realm.fold(0n, 3);
      return when({ ipa: GRANULE }, { result: RTT(2) });
    },
  },
  rtte_state: {
    RTTE_STATE_ASSIGNED: ({ realm, ipa }: Given) => {
      realm.data(ipa);
      return when({}, { result: RTT(3) });
    },
  },
} as const;

export const PAGE_WINS = {
  IPA_UNPROTECTED_NOT_MAPPED: ['ipa_bound', 'rtt_walk', () => ({ ipa: UNPROTECTED })],
  IPA_UNPROTECTED_RTTE_ASSIGNED: [
    'ipa_bound',
    'rtte_state',
    ({ realm }: Given) => {
      realm.mapNs(UNPROTECTED);
      return { ipa: UNPROTECTED };
    },
  ],
} as const;

export const PAGE_PASSES = {
  data_bound2: {
    'a Realm with LPA2': on(HIGH_RAM.setup, (_: Given, w: World) => {
      const realm = w.realm({ flags: 1n });
      realm.ensure(0n);
      return { rd: realm.rd, data: HIGH_RAM.delegated(w) };
    }),
  },
  ipa_bound: {
    'the last Protected IPA': ({ realm }: Given) => {
      realm.ensure(UNPROTECTED - GRANULE);
      return { ipa: UNPROTECTED - GRANULE };
    },
  },
} as const;
