import type { El3Call, ERmm } from '../abi/index.ts';
import type { El3Config } from './config.ts';

/** What a stream of a root port has come to, by port and stream. */
type Streams = ReadonlyMap<string, 'programmed' | 'active'>;

interface Pending {
  readonly port: string;
  readonly result: ERmm;
  readonly requestId: bigint;
  readonly cookie: bigint;
}

/** What the monitor remembers of IDE: streams, and the answers that the RMM has yet to pull. */
export interface IdeState {
  readonly streams: Streams;
  readonly pending: readonly Pending[];
}

export const NO_IDE: IdeState = { streams: new Map(), pending: [] };

export interface IdeAnswer {
  readonly x: readonly (bigint | ERmm)[];
  readonly state: IdeState;
}

type IdeRequest = Extract<El3Call, 'RMM_IDE_KEY_PROG' | 'RMM_IDE_KEY_SET_GO' | 'RMM_IDE_KEY_SET_STOP'>;

/** What TF-A takes of a stream word; the key set in bit 12 and the direction in bit 11 are free (rmm-el3 4.7). */
const MAX_STREAM_ID = 32n;
const MAX_SUBSTREAM = 3n;
const isStream = (x3: bigint): boolean => (x3 & 0xffn) < MAX_STREAM_ID && ((x3 >> 8n) & 7n) < MAX_SUBSTREAM;

/** Requests that a root port takes before one is pulled. */
const DEPTH = 1;

/** A key is programmed, then its stream goes, then it stops: out of order the port says that it did not succeed. */
const CHANGES = {
  RMM_IDE_KEY_PROG: { needs: undefined, becomes: 'programmed' },
  RMM_IDE_KEY_SET_GO: { needs: 'programmed', becomes: 'active' },
  RMM_IDE_KEY_SET_STOP: { needs: 'active', becomes: undefined },
} as const satisfies Record<IdeRequest, unknown>;

const change = (streams: Streams, call: IdeRequest, stream: string): { result: ERmm; streams: Streams } => {
  const { needs, becomes } = CHANGES[call];
  if (needs !== undefined && streams.get(stream) !== needs) return { result: 'E_RMM_FAULT', streams };
  const next = new Map(streams);
  if (becomes === undefined) next.delete(stream);
  else next.set(stream, becomes);
  return { result: 'E_RMM_OK', streams: next };
};

/**
 * RMM_IDE_KEY_PROG, _SET_GO and _SET_STOP (rmm-el3 4.7): a blocking platform gives the result, another one says that it
 * is under way and has it pulled.
 *
 * @param x  X1 on; request id and cookie are the last two.
 */
export const ideRequest = (
  { ide }: El3Config,
  state: IdeState,
  call: IdeRequest,
  x: (index: number) => bigint,
): IdeAnswer => {
  if (ide === 'none') return { x: ['E_RMM_UNK'], state };
  if (!isStream(x(3))) return { x: ['E_RMM_INVAL'], state };
  const port = `${x(1)}/${x(2)}`;
  if (ide === 'non-blocking' && state.pending.filter((each) => each.port === port).length >= DEPTH) {
    return { x: ['E_RMM_AGAIN'], state };
  }
  const { result, streams } = change(state.streams, call, `${port}/${x(3) & 0x1fffn}`);
  if (ide === 'blocking') return { x: [result], state: { ...state, streams } };
  const [requestId, cookie] = call === 'RMM_IDE_KEY_PROG' ? [x(10), x(11)] : [x(4), x(5)];
  return {
    x: ['E_RMM_IN_PROGRESS'],
    state: { streams, pending: [...state.pending, { port, result, requestId, cookie }] },
  };
};

/** RMM_IDE_KM_PULL_RESPONSE: the oldest answer of a root port, with what its request brought along. */
export const idePull = ({ ide }: El3Config, state: IdeState, x: (index: number) => bigint): IdeAnswer => {
  if (ide !== 'non-blocking') return { x: ['E_RMM_UNK'], state };
  const oldest = state.pending.find(({ port }) => port === `${x(1)}/${x(2)}`);
  if (oldest === undefined) return { x: ['E_RMM_AGAIN'], state };
  const pending = state.pending.filter((each) => each !== oldest);
  return { x: ['E_RMM_OK', oldest.result, oldest.requestId, oldest.cookie], state: { ...state, pending } };
};
