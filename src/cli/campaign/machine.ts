import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type Bridge, type ConnectionReport, openBridge, type Place } from '../../bridge/index.ts';
import { Bug, hexNumber } from '../../bytes/index.ts';
import { nodeCrypto } from '../../crypto/node.ts';
import { type ActName, actText, type FaultPlan } from '../../fault/index.ts';
import { HostError } from '../../host/index.ts';
import { createPlatform, type Platform } from '../../platform/index.ts';
import { judgeTold, type Told } from '../../response/index.ts';
import type { TraceEvent } from '../../trace/index.ts';
import type { CallOf } from '../command.ts';
import { serve } from '../commands/serve.ts';
import { readMachineSettings } from '../machine-settings.ts';
import { parseCommandLine } from '../parse.ts';
import { readRealms } from '../serve/realms.ts';
import {
  type ClientCommand,
  clientEnd,
  forget,
  normalised,
  type ProcessKind,
  runClient,
  saysOf,
  usesPlaceholder,
  withFiles,
} from './client.ts';
import type { Met } from './coverage.ts';
import { createHearing, MOST_WAITS } from './heard.ts';
import { machinePlans } from './machine-plans.ts';
import type { ClientFinding, Target } from './target.ts';

/** Calls after which a client that goes on is endless: more than any token needs, a byte at a time. */
const MOST_CALLS = 50_000;

/** A fault that acted. */
interface Fired {
  readonly at: string;
  readonly names: readonly ActName[];
}

/** Faults after which a guest may never run again: at once, or as soon as it touches the page. */
const ENDS: readonly ActName[] = ['deny', 'destroy'];
/** Faults after which a guest is refused what it asked for: it may give up then. */
const REFUSALS: readonly ActName[] = ['reject', 'set'];

/** Says what is wrong with a client of a live machine, under the model of the faults that acted. */
export const judgeOnMachine = (
  end: ProcessKind,
  { model }: FaultPlan,
  fired: readonly Fired[],
  told: (departures: number) => Told,
): ClientFinding | undefined => {
  const acted = (names: readonly ActName[]): boolean => fired.some((each) => each.names.some((n) => names.includes(n)));
  // Where nothing acted, the machine was sound, whatever the plan would have it be.
  const shown = fired.length === 0 ? 'host' : model;
  if (acted(ENDS)) return undefined;
  if (end.kind === 'out-of-memory') {
    return { finding: end.kind, says: 'the client takes more memory than it may', model: shown };
  }
  if (end.kind === 'done' || (end.kind === 'gave-up' && model === 'host' && acted(REFUSALS))) return undefined;
  return judgeTold(end, told(shown === 'rmm' ? fired.length : 0));
};

/** What the machine of a campaign is, but for its faults: that of `swcca serve` without an option. */
const readDefaults = async () => {
  const values = parseCommandLine(serve, []).values as CallOf<typeof serve>['values'];
  const settings = await readMachineSettings(values, nodeCrypto);
  const realms = await readRealms(values, () => undefined);
  return { settings, realms };
};

const environment = ({ socketPath, memoryPath, memory }: Place): Readonly<Record<string, string>> => ({
  SWCCA_SOCKET: socketPath,
  SWCCA_MEMORY: memoryPath,
  SWCCA_IPA_BASE: hexNumber(memory.base),
  SWCCA_IPA_SIZE: hexNumber(memory.size),
});

/** Clients that speak the bridge, in front of a live machine in which a fault plan acts. */
export const machineTarget = async ({ words, limits, scratch }: ClientCommand): Promise<Target<FaultPlan>> => {
  const { settings, realms } = await readDefaults();
  const tokenFile = join(scratch, 'token');
  const command = withFiles(words, { '{token}': tokenFile });
  const asked = usesPlaceholder(words, '{token}') ? tokenFile : undefined;

  /** A machine with the faults of a plan, and what of them acts. */
  const boot = (plan: FaultPlan, fired: Fired[]): Platform => {
    const trace = (event: TraceEvent): void => {
      if (event.type !== 'fault') return;
      const fault = plan.faults.find(({ at, act }) => at === event.at && actText(act) === event.act);
      fired.push({ at: event.at, names: Object.keys(fault?.act ?? {}) as ActName[] });
    };
    return createPlatform({ ...settings, crypto: nodeCrypto, faults: plan, trace });
  };

  const run = async (plan: FaultPlan) => {
    const fired: Fired[] = [];
    const ends: ConnectionReport[] = [];
    let bridge: Bridge | undefined;
    let memory: number | undefined;
    let closed: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      closed ??= bridge?.close();
      await closed;
    };
    let endless = false;
    const hearing = createHearing((ipa, length) => {
      const [place] = bridge?.places ?? [];
      if (place === undefined || memory === undefined || ipa < place.memory.base) return undefined;
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, readSync(memory, bytes, 0, length, Number(ipa - place.memory.base)));
    });
    try {
      bridge = await openBridge({
        platform: boot(plan, fired),
        plans: realms.plans,
        limits: { frames: MOST_CALLS },
        onCall(given, x) {
          hearing.hear(given, x);
          if (endless || hearing.waits < MOST_WAITS) return;
          endless = true;
          // Once this call is answered.
          setImmediate(close);
        },
        onEnd(report) {
          endless ||= report.code === 'LIMIT';
          ends.push(report);
        },
      });
      const [place] = bridge.places;
      if (place === undefined) throw new Bug('a bridge without a place');
      memory = openSync(place.memoryPath, 'r');
      const process = await runClient(command, environment(place), limits);
      // Ends of connections are told of when the bridge closes, at the latest.
      await close();
      return { process, fired, ends, hearing, endless };
    } finally {
      if (memory !== undefined) closeSync(memory);
      await close();
    }
  };

  return {
    ...machinePlans,
    async run(plan) {
      forget(tokenFile);
      const came = await run(plan).catch((error: unknown) => {
        // With these faults no Realm comes to be, and there is nothing to connect to.
        if (error instanceof HostError) return undefined;
        throw error;
      });
      if (came === undefined) {
        return { end: 'no Realm', says: '', finding: undefined, difference: '', met: [['ends', 'no Realm']] };
      }
      const { process, fired, ends, hearing, endless } = came;
      const bug = ends.find(({ code }) => code === 'BUG');
      if (bug !== undefined) throw new Bug(bug.says);
      const end = endless ? ({ kind: 'endless' } as const) : clientEnd(process, asked);
      const [first] = fired;
      const met: Met[] = [
        ['ends', end.kind],
        ...hearing.met,
        ...fired.map(({ at, names }) => ['faults fired', `${at} ${names.join(', ')}`] as const),
        ...ends.map(({ code }) => ['connections', code] as const),
      ];
      return {
        end: end.kind,
        says: normalised(saysOf(end)),
        finding: judgeOnMachine(end, plan, fired, hearing.told),
        difference: first === undefined ? '' : `${first.at} ${first.names.join(', ')}`,
        met,
      };
    },
    again: (folder) => `swcca fuzz run --client bridge --replay ${join(folder, 'plan.yaml')} -- ${words.join(' ')}`,
    close: async () => realms.close(),
  };
};
