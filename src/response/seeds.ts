import { encodeScript } from './codec.ts';
import {
  ACT_SIZE,
  CODE,
  CONTINUE_ACT_NAMES,
  FIRST_REGISTER,
  INIT_ACT_NAMES,
  LAST_REGISTER,
  type ResponseScript,
} from './format.ts';
import { assemble } from './text.ts';
import { narrow } from './wide.ts';

const granules = [1, 2, 3];
const around = (size: number): readonly number[] => [size - 1, size, size + 1];
const totals = granules.flatMap((n) => around(n * 4096));

const lines = (...text: readonly string[]): string => text.join('\n');

/** Scripts that each show one kind of answer, by name. */
const SEED_TEXTS: Readonly<Record<string, string>> = {
  sound: '',
  ...Object.fromEntries(totals.map((total) => [`total-${total}`, `total ${total}`])),
  ...Object.fromEntries([1, 7, 64, 4095].map((chunk) => [`chunk-${chunk}`, lines('total 4097', `chunk ${chunk}`)])),
  'edge-and-more': lines('total 8192', 'continue piece 4095', 'continue piece 1', 'continue piece 4096'),
  'wait-once': 'continue wait',
  'wait-thrice-in-the-middle': lines('total 6000', 'chunk 1000', 'continue piece 1000', 'continue wait times 3'),
  'wait-at-the-edge': lines('total 8192', 'continue piece 4096', 'continue wait'),
  'wait-long': 'continue wait times 200',
  'wait-for-ever': 'continue wait for ever',
  'length-longer-than-asked': 'continue length 4097',
  'length-huge': 'continue length -1',
  'length-wraps': lines('total 8192', 'continue piece 4080', 'continue length -4080'),
  'length-zero': 'continue length 0',
  'length-one-more': 'continue more 1',
  'length-one-more-with-room': lines('total 8192', 'continue more 1'),
  'length-longer-and-incomplete': 'continue length 8192 + relabel 3',
  'bound-zero': 'init bound 0',
  'bound-one-less': lines('total 4097', 'init short 1'),
  'bound-a-granule-less': lines('total 8192', 'init short 4096'),
  'bound-2-63': 'init bound 0x8000000000000000',
  'bound-all-ones': 'init bound -1',
  'bound-4-gib': 'init bound 0x100000000',
  'success-with-nothing': 'continue end',
  'success-too-early': lines('total 8192', 'continue relabel 0'),
  'incomplete-though-done': 'continue relabel 3',
  'status-input': 'continue status 1',
  'status-state': 'continue status 2',
  'status-unknown-error': 'continue status 4',
  'status-strange': 'continue status 0x100000000',
  'status-not-supported': 'continue status -1',
  'error-at-the-third-call': lines('chunk 1000', 'continue piece 1000 times 2', 'continue status 4'),
  'init-fails': 'init status 4',
  'init-strange': 'init status 3',
  'init-incomplete-and-begun': 'init relabel 3',
  'small-pieces-from-the-first-init-on': 'init chunk 100',
  'registers-changed': lines(
    'chunk 1000',
    ...Array.from({ length: LAST_REGISTER - FIRST_REGISTER + 1 }, (_, i) => `continue x${FIRST_REGISTER + i} -1`),
  ),
  'length-left-as-the-address': 'continue leave',
  'bound-left-as-the-challenge': 'init leave',
  'a-bit-spoiled': 'continue spoil 100',
  'piece-repeated': lines('chunk 1000', 'continue piece 1000', 'continue repeat'),
  'pieces-swapped': lines('total 8192', 'chunk 1024', 'continue ahead', 'continue repeat'),
  'piece-at-another-place': lines('chunk 1000', 'continue place 1'),
  'nothing-written': 'continue unwritten',
  'stale-token': 'init stale',
  'stale-first-piece': 'continue stale',
  'begun-anew-in-between': lines('chunk 1000', 'continue piece 1000', 'continue restart'),
  'operation-gone': lines('chunk 1000', 'continue piece 1000', 'continue drop'),
  'token-grows-at-the-second-init': lines('init bound 4096', 'init total 8193'),
};

/** Seeds for fuzzers: small scripts that between them use every act, and every odd answer that clients are known to trip over. */
export const seeds = (): ReadonlyMap<string, ResponseScript> =>
  new Map(Object.entries(SEED_TEXTS).map(([name, text]) => [name, assemble(text)]));

const quoted = (bytes: readonly number[]): string =>
  `"${bytes.map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`;

const ARGUMENTS = {
  zero: 0n,
  one: 1n,
  edge: 4096n,
  over: 4097n,
  under: 4095n,
  high: 1n << 63n,
  ones: (1n << 64n) - 1n,
};

/** A dictionary in the form that AFL++ and libFuzzer read: every act, for once and for ever, and arguments at boundaries. */
export const dictionary = (): string => {
  const act = (name: string, code: number): readonly string[] => [
    `${name}=${quoted([code, 0, 0, 0])}`,
    `${name}_for_ever=${quoted([code, 0xff, 0, 0])}`,
  ];
  const entries = [
    ...CONTINUE_ACT_NAMES.flatMap((name, code) => act(`continue_${name}`, code)),
    ...INIT_ACT_NAMES.flatMap((name, code) => act(`init_${name}`, CODE.init | code)),
    ...[CODE.register, CODE.register | CODE.init].map((code) => `register_${code}=${quoted([code, 0, 0, 0])}`),
    ...Object.entries(ARGUMENTS).flatMap(([name, value]) => {
      const code = narrow(value) ?? 0;
      const plain = value <= 0xffffn ? [`count_${name}=${quoted([Number(value) & 0xff, Number(value) >> 8])}`] : [];
      return [...plain, `wide_${name}=${quoted([code & 0xff, code >> 8])}`];
    }),
    `header=${quoted([...encodeScript({ total: 1, chunk: 1, rules: [] }).subarray(0, ACT_SIZE)])}`,
  ];
  return `# Response scripts of swcca (docs/response-script.md)\n${entries.join('\n')}\n`;
};
