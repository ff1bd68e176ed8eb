import type { RsiStatus } from '../../abi/index.ts';
import type { Failure } from '../../spec/index.ts';
import type { Realm } from '../model/realm.ts';
import { addrIsGranuleAligned, addrIsProtected, addrRangeIsProtected } from './address.ts';

interface Range {
  readonly base: bigint;
  readonly top: bigint;
  readonly realm: Realm;
}

type Conditions<T extends string> = {
  readonly [P in 'base_align' | T | 'size_valid' | 'rgn_bound']: Failure<Range, RsiStatus>;
};

/** The conditions of a range of IPAs that a Realm names. Each command calls the alignment of its top by another name. */
export const protectedRange = <const T extends string>(topAlign: T): Conditions<T> =>
  ({
    base_align: {
      pre: ({ base }) => !addrIsGranuleAligned(base),
      post: 'RSI_ERROR_INPUT',
      says: 'base is not granule-aligned',
    },
    [topAlign]: {
      pre: ({ top }: Range) => !addrIsGranuleAligned(top),
      post: 'RSI_ERROR_INPUT',
      says: 'top is not granule-aligned',
    },
    size_valid: { pre: ({ base, top }) => top <= base, post: 'RSI_ERROR_INPUT', says: 'top is not above base' },
    rgn_bound: {
      pre: ({ base, top, realm }) => !addrRangeIsProtected(base, top, realm),
      post: 'RSI_ERROR_INPUT',
      says: 'the range is not all at Protected IPAs',
    },
  }) satisfies { readonly [id: string]: Failure<Range, RsiStatus> } as unknown as Conditions<T>;

interface Buffer {
  readonly addr: bigint;
  readonly realm: Realm;
}

/** The conditions of a granule of the Realm's memory that an answer is written to. */
export const protectedGranule: { readonly [P in 'addr_align' | 'addr_bound']: Failure<Buffer, RsiStatus> } = {
  addr_align: {
    pre: ({ addr }) => !addrIsGranuleAligned(addr),
    post: 'RSI_ERROR_INPUT',
    says: 'addr is not granule-aligned',
  },
  addr_bound: {
    pre: ({ addr, realm }) => !addrIsProtected(addr, realm),
    post: 'RSI_ERROR_INPUT',
    says: 'addr is not a Protected IPA',
  },
};
