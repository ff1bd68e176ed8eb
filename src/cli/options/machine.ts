import { DEFAULT_SEED } from '../../platform/index.ts';
import { REM_FORMULAS, type RemFormula } from '../../rmm/index.ts';
import { DIALECTS, type DialectName } from '../../token/index.ts';
import type { Option } from '../command.ts';
import { parseChunk } from './realm.ts';
import { choice, path, text } from './values.ts';

const DIALECT_NAMES = Object.keys(DIALECTS) as DialectName[];
const REM_FORMULA_NAMES = Object.keys(REM_FORMULAS) as RemFormula[];
const ENTROPY = ['seeded', 'system'] as const;

/** What a machine is: the same for every command that boots one. */
export const machineOptions = {
  seed: text('TEXT', 'the chip: same seed, same keys, same bytes', { default: DEFAULT_SEED }),
  group: text('TEXT', 'the group of chips whose key this one shares; by default it is alone'),
  firmware: path('what boots: a set of firmware-fixtures/ by its name, or a folder of yours', {
    value: 'SET|DIR',
    default: 'good-1.0',
  }),
  dialect: {
    kind: 'option',
    value: 'NAME',
    help: `format of the token: ${DIALECT_NAMES.join(', ')}; by default what the firmware set asks for, else ${DIALECT_NAMES[0]}`,
    parse: (name) => choice(DIALECT_NAMES, name),
  } satisfies Option<DialectName>,
  machine: path('machine profile, in the form that `doctor --machine` prints'),
  'rem-formula': {
    kind: 'option',
    value: REM_FORMULA_NAMES.join('|'),
    help: 'how a REM is extended, where the specification can be read in several ways',
    default: 'impl',
    parse: (name) => choice(REM_FORMULA_NAMES, name),
  } satisfies Option<RemFormula>,
  chunk: {
    kind: 'option',
    value: 'N[,N…]',
    help: 'most bytes that each RSI_ATTESTATION_TOKEN_CONTINUE delivers, in turn',
    default: '4096',
    parse: parseChunk,
  } satisfies Option<readonly number[]>,
  entropy: {
    kind: 'option',
    value: ENTROPY.join('|'),
    help: 'where a challenge that is not given comes from: the seed, or real randomness',
    default: 'seeded',
    parse: (name) => choice(ENTROPY, name),
  } satisfies Option<(typeof ENTROPY)[number]>,
} as const;
