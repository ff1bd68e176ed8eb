import type { GranuleState } from '../../../src/rmm/index.ts';
import type { World } from './world.ts';

type Row = (given: Readonly<Record<string, unknown>>, world: World) => Readonly<Record<string, bigint>>;
type Rows = Readonly<Record<string, Row>>;

/** Rows under conditions, each of which changes one input. */
type RowsUnder<F extends string, N extends string> = {
  readonly [K in F]: Readonly<Record<string, () => { readonly [I in N]: bigint }>>;
};

const STATES: readonly GranuleState[] = ['UNDELEGATED', 'DELEGATED', 'RD', 'REC', 'REC_AUX', 'DATA', 'RTT'];

/** Labels of the compliance suite; rows that it leaves out have labels of ours. */
interface GranuleLabels extends Partial<Record<GranuleState, string>> {
  readonly align?: string;
  readonly device?: string;
  readonly outside?: string;
}

const placeRows = (name: string, labels: GranuleLabels): { readonly align: Rows; readonly bound: Rows } => ({
  align: {
    [labels.align ?? 'one byte further']: (given) => ({ [name]: (given[name] as bigint) + 1n }),
    'half a granule further': (given) => ({ [name]: (given[name] as bigint) + 0x800n }),
  },
  bound: {
    [labels.device ?? 'device memory']: (_, w) => ({ [name]: w.deviceMemory() }),
    [labels.outside ?? 'beyond physical memory']: (_, w) => ({ [name]: w.outsideMemory() }),
    'the first granule after RAM': (_, w) => ({ [name]: w.endOfRam() }),
    'the last granule there could be': () => ({ [name]: 0xffff_ffff_ffff_f000n }),
  },
});

/**
 * Rows of the three conditions of an input that names a granule in a state: misaligned, not delegable, and one row for
 * each other state. Conditions are called as `granuleIs` of the RMM calls them.
 */
export const granuleRows = <const N extends string, const P extends string = N, const S extends string = `${P}_state`>(
  name: N,
  state: GranuleState,
  labels: GranuleLabels = {},
  prefix: P = name as unknown as P,
  stateId: S = `${prefix}_state` as S,
): RowsUnder<`${NoInfer<P>}_align` | `${NoInfer<P>}_bound` | NoInfer<S>, NoInfer<N>> => {
  const { align, bound } = placeRows(name, labels);
  const states = STATES.filter((other) => other !== state).map((other): [string, Row] => [
    labels[other] ?? `the granule is ${other}`,
    (_, w) => ({ [name]: w.granuleIn(other) }),
  ]);
  return { [`${prefix}_align`]: align, [`${prefix}_bound`]: bound, [stateId]: Object.fromEntries(states) } as never;
};

interface HostLabels extends GranuleLabels {
  readonly realm?: string;
  readonly secure?: string;
}

/** Rows of the three conditions of a structure in the Host's memory. */
export const hostGranuleRows = <const N extends string, const P extends string>(
  name: N,
  prefix: P,
  labels: HostLabels = {},
): RowsUnder<`${NoInfer<P>}_align` | `${NoInfer<P>}_bound` | `${NoInfer<P>}_pas`, NoInfer<N>> => {
  const { align, bound } = placeRows(name, labels);
  const pas: Rows = {
    [labels.realm ?? 'a granule of the Realm world']: (_, w) => ({ [name]: w.delegated() }),
    [labels.secure ?? 'a granule of the Secure world']: (_, w) => ({ [name]: w.securePage() }),
  };
  return { [`${prefix}_align`]: align, [`${prefix}_bound`]: bound, [`${prefix}_pas`]: pas } as never;
};
