import { INPUT, type RmiResult } from '../../abi/index.ts';
import type { Failure } from '../../spec/index.ts';
import type { Realm } from '../model/realm.ts';
import type { RmmView } from '../model/view.ts';
import { addrIsInIpaSpace, addrIsProtected, addrIsRttLevelAligned } from './address.ts';
import { rttLevelIsBlockOrPage, rttLevelIsStructural } from './rtt.ts';

interface Target {
  readonly ipa: bigint;
  readonly level: number;
  readonly realm: Realm;
  readonly rmm: RmmView;
}

type Conditions = { readonly [P in 'level_bound' | 'ipa_align' | 'ipa_bound']: Failure<Target, RmiResult> };

/** A table of `level` that is added, removed or folded: the IPA is that of the entry above it. */
export const tableTarget: Conditions = {
  level_bound: {
    pre: ({ level, realm }) => !rttLevelIsStructural(realm, level),
    post: INPUT,
    says: 'level is not a level below the starting level',
  },
  ipa_align: {
    pre: ({ ipa, level }) => !addrIsRttLevelAligned(ipa, level - 1),
    post: INPUT,
    says: 'ipa is not aligned to what an entry of level - 1 describes',
  },
  ipa_bound: {
    pre: ({ ipa, realm }) => !addrIsInIpaSpace(ipa, realm),
    post: INPUT,
    says: 'ipa is outside the IPA space of the Realm',
  },
};

/** An entry of `level` that maps, or will map, memory of the Normal world. */
export const unprotectedTarget: Conditions = {
  level_bound: {
    pre: ({ level, realm }) => !rttLevelIsBlockOrPage(realm, level),
    post: INPUT,
    says: 'level is not a level whose entries can map memory',
  },
  ipa_align: {
    pre: ({ ipa, level }) => !addrIsRttLevelAligned(ipa, level),
    post: INPUT,
    says: 'ipa is not aligned to what an entry of level describes',
  },
  ipa_bound: {
    pre: ({ ipa, realm }) => !addrIsInIpaSpace(ipa, realm) || addrIsProtected(ipa, realm),
    post: INPUT,
    says: 'ipa is not an Unprotected IPA of the Realm',
  },
};
