import { INPUT, type RmiResult } from '../../abi/index.ts';
import type { Failure } from '../../spec/index.ts';
import type { GranuleState } from '../model/granule.ts';
import type { RmmView } from '../model/view.ts';
import { addrIsGranuleAligned, granuleIsNs, paIsDelegable } from './address.ts';

type Naming<N extends string> = { readonly [P in N]: bigint } & { readonly rmm: RmmView };
type Conditions<N extends string, F extends string> = { readonly [P in F]: Failure<Naming<N>, RmiResult> };

const ARTICLE: Readonly<Record<GranuleState, string>> = {
  UNDELEGATED: 'an UNDELEGATED granule',
  DELEGATED: 'a DELEGATED granule',
  RD: 'a Realm Descriptor',
  REC: 'a REC',
  REC_AUX: 'an auxiliary granule',
  DATA: 'a DATA granule',
  RTT: 'an RTT',
};

const place = <N extends string, P extends string>(name: N, prefix: P): Conditions<N, `${P}_align` | `${P}_bound`> =>
  ({
    [`${prefix}_align`]: {
      pre: (x: Naming<N>) => !addrIsGranuleAligned(x[name]),
      post: INPUT,
      says: `${name} is not granule-aligned`,
    },
    [`${prefix}_bound`]: {
      pre: (x: Naming<N>) => !paIsDelegable(x.rmm, x[name]),
      post: INPUT,
      says: `${name} is not delegable memory`,
    },
  }) as Conditions<N, `${P}_align` | `${P}_bound`>;

/**
 * The three conditions of an input that names a granule: aligned, delegable, in the state that is wanted. The input is
 * `name`; the conditions start with `prefix`, and the third is called `stateId` where it is not `<prefix>_state`.
 */
export const granuleIs = <const N extends string, const P extends string = N, const S extends string = `${P}_state`>(
  name: N,
  state: GranuleState,
  prefix: P = name as unknown as P,
  stateId: S = `${prefix}_state` as S,
): Conditions<N, `${P}_align` | `${P}_bound` | S> =>
  ({
    ...place(name, prefix),
    [stateId]: {
      pre: (x: Naming<N>) => x.rmm.granule(x[name]) !== state,
      post: INPUT,
      says: `${name} is not ${ARTICLE[state]}`,
    },
  }) as Conditions<N, `${P}_align` | `${P}_bound` | S>;

/** The three conditions of a structure in the Host's memory: aligned, delegable, accessible to the Normal world. */
export const hostGranule = <const N extends string, const P extends string>(
  name: N,
  prefix: P,
): Conditions<N, `${P}_align` | `${P}_bound` | `${P}_pas`> =>
  ({
    ...place(name, prefix),
    [`${prefix}_pas`]: {
      pre: (x: Naming<N>) => !granuleIsNs(x.rmm, x[name]),
      post: INPUT,
      says: `${name} cannot be accessed through the Non-secure PAS`,
    },
  }) as Conditions<N, `${P}_align` | `${P}_bound` | `${P}_pas`>;
