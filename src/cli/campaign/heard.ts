import { decodeRsiStatus, encodeRsiStatus, GRANULE } from '../../abi/index.ts';
import type { CallWatcher } from '../../bridge/index.ts';
import { concatBytes, equalBytes } from '../../bytes/index.ts';
import { FID, type Told } from '../../response/index.ts';
import type { Met } from './coverage.ts';

const pieceShape = (given: readonly bigint[], x: readonly bigint[]): string => {
  const [, , offset = 0n, size = 0n] = given;
  const came = x[1] ?? 0n;
  if (came > size) return 'more than there was room for';
  if (came === 0n) return 'nothing';
  if (offset + came === GRANULE) return offset === 0n ? 'a whole granule' : 'up to the edge of the granule';
  return offset === 0n ? 'from the start of the granule' : 'in the middle of the granule';
};

/** The attestation call that a client made. */
export const attestationCall = (given: readonly bigint[]): 'INIT' | 'CONTINUE' | undefined =>
  given[0] === FID.INIT ? 'INIT' : given[0] === FID.CONTINUE ? 'CONTINUE' : undefined;

/** What one answer shows a client: the status of its command, the shape of a piece, the state of the operation. */
export const metBy = (given: readonly bigint[], x: readonly bigint[]): readonly Met[] => {
  const name = attestationCall(given);
  if (name === undefined) return [];
  const status = decodeRsiStatus(x[0] ?? 0n) ?? 'no RSI status';
  const state = status === 'RSI_INCOMPLETE' ? 'under way' : status === 'RSI_SUCCESS' ? `after ${name}` : 'failed';
  return [
    ['statuses', `${name} ${status}`],
    ...(name === 'CONTINUE' ? [['pieces', pieceShape(given, x)] as const] : []),
    ['states', state],
  ];
};

/** Answers that are looked at one by one; what comes later is more of the same. */
const MOST_HEARD = 10_000;
/** Far above any token: what is longer is none. */
const MOST_TOKEN = 1 << 20;
const SUCCESS = encodeRsiStatus('RSI_SUCCESS');
const INCOMPLETE = encodeRsiStatus('RSI_INCOMPLETE');

/** Answers in a row that brought nothing, after which a client that goes on is endless. */
export const MOST_WAITS = 5000;

/** Listens to what a live machine tells a client. */
export interface Hearing {
  readonly hear: CallWatcher;
  readonly met: readonly Met[];
  /** The most answers in a row, since the last INIT, that were INCOMPLETE and brought nothing. */
  readonly waits: number;
  /** @param departures  answers, or what is behind them, that take a broken or hostile RMM. */
  told(departures: number): Told;
}

/** @param read  bytes of the client's memory, or undefined where there is none. */
export const createHearing = (read: (ipa: bigint, length: number) => Uint8Array | undefined): Hearing => {
  const met: Met[] = [];
  let heard = 0;
  let bound = 0n;
  let lastStatus = 0n;
  let overlong = false;
  let waits = 0;
  let inARow = 0;
  let came: Uint8Array = new Uint8Array();
  /** The token of the last INIT, once it is whole. */
  let token: Uint8Array | undefined;

  const init = (x: readonly bigint[]): void => {
    bound = x[1] ?? 0n;
    overlong = false;
    waits = inARow = 0;
    came = new Uint8Array();
    token = undefined;
  };
  const goOn = (
    [, ipa = 0n, offset = 0n, size = 0n]: readonly bigint[],
    [status = 0n, length = 0n]: readonly bigint[],
  ): void => {
    if (status !== SUCCESS && status !== INCOMPLETE) return;
    inARow = status === INCOMPLETE && length === 0n ? inARow + 1 : 0;
    waits = Math.max(waits, inARow);
    if (length > size) {
      overlong = true;
      return;
    }
    if (came.length + Number(length) <= MOST_TOKEN) {
      came = concatBytes(came, read(ipa + offset, Number(length)) ?? new Uint8Array());
    }
    if (status === SUCCESS) token = came;
  };

  return {
    hear(given, x) {
      heard += 1;
      if (heard <= MOST_HEARD) met.push(...metBy(given, x));
      const name = attestationCall(given);
      if (name === undefined) return;
      lastStatus = x[0] ?? 0n;
      if (name === 'INIT') init(x);
      else goOn(given, x);
    },
    met,
    get waits() {
      return waits;
    },
    told: (departures) => ({
      departures,
      waits,
      overlong,
      bound,
      lastStatus,
      isToken: (bytes) => token !== undefined && equalBytes(bytes, token),
    }),
  };
};
