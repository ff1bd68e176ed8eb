import { join } from 'node:path';
import type { Entropy } from '../../crypto/index.ts';
import { badInput } from '../exit.ts';
import { createCoverage } from './coverage.ts';
import { type CampaignIdentity, type CampaignState, type FoundBug, keepFiles, keepState, readState } from './state.ts';
import type { ClientFinding, RunResult, Target } from './target.ts';

export interface CampaignOptions<Input> {
  readonly target: Target<Input>;
  readonly identity: CampaignIdentity;
  /** Cases of all shards together. */
  readonly runs: number;
  readonly entropy: Entropy;
  readonly folder: string;
  /** Told of each case of this shard that is over. */
  readonly onCase: (state: CampaignState) => void;
  /** Whether to leave the rest for another time. */
  readonly stopped: () => boolean;
  readonly nowMs: () => number;
}

/** Runs that making one input smaller may take. */
const SHRINK_RUNS = 200;
/** How long a campaign may go on without being kept. */
const KEEP_MS = 2000;

/** Cases of a shard, out of all. */
export const ownCases = (runs: number, { index, of }: CampaignIdentity['shard']): number =>
  Math.max(0, Math.ceil((runs - (index - 1)) / of));

type Found = RunResult & { readonly finding: ClientFinding };
const isFound = (result: RunResult): result is Found => result.finding !== undefined;

/** What tells bugs apart: what it is, whose fault it takes, its last words, where the first difference lay. */
const keyOf = ({ finding: { finding, model }, says, difference }: Found): string =>
  JSON.stringify([model, finding, says, difference]);

const isSame = (a: Found, b: RunResult): b is Found =>
  isFound(b) && b.finding.finding === a.finding.finding && b.finding.model === a.finding.model && b.says === a.says;

/** Takes the first simpler input that shows the same, again and again. */
const shrunk = async <Input>(target: Target<Input>, input: Input, result: Found): Promise<[Input, Found]> => {
  let best: [Input, Found] = [input, result];
  let runs = 0;
  for (let better = true; better; ) {
    better = false;
    for (const simpler of target.simpler(best[0])) {
      if (runs++ >= SHRINK_RUNS) return best;
      const found = await target.run(simpler);
      if (!isSame(result, found)) continue;
      best = [simpler, found];
      better = true;
      break;
    }
  }
  return best;
};

/** @throws {UsageError} where the client does not even get along with a machine that does nothing wrong. */
const checkSound = async <Input>({ target }: CampaignOptions<Input>): Promise<void> => {
  for (const sound of target.sound) {
    const { end, says, finding } = await target.run(sound);
    if (end !== 'token' && end !== 'done') {
      throw badInput(
        `the client gets nowhere although nothing is wrong${target.in?.(sound) ?? ''} (${end}${says === '' ? '' : `: ${says}`}): try it by itself first`,
      );
    }
    if (finding !== undefined)
      throw badInput(
        `although nothing is wrong${target.in?.(sound) ?? ''}, ${finding.says}: try the client by itself first`,
      );
  }
};

/**
 * Runs the cases of a shard that are not over yet, makes each input that shows something as small as it gets, and keeps
 * the campaign as it goes.
 */
export const runCampaign = async <Input>(options: CampaignOptions<Input>): Promise<CampaignState> => {
  const { target, identity, runs, entropy, folder, onCase, stopped, nowMs } = options;
  const { shard } = identity;
  const before = readState(folder, identity);
  const coverage = createCoverage(before.coverage);
  const bugs = new Map(before.bugs.map((bug) => [bug.id, bug]));
  const known = new Map(Object.entries(before.known));
  const total = ownCases(runs, shard);
  let { done } = before;
  let keptMs = nowMs();

  const state = (): CampaignState => ({
    done,
    coverage: coverage.sum,
    bugs: [...bugs.values()],
    known: Object.fromEntries(known),
  });
  const keep = (): void => {
    keepState(folder, identity, state());
    keptMs = nowMs();
  };
  const hit = (id: string): void => {
    const bug = bugs.get(id);
    if (bug !== undefined) bugs.set(id, { ...bug, hits: bug.hits + 1 });
  };

  const add = async (index: number, input: Input, result: Found): Promise<void> => {
    const seen = known.get(keyOf(result));
    if (seen !== undefined) {
      hit(seen);
      return;
    }
    const [small, shown] = await shrunk(target, input, result);
    const same = known.get(keyOf(shown));
    const id = same ?? `${shown.finding.model}-${shown.finding.finding}-${bugs.size + 1}`;
    known.set(keyOf(result), id);
    known.set(keyOf(shown), id);
    if (same !== undefined) {
      hit(same);
      return;
    }
    const place = join(folder, 'findings', id);
    const { finding, says, model } = shown.finding;
    const bug: FoundBug = {
      ...{ id, finding, says, model, index, hits: 1 },
      difference: shown.difference,
      words: shown.says,
      again: target.again(place, small),
    };
    bugs.set(id, bug);
    keepFiles(place, { ...target.files(small), 'finding.json': `${JSON.stringify(bug, undefined, 2)}\n` });
    keep();
  };

  if (done < total) await checkSound(options);
  while (done < total && !stopped()) {
    const index = shard.index - 1 + done * shard.of;
    const input = target.known[index] ?? target.draw(entropy.fork(`case/${index}`));
    const result = await target.run(input);
    coverage.add(result.met);
    if (isFound(result)) await add(index, input, result);
    done += 1;
    onCase(state());
    if (nowMs() - keptMs > KEEP_MS) keep();
  }
  keep();
  return state();
};
