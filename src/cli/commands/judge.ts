import { cli, type Option } from '../command.ts';
import { badCommandLine, type ExitCode } from '../exit.ts';
import { ADAPTERS, type AdapterName } from '../judge/adapters/index.ts';
import { PLACEHOLDERS } from '../judge/template.ts';
import { attestOptions } from '../options/attest.ts';
import { common, json } from '../options/common.ts';
import { dialectOptions } from '../options/dialect.ts';
import { machineOptions } from '../options/machine.ts';
import { chipOptions } from '../options/platform.ts';
import { choice, flag, path, text, wholeNumber } from '../options/values.ts';

const ADAPTER_NAMES = Object.keys(ADAPTERS) as AdapterName[];

const parseStatuses = (given: string): readonly number[] =>
  given.split(',').map((status) => {
    if (!/^[0-9]{1,3}$/.test(status) || Number(status) > 255) throw badCommandLine(`"${status}" is no exit status`);
    return Number(status);
  });

const parsePattern = (given: string): RegExp => {
  try {
    return new RegExp(given, 'm');
  } catch (error) {
    throw badCommandLine(`is no regular expression: ${(error as Error).message}`);
  }
};

export const judge = cli({
  summary: 'Put a corpus to any verifier and say where it stands: holes, over-strictness, crashes, choices.',
  operands: [
    {
      name: 'CMD…',
      help: `the verifier and its arguments, in which files replace ${Object.keys(PLACEHOLDERS).join(', ')}`,
      optional: true,
      rest: true,
    },
  ],
  options: {
    corpus: path('a corpus of yours; by default one is made as swcca corpus makes it, and removed afterwards', {
      value: 'DIR',
    }),
    only: text('ID,…', 'these tokens alone', { repeatable: true }),
    random: wholeNumber('random mutations instead, or beside those of --only', 1, 1_000_000),
    adapter: {
      kind: 'option',
      value: ADAPTER_NAMES.join('|'),
      help: 'a known verifier: how it is called and read; CMD then only says where its program is',
      parse: (name) => choice(ADAPTER_NAMES, name),
    } satisfies Option<AdapterName>,
    jobs: wholeNumber('tokens that are judged at a time; by default one for each core', 1, 1024),
    timeout: wholeNumber('milliseconds that one token may take', 1, 3_600_000, { default: '10000', value: 'MS' }),
    memory: wholeNumber('MiB that the verifier may hold for one token', 1, 1 << 20, { default: '2048', value: 'MIB' }),
    'accept-exit': {
      kind: 'option',
      value: 'N,…',
      help: 'exit statuses that are acceptance',
      default: '0',
      parse: parseStatuses,
    } satisfies Option<readonly number[]>,
    'accept-output': {
      kind: 'option',
      value: 'REGEX',
      help: 'what the output, or the answer over HTTP, has to match besides',
      parse: parsePattern,
    } satisfies Option<RegExp>,
    http: text('URL', 'a verifier over HTTP: each token is one POST, a status of 2xx is acceptance, 5xx a crash'),
    'http-body': text('TEMPLATE', 'what is posted in place of the bare token, with base64 of files for placeholders'),
    'media-type': text('TYPE', 'content type of what is posted'),
    junit: path('the result as JUnit has it'),
    report: path('the result as JSON, in a file'),
    baseline: path('answers of an earlier run: only changes count then'),
    'write-baseline': flag('write the answers of this run to the file of --baseline'),
    ...attestOptions,
    ...machineOptions,
    ...chipOptions,
    ...dialectOptions,
    ...json,
    ...common,
  },
  examples: [
    ['judge -- ./my-verifier --token {token} --key {key.pem}', 'the catalogue, a process for each token'],
    [
      'judge --dialect rmm-1.0-legacy --jobs 8 -- ./my-verifier {token} {key.jwk} {challenge}',
      'with the nonce, another dialect',
    ],
    ['judge --adapter go-ccatoken -- ./go-ccatoken', 'a known verifier'],
    ['judge --http http://127.0.0.1:8080/verify --junit judge.xml', 'a service'],
    [
      'judge --baseline judge.json --write-baseline -- ./my-verifier {token} {key}',
      'remember what it does today; without --write-baseline only changes fail',
    ],
    ['judge --random 1000 --seed 7 -- ./my-verifier {token} {key}', 'random mutations'],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/judge.ts')).runJudge(call),
});
