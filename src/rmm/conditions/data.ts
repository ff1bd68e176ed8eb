import { INPUT, type RmiResult, RTT, RTT_PAGE_LEVEL } from '../../abi/index.ts';
import type { Failure } from '../../spec/index.ts';
import type { Realm } from '../model/realm.ts';
import type { RmmView, Walk } from '../model/view.ts';
import { addrIsGranuleAligned, addrIsProtected } from './address.ts';

interface AtPage {
  readonly ipa: bigint;
  readonly realm: Realm;
  readonly walk: Walk;
  readonly rmm: RmmView;
}

interface NewPage extends AtPage {
  readonly data: bigint;
}

type Conditions<X, F extends string> = { readonly [P in F]: Failure<X, RmiResult> };

/** PAs that a Realm without LPA2 can map: 48 bits. */
const PA_LIMIT = 1n << 48n;

export const reachesWithoutLpa2 = (pa: bigint): boolean => pa < PA_LIMIT;

/** What every command on one page of Realm memory asks of its IPA. */
export const protectedPage: Conditions<AtPage, 'ipa_align' | 'ipa_bound'> = {
  ipa_align: { pre: ({ ipa }) => !addrIsGranuleAligned(ipa), post: INPUT, says: 'ipa is not granule-aligned' },
  ipa_bound: { pre: ({ ipa, realm }) => !addrIsProtected(ipa, realm), post: INPUT, says: 'ipa is not a Protected IPA' },
};

/** What both ways of giving a Realm a DATA granule ask of the entry that will map it. */
export const freePage: Conditions<AtPage, 'rtt_walk' | 'rtte_state'> = {
  rtt_walk: {
    pre: ({ walk }) => walk.level < RTT_PAGE_LEVEL,
    post: ({ walk }) => RTT(walk.level),
    says: 'no level 3 table describes ipa',
  },
  rtte_state: {
    pre: ({ walk }) => walk.rtte.state !== 'UNASSIGNED',
    post: ({ walk }) => RTT(walk.level),
    says: 'ipa is already mapped',
  },
};

/** What both ask of the granule's address. */
export const reachablePage: Conditions<NewPage, 'data_bound2'> = {
  data_bound2: {
    pre: ({ data, realm }) => !realm.feat_lpa2 && !reachesWithoutLpa2(data),
    post: INPUT,
    says: 'data lies above 48 bits and the Realm has no LPA2',
  },
};
