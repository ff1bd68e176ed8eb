import type { FaultModel } from '../../fault/index.ts';
import type { Terminal } from '../io/terminal.ts';
import type { CampaignIdentity, CampaignState, FoundBug } from './state.ts';

const KINDS: Readonly<Record<FaultModel, string>> = {
  host: 'security bugs of the client (a hostile Host is enough)',
  rmm: 'robustness bugs of the client (it takes a broken or hostile RMM)',
};

const times = (count: number): string => `${count} run${count === 1 ? '' : 's'}`;

const printBug = (terminal: Terminal, { id, says, difference, words, hits, again }: FoundBug): void => {
  terminal.print(`  ${id}: ${says}`);
  terminal.print(`    after     ${difference === '' ? 'nothing that was wrong' : difference} (${times(hits)})`);
  if (words !== '') terminal.print(`    said      ${words}`);
  terminal.print(`    again     ${again}`);
};

/** What a campaign found and met, for people. */
export const printCampaign = (
  terminal: Terminal,
  { client, seed, shard }: CampaignIdentity,
  { done, bugs, coverage }: CampaignState,
  total: number,
): void => {
  const part = shard.of === 1 ? '' : `, shard ${shard.index}/${shard.of}`;
  terminal.print(`${done} of ${total} runs of a client of the kind ${client}, seed ${JSON.stringify(seed)}${part}`);
  for (const model of Object.keys(KINDS) as FaultModel[]) {
    const found = bugs.filter((bug) => bug.model === model);
    terminal.print(`${KINDS[model]}: ${found.length}`);
    for (const bug of found) printBug(terminal, bug);
  }
  terminal.print('met');
  for (const [kind, counts] of Object.entries(coverage)) {
    const all = Object.entries(counts).map(([what, count]) => `${what} ${count}`);
    terminal.print(`  ${kind.padEnd(13)} ${all.join(', ')}`);
  }
};
