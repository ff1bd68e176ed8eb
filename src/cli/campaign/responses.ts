import { decodeRsiStatus } from '../../abi/index.ts';
import {
  type Answer,
  disassemble,
  encodeScript,
  FID,
  judgeClient,
  type PlayerStatus,
  type ResponseScript,
  randomScript,
  ruleText,
  seeds,
  simplerScripts,
} from '../../response/index.ts';
import type { ProcessKind } from './client.ts';
import type { Met } from './coverage.ts';
import type { ClientFinding, Target } from './target.ts';

const GRANULE = 4096n;

const pieceShape = (given: readonly bigint[], answer: Answer): string => {
  const [, , offset = 0n, size = 0n] = given;
  const came = answer.x[1] ?? 0n;
  if (came > size) return 'more than there was room for';
  if (came === 0n) return 'nothing';
  if (offset + came === GRANULE) return offset === 0n ? 'a whole granule' : 'up to the edge of the granule';
  return offset === 0n ? 'from the start of the granule' : 'in the middle of the granule';
};

/** What one answer shows a client: the status of its command, the shape of a piece, the state of the operation. */
const metBy = (given: readonly bigint[], answer: Answer): readonly Met[] => {
  const fid = given[0];
  const name = fid === FID.INIT ? 'INIT' : fid === FID.CONTINUE ? 'CONTINUE' : undefined;
  const status = decodeRsiStatus(answer.x[0] ?? 0n) ?? 'no RSI status';
  const faults = answer.rule === undefined || answer.model === 'sound' ? [] : answer.rule.acts;
  return [
    ...(name === undefined ? [] : [['statuses', `${name} ${status}`] as const]),
    ...(name === 'CONTINUE' ? [['pieces', pieceShape(given, answer)] as const] : []),
    ...(name === undefined
      ? []
      : [
          [
            'states',
            status === 'RSI_INCOMPLETE' ? 'under way' : status === 'RSI_SUCCESS' ? `after ${name}` : 'failed',
          ] as const,
        ]),
    ...faults.map((act) => ['faults fired', `${name} ${act.name === 'register' ? `x${act.x}` : act.name}`] as const),
  ];
};

/** Listens to a conversation: what was met, and where it first departed from a sound one. */
export interface Listener {
  hear(given: readonly bigint[], answer: Answer): void;
  readonly met: readonly Met[];
  readonly difference: string;
}

/** Answers that are looked at one by one; what comes later is more of the same. */
const MOST_HEARD = 10_000;

export const createListener = (): Listener => {
  const met: Met[] = [];
  let heard = 0;
  let difference = '';
  return {
    hear(given, answer) {
      heard += 1;
      if (heard <= MOST_HEARD) met.push(...metBy(given, answer));
      if (difference === '' && answer.model !== 'sound' && answer.rule !== undefined) {
        difference = ruleText({ ...answer.rule, times: 1 }).replaceAll(/ (-?\d+|0x[0-9a-f]+)/g, '');
      }
    },
    met,
    get difference() {
      return difference;
    },
  };
};

/** Judges a process by the conversation that it had. */
export const judgeProcess = (end: ProcessKind, status: PlayerStatus): ClientFinding | undefined => {
  const model = status.departures === 0 ? 'host' : 'rmm';
  if (end.kind === 'out-of-memory')
    return { finding: end.kind, says: 'the client takes more memory than it may', model };
  return end.kind === 'done' ? undefined : judgeClient(end, status);
};

/** What is the same for every client whose RMM is a response script. */
export const responseInputs: Pick<Target<ResponseScript>, 'known' | 'draw' | 'simpler' | 'files'> = {
  known: [...seeds().values()],
  draw: (entropy) => randomScript((length) => entropy.bytes(length)),
  simpler: simplerScripts,
  files: (script) => ({ 'response.bin': encodeScript(script), 'response.txt': disassemble(script) }),
};
