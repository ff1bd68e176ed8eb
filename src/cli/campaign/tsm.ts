import { join } from 'node:path';
import { equalBytes, padEnd } from '../../bytes/index.ts';
import { actText, createFaultSession, type FaultPlan } from '../../fault/index.ts';
import {
  type Answer,
  armCcaGuest,
  createFuseServer,
  createTree,
  startWithReportTree,
  TsmUnavailable,
} from '../../tsm/index.ts';
import { badInput } from '../exit.ts';
import { watched } from '../judge/process.ts';
import { treeFaults } from '../tsm/faults.ts';
import {
  type ClientCommand,
  clientEnd,
  forget,
  normalised,
  type ProcessKind,
  saysOf,
  usesPlaceholder,
  withFiles,
} from './client.ts';
import type { Met } from './coverage.ts';
import type { ClientFinding, Target } from './target.ts';
import { tsmPlans } from './tsm-plans.ts';

/** What happened in the tree while a client ran. */
export interface Seen {
  readonly fired: readonly { readonly at: string; readonly name: string; readonly text: string }[];
  /** Reports that were made, by their challenges. */
  readonly reports: readonly { readonly challenge: Uint8Array; readonly report: Uint8Array }[];
}

/** Whose challenges other programs wrote. */
const racedChallenges = ({ faults }: FaultPlan): readonly Uint8Array[] =>
  faults.flatMap(({ act }) => (act.race === undefined ? [] : [padEnd(act.race, 64)]));

/** Says what is wrong with a client of the tree, under the model of the faults that acted. */
export const judgeInTree = (plan: FaultPlan, end: ProcessKind, { fired, reports }: Seen): ClientFinding | undefined => {
  // Where no fault acted the tree was sound, whatever the plan would have it be.
  const model = fired.length === 0 ? 'host' : plan.model;
  const found = (finding: string, says: string): ClientFinding => ({ finding, says, model });
  switch (end.kind) {
    case 'crashed':
      return found('crash', 'the client crashed');
    case 'endless':
      return found('endless', 'the client does not come to an end');
    case 'out-of-memory':
      return found('out-of-memory', 'the client takes more memory than it may');
    case 'gave-up':
      // Whoever reads and writes has to go on where a call moved less than was asked.
      return fired.every(({ name }) => name === 'short')
        ? found('gave-up', 'the client gives up though no call failed')
        : undefined;
    case 'token': {
      const raced = racedChallenges(plan);
      const isOf = (which: (challenge: Uint8Array) => boolean): boolean =>
        reports.some(({ challenge, report }) => which(challenge) && equalBytes(report, end.token));
      const isRaced = (challenge: Uint8Array): boolean => raced.some((each) => equalBytes(each, challenge));
      if (isOf((challenge) => !isRaced(challenge))) return undefined;
      if (isOf(isRaced)) return found('raced', 'the client takes a report for the challenge of another program');
      // Bytes that the RMM spoiled are for a verifier to find.
      return model === 'host' ? found('wrong-token', 'what the client has is not a report') : undefined;
    }
    default:
      return undefined;
  }
};

/** Clients that read the report tree, under fault plans. */
export const tsmTarget = async (
  { words, limits, scratch }: ClientCommand,
  attest: (challenge: Uint8Array) => Answer<Uint8Array>,
): Promise<Target<FaultPlan>> => {
  const tokenFile = join(scratch, 'token');
  const command = withFiles(words, { '{token}': tokenFile });
  const asked = usesPlaceholder(words, '{token}') ? tokenFile : undefined;

  return {
    ...tsmPlans,
    async run(plan) {
      forget(tokenFile);
      const met: Met[] = [];
      const fired: Seen['fired'][number][] = [];
      const reports: Seen['reports'][number][] = [];
      const session = createFaultSession(plan, (event) => {
        if (event.type === 'fault') met.push(['faults fired', `${event.at} ${event.act.slice(0, 60)}`]);
      });
      const faulty = treeFaults({
        ...session,
        due(seam, carried) {
          met.push(['calls', seam]);
          const acts = session.due(seam, carried);
          for (const act of acts) {
            for (const name of Object.keys(act)) fired.push({ at: seam, name, text: `${seam} ${actText(act)}` });
          }
          return acts;
        },
      });
      const provider = armCcaGuest((challenge) => {
        const answer = attest(challenge);
        met.push(['reports', answer.ok ? 'made' : answer.errno]);
        if (answer.ok) reports.push({ challenge, report: answer.value });
        return answer;
      });
      const server = createFuseServer(createTree({ provider, faults: faulty }));
      try {
        const { child, end } = startWithReportTree(command, server, { piped: true });
        const [process] = await Promise.all([watched(child, limits), end]);
        const kind = clientEnd(process, asked);
        return {
          end: kind.kind,
          says: normalised(saysOf(kind)),
          finding: judgeInTree(plan, kind, { fired, reports }),
          difference: fired[0] === undefined ? '' : `${fired[0].at} ${fired[0].name}`,
          met: [['ends', kind.kind], ...met],
        };
      } catch (error) {
        throw error instanceof TsmUnavailable ? badInput(error.message, error) : error;
      }
    },
    again: (folder) => `swcca fuzz run --client tsm --replay ${join(folder, 'plan.yaml')} -- ${words.join(' ')}`,
    close: async () => undefined,
  };
};
