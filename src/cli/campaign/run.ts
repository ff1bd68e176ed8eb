import { utf8 } from '../../bytes/index.ts';
import type { Shard } from '../../corpus/index.ts';
import { seededEntropy } from '../../crypto/index.ts';
import { nodeCrypto } from '../../crypto/node.ts';
import type { FaultPlan } from '../../fault/index.ts';
import { assemble, decodeScript, type ResponseScript } from '../../response/index.ts';
import type { CallOf } from '../command.ts';
import type { fuzz } from '../commands/fuzz.ts';
import { badCommandLine, EXIT, type ExitCode } from '../exit.ts';
import { readFaultPlan } from '../fault-plan.ts';
import { INPUTS, readInput } from '../io/read.ts';
import { scratchFolder } from '../io/scratch.ts';
import type { Terminal } from '../io/terminal.ts';
import type { Limits } from '../judge/answer.ts';
import { bootDefaultAttester } from '../tsm/attester.ts';
import { bridgeTarget } from './bridge.ts';
import { ownCases, runCampaign } from './campaign.ts';
import type { ClientCommand } from './client.ts';
import { type Either, eitherTarget } from './either.ts';
import { CLIENT_KINDS, type ClientKind, type Vary } from './kinds.ts';
import { machineTarget } from './machine.ts';
import { printCampaign } from './report.ts';
import { scriptTarget } from './script.ts';
import type { CampaignIdentity, CampaignState } from './state.ts';
import type { Target } from './target.ts';
import { tsmTarget } from './tsm.ts';

export interface CampaignRequest {
  readonly client: ClientKind;
  readonly command: readonly string[];
  readonly seed: string;
  /** What is varied for a client of the bridge; by default both. */
  readonly vary?: Vary | undefined;
  readonly runs: number;
  readonly shard: Shard;
  readonly folder: string;
  readonly limits: Limits;
  /** An input to run once, in place of a campaign. */
  readonly replay: string | undefined;
  readonly json: boolean;
}

/** How often somebody who waits hears how far it is. */
const TELL_MS = 2000;

/** A target, and how its inputs are read from a file. */
interface Opened<Input> {
  readonly target: Target<Input>;
  readonly read: (path: string) => Promise<Input>;
}

const PLAN_FILE = /\.ya?ml$/;

const readResponse = async (path: string): Promise<ResponseScript> => {
  // Any bytes are a response script, those of a plan, too.
  if (PLAN_FILE.test(path))
    throw badCommandLine(`--replay ${path}: is a fault plan, and this client has response scripts`);
  const bytes = await readInput(path, { ...INPUTS.text, what: 'a response script' });
  return path.endsWith('.txt') ? assemble(new TextDecoder().decode(bytes)) : decodeScript(bytes);
};

const scripts = async (target: Promise<Target<ResponseScript>>): Promise<Opened<ResponseScript>> => ({
  target: await target,
  read: readResponse,
});
const plans = async (target: Promise<Target<FaultPlan>>): Promise<Opened<FaultPlan>> => ({
  target: await target,
  read: readFaultPlan,
});

/** Response scripts, and fault plans, which are YAML. */
const both = async (command: ClientCommand): Promise<Opened<Either<ResponseScript, FaultPlan>>> => ({
  target: eitherTarget(await bridgeTarget(command), await machineTarget(command)),
  read: async (path) =>
    PLAN_FILE.test(path) ? { second: await readFaultPlan(path) } : { first: await readResponse(path) },
});

const replayOnce = async <Input>(
  { target, read }: Opened<Input>,
  path: string,
  terminal: Terminal,
): Promise<ExitCode> => {
  const { end, says, finding, difference } = await target.run(await read(path));
  terminal.print(`the client ended: ${end}${says === '' ? '' : ` (${says})`}`);
  if (difference !== '') terminal.print(`after: ${difference}`);
  terminal.print(finding === undefined ? 'nothing is wrong with that' : `${finding.says} (model ${finding.model})`);
  return finding === undefined ? EXIT.ok : EXIT.no;
};

