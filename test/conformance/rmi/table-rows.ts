import { when } from '../language/conformance.ts';
import { granuleRows } from '../language/granule-rows.ts';
import { GRANULE, MIB, OUTSIDE_IPA, type World } from '../language/world.ts';

/** A Realm with tables for IPA 0, and a call that removes the level 3 table there. */
export const tableGiven = (w: World) => {
  const realm = w.realm();
  return { realm, rd: realm.rd, rtt: realm.ensure(0n), ipa: 0n, level: 3 };
};

/** RMI_RTT_DESTROY and RMI_RTT_FOLD are refused alike: where they differ is in what the compliance suite calls a row. */
export const tableFails = <
  const S extends string,
  const L extends string,
  const A extends string,
  const B extends string,
>(names: {
  readonly start: S;
  readonly level: L;
  readonly align: A;
  readonly bound: B;
}) => ({
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
    [names.level]: () => ({ level: 4 }),
    [names.start]: () => ({ level: 0 }),
    'a level above the starting one': () => ({ level: -1 }),
  },
  ipa_align: {
    [names.align]: () => ({ ipa: GRANULE }),
    'level 2 at 2 MiB': () => ({ level: 2, ipa: 2n * MIB }),
  },
  ipa_bound: {
    // The suite's address is not aligned to the level either, and no order is given between the two.
    [names.bound]: () => when({ ipa: OUTSIDE_IPA }, { by: 'ipa_align' as const }),
    'the first table beyond the space': () => ({ ipa: 1n << 40n }),
  },
});
