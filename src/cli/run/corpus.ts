import { cpSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  commonFiles,
  corpusReadme,
  jsonText,
  type Listed,
  manifestWriter,
  type Parameters,
  planCorpus,
  positionsOf,
} from '../../corpus/index.ts';
import { nodeCrypto } from '../../crypto/node.ts';
import type { Verdict } from '../../mutate/index.ts';
import type { CallOf } from '../command.ts';
import type { corpus } from '../commands/corpus.ts';
import { commonParameters, mergeTokens } from '../corpus/merge.ts';
import { produceAll } from '../corpus/pool.ts';
import { selectionFrom } from '../corpus/selection.ts';
import { type CorpusSource, corpusSource } from '../corpus/source.ts';
import { MANIFEST_FILE, openCorpus } from '../corpus/store.ts';
import { badCommandLine, EXIT, type ExitCode } from '../exit.ts';
import { makeFolders } from '../io/folders.ts';
import { gather } from '../io/gather.ts';
import { processCount } from '../io/progress.ts';
import { openOutput } from '../io/write.ts';

type CorpusCall = CallOf<typeof corpus>;

const README = 'README.md';
/** Characters of the manifest that are gathered before they are written. */
const MANIFEST_PIECE = 1 << 16;

/** The files that stand beside the tokens. */
export const filesBeside = ({ source, parameters, reference, endorsements, mark }: CorpusSource) => [
  [README, corpusReadme(parameters)] as const,
  ...commonFiles(nodeCrypto, source, reference, mark),
  ...endorsements,
];

/** Writes the manifest while tokens come, and counts them. */
const accountOf = (folder: string, parameters: Parameters, whole: boolean) => {
  const file = whole ? openOutput(join(folder, MANIFEST_FILE)) : undefined;
  const gathered = gather((text) => file?.write(text), MANIFEST_PIECE);
  const manifest = manifestWriter(parameters, gathered.write);
  const counts = new Map<Verdict, number>();
  return {
    add: (tokens: readonly Listed[]): void => {
      for (const token of tokens) {
        manifest.add(token);
        counts.set(token.verdict, (counts.get(token.verdict) ?? 0) + 1);
      }
    },
    end: (): Readonly<Record<string, number>> => {
      manifest.end();
      gathered.flush();
      file?.commit();
      return Object.fromEntries(counts);
    },
    discard: () => file?.discard(),
  };
};

const report = (
  { values, terminal }: CorpusCall,
  folder: string,
  verdicts: Readonly<Record<string, number>>,
  whole: boolean,
): void => {
  const tokens = Object.values(verdicts).reduce((sum, each) => sum + each, 0);
  if (values.json) {
    terminal.json({ folder, tokens, verdicts, manifest: whole });
    return;
  }
  terminal.print(`wrote ${tokens} tokens to ${folder}`);
  for (const [verdict, count] of Object.entries(verdicts)) terminal.print(`  ${verdict.padEnd(12)} ${count}`);
  if (!whole) terminal.print('  a shard: swcca corpus --merge brings all of them together');
};

const make = async (call: CorpusCall, folder: string): Promise<void> => {
  const { values, terminal } = call;
  const selection = selectionFrom({ only: values.only.flat(), random: values.random, count: values.count });
  const made = await corpusSource(values, selection, terminal);
  const { parameters, source } = made;
  const { resumed } = openCorpus(folder, jsonText(parameters), filesBeside(made));
  const plan = planCorpus(selection);
  const shard = values.shard ?? { index: 1, of: 1 };
  const whole = shard.of === 1;
  const account = accountOf(folder, parameters, whole);
  const size = Math.ceil(plan.size / shard.of);
  const display = processCount('making tokens', size, 'tokens');
  try {
    const threads = values.jobs ?? availableParallelism();
    await produceAll({ folder, source, selection, resumed }, positionsOf(plan, shard), size, threads, (tokens) => {
      account.add(tokens);
      display.advance(tokens.length);
    });
    display.end();
    report(call, folder, account.end(), whole);
  } finally {
    display.end();
    account.discard();
  }
};

/** A token or what is said of one: everything else in a shard is the same in all of them. */
const OF_A_TOKEN = /^([A-Z]\d+b?(\.\d+)?|random-\d+(-shrunk)?)\.(cbor|json)(\.part)?$/;

const merge = (call: CorpusCall, folder: string): void => {
  const shards = call.operands;
  const { text, parameters } = commonParameters(shards);
  const [first = ''] = shards;
  openCorpus(folder, text, []);
  for (const name of readdirSync(first)) {
    if (!OF_A_TOKEN.test(name) && name !== MANIFEST_FILE && !shards.includes(folder)) {
      cpSync(join(first, name), join(folder, name), { recursive: true });
    }
  }
  makeFolders(folder);
  const account = accountOf(folder, parameters, true);
  const display = processCount('bringing tokens together', parameters.count, 'tokens');
  try {
    for (const token of mergeTokens(shards, folder, parameters)) {
      account.add([token]);
      display.advance(1);
    }
    display.end();
    report(call, folder, account.end(), true);
  } finally {
    display.end();
    account.discard();
  }
};

type Asked = CorpusCall['values'];

/** Things to do other than making a corpus, and the options that say nothing to them. */
const OTHERWISE = {
  merge: { means: 'takes shards as they are', without: ['only', 'random', 'count', 'shard', 'jobs'] },
  shrink: { means: 'looks at one token', without: ['merge', 'shard', 'jobs'] },
  'mint-fast': {
    means: 'makes good tokens only, in one file',
    without: ['merge', 'shrink', 'only', 'random', 'shard', 'jobs'],
  },
} as const satisfies Partial<Record<keyof Asked, { means: string; without: readonly (keyof Asked)[] }>>;

const isGiven = (value: Asked[keyof Asked]): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;

/** @throws {UsageError} COMMAND_LINE, for options of which one would be ignored. */
const checkTogether = (values: Asked): void => {
  for (const [option, { means, without }] of Object.entries(OTHERWISE)) {
    const idle = isGiven(values[option as keyof typeof OTHERWISE]) && without.find((name) => isGiven(values[name]));
    if (idle) throw badCommandLine(`--${option} ${means}: leave --${idle} out`);
  }
};

export const runCorpus = async (call: CorpusCall): Promise<ExitCode> => {
  const { values, operands } = call;
  const { out, merge: merges, shrink } = values;
  if (out === undefined) throw badCommandLine('--out is missing: name a folder for the corpus');
  checkTogether(values);
  if (!merges && shrink === undefined && operands.length > 0) {
    throw badCommandLine(`does not know what to do with "${operands[0]}"`);
  }
  if (shrink !== undefined) return (await import('../corpus/shrink.ts')).shrinkOne(call, out, shrink);
  if (values['mint-fast']) return (await import('../corpus/mint.ts')).mintCorpus(call, out);
  if (merges) merge(call, out);
  else await make(call, out);
  return EXIT.ok;
};
