import { cli, type Option } from '../command.ts';
import { badCommandLine, type ExitCode } from '../exit.ts';
import { attestOptions } from '../options/attest.ts';
import { common, json } from '../options/common.ts';
import { dialectOptions } from '../options/dialect.ts';
import { machineOptions } from '../options/machine.ts';
import { chipOptions } from '../options/platform.ts';
import { shard } from '../options/shard.ts';
import { flag, path, wholeNumber } from '../options/values.ts';

const parseIds = (text: string): readonly string[] => {
  const ids = text.split(',').filter((id) => id !== '');
  if (ids.length === 0) throw badCommandLine('is empty; name mutations, as C01,R15');
  return ids;
};

export const corpus = cli({
  summary: 'Write tokens that are wrong on purpose, or odd and legal, each with the verdict that a verifier owes it.',
  operands: [
    {
      name: 'DIR… | CMD…',
      help: 'with --merge the folders of the shards; with --shrink the verifier, as judge takes it',
      optional: true,
      rest: true,
    },
  ],
  options: {
    out: path('the folder for the corpus; one that was interrupted is completed', { value: 'DIR', short: 'o' }),
    only: {
      kind: 'option',
      value: 'ID,…',
      help: 'these mutations of the catalogue; by default all',
      repeatable: true,
      parse: parseIds,
    } satisfies Option<readonly string[]>,
    random: wholeNumber('random mutations instead, or beside those of --only', 1, 1_000_000_000),
    count: wholeNumber(
      'so many tokens in all: fewer, or the same mutations again with other challenges',
      1,
      1_000_000_000,
    ),
    shard,
    jobs: wholeNumber('threads; by default one for each core', 1, 1024),
    merge: flag('bring the shards in these folders together and write the manifest'),
    shrink: {
      kind: 'option',
      value: 'ID',
      help: 'find what a random mutation needs to be judged wrongly: by the verifier after --, else by swcca verify',
      parse: (text) => text,
    } satisfies Option<string>,
    'mint-fast': flag(
      'only good tokens, for load tests of verifiers: signed with a key of their own, which they reveal',
    ),
    ...attestOptions,
    ...machineOptions,
    ...chipOptions,
    ...dialectOptions,
    ...json,
    ...common,
  },
  examples: [
    ['corpus --out corpus', 'the whole catalogue, from a token of the default machine'],
    [
      'corpus --out corpus-2.0 --dialect rmm-2.0 --firmware multi-signer --only C01,C02,N02',
      'three of them, another dialect',
    ],
    ['corpus --out shard-2 --random 1000000 --seed 7 --shard 2/8', 'the second eighth of a million random ones'],
    ['corpus --out whole --merge shard-1 shard-2', 'all shards in one folder, with the manifest'],
    ['corpus --out load --mint-fast --count 1000000', 'a million good tokens in one file, each with its own nonce'],
    ['corpus --out min --random 1000 --shrink random-17 -- ./verifier {token} {key.pem}', 'what made a verifier wrong'],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/corpus.ts')).runCorpus(call),
});