const campaign = async <Input>(
  target: Target<Input>,
  { client, command, seed, vary, runs, shard, folder, json }: CampaignRequest,
  terminal: Terminal,
): Promise<ExitCode> => {
  const identity: CampaignIdentity = { client, command, seed, vary, shard };
  const total = ownCases(runs, shard);
  const nowMs = (): number => performance.now();
  let stop = false;
  const wantStop = (): void => {
    stop = true;
  };
  let toldMs = nowMs();
  const onCase = ({ done, bugs }: CampaignState): void => {
    if (nowMs() - toldMs < TELL_MS) return;
    toldMs = nowMs();
    terminal.note(`${done} of ${total} runs, ${bugs.length} bug${bugs.length === 1 ? '' : 's'}`);
  };
  process.on('SIGINT', wantStop);
  process.on('SIGTERM', wantStop);
  try {
    const entropy = seededEntropy(nodeCrypto, utf8(`swcca/fuzz/${client}/${seed}`));
    const state = await runCampaign({ target, identity, runs, entropy, folder, onCase, stopped: () => stop, nowMs });
    if (json) terminal.json({ ...identity, total, done: state.done, bugs: state.bugs, coverage: state.coverage });
    else printCampaign(terminal, identity, state, total);
    if (stop) terminal.note('interrupted: the same command goes on from here');
    return state.bugs.length === 0 ? EXIT.ok : EXIT.no;
  } finally {
    process.off('SIGINT', wantStop);
    process.off('SIGTERM', wantStop);
  }
};

const DEFAULTS = { runs: 1000, seed: 'swcca', folder: 'swcca-fuzz', timeoutMs: 10_000, memoryMiB: 1024 } as const;

/** `swcca fuzz run`. */
export const fuzzRun = ({ values, operands, terminal }: CallOf<typeof fuzz>): Promise<ExitCode> => {
  const { client, runs, seed, vary, shard, out, timeout, memory, replay, json } = values;
  if (client === undefined) throw badCommandLine(`--client is missing: ${CLIENT_KINDS.join(', ')}`);
  if (vary !== undefined && client !== 'bridge') throw badCommandLine('--vary is for --client bridge');
  const request: CampaignRequest = {
    client,
    command: operands.slice(1),
    seed: seed ?? DEFAULTS.seed,
    vary,
    runs: runs ?? DEFAULTS.runs,
    shard: shard ?? { index: 1, of: 1 },
    folder: out ?? DEFAULTS.folder,
    limits: { timeoutMs: timeout ?? DEFAULTS.timeoutMs, memoryMiB: memory ?? DEFAULTS.memoryMiB },
    replay,
    json,
  };
  return runFuzzCampaign(request, terminal);
};

/** Puts a client to the test. @returns 1 when something is wrong with it. */
export const runFuzzCampaign = async (request: CampaignRequest, terminal: Terminal): Promise<ExitCode> => {
  const { client, command, vary, limits, replay } = request;
  if (command.length === 0) throw badCommandLine('CMD… is missing: swcca fuzz run --client KIND -- CMD [ARGUMENT…]');
  const scratch = scratchFolder('fuzz');
  const test = async <Input>(opened: Opened<Input>): Promise<ExitCode> => {
    try {
      return await (replay === undefined
        ? campaign(opened.target, request, terminal)
        : replayOnce(opened, replay, terminal));
    } finally {
      await opened.target.close();
    }
  };
  try {
    const words: ClientCommand = { words: command, limits, scratch: scratch.path };
    if (client === 'tsm') return await test(await plans(tsmTarget(words, (await bootDefaultAttester()).attest)));
    if (client === 'script') return await test(await scripts(scriptTarget(words)));
    if (vary === 'responses') return await test(await scripts(bridgeTarget(words)));
    return await (vary === 'plans' ? test(await plans(machineTarget(words))) : test(await both(words)));
  } finally {
    scratch.discard();
  }
};
