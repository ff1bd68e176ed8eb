import {
  type Answer,
  disassemble,
  encodeScript,
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
import { attestationCall, metBy } from './heard.ts';
import type { ClientFinding, Target } from './target.ts';

const faultsOf = (given: readonly bigint[], { rule, model }: Answer): readonly Met[] => {
  const acts = rule === undefined || model === 'sound' ? [] : rule.acts;
  const name = attestationCall(given);
  return acts.map((act) => ['faults fired', `${name} ${act.name === 'register' ? `x${act.x}` : act.name}`]);
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
      if (heard <= MOST_HEARD) met.push(...metBy(given, answer.x), ...faultsOf(given, answer));
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
export const responseInputs: Pick<Target<ResponseScript>, 'sound' | 'known' | 'draw' | 'simpler' | 'files'> = {
  sound: [...seeds().values()].slice(0, 1),
  known: [...seeds().values()],
  draw: (entropy) => randomScript((length) => entropy.bytes(length)),
  simpler: simplerScripts,
  files: (script) => ({ 'response.bin': encodeScript(script), 'response.txt': disassemble(script) }),
};
