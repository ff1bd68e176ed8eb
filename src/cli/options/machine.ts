import { PERSONALITIES, type PersonalityId, STACK_NAMES, type StackName, SWITCHES } from '../../personality/index.ts';
import { DEFAULT_SEED } from '../../platform/index.ts';
import { REM_FORMULAS, type RemFormula } from '../../rmm/index.ts';
import { DIALECTS, type DialectName } from '../../token/index.ts';
import type { Option } from '../command.ts';
import { badCommandLine } from '../exit.ts';
import { suggestion } from '../suggestion.ts';
import { parseChunk } from './realm.ts';
import { choice, path, text } from './values.ts';

export const DIALECT_NAMES = Object.keys(DIALECTS) as DialectName[];
const REM_FORMULA_NAMES = Object.keys(REM_FORMULAS) as RemFormula[];
const PERSONALITY_IDS = Object.keys(PERSONALITIES) as PersonalityId[];

/** A switch by its identifier, with a minus before it to turn it off. */
const parseSwitch = (name: string): string => {
  const id = name.replace(/^-/, '');
  if (SWITCHES.has(id)) return name;
  throw badCommandLine(
    `there is no switch ${id.slice(0, 20)}${suggestion(id, [...SWITCHES.keys()])}; swcca stacks lists them`,
  );
};
const ENTROPY = ['seeded', 'system'] as const;

/** What a machine is: the same for every command that boots one. */
export const machineOptions = {
  stack: {
    kind: 'option',
    value: 'NAME',
    help: `one coherent machine: ${STACK_NAMES.join(', ')}; other options change parts of it`,
    default: 'reference',
    parse: (name) => choice(STACK_NAMES, name),
  } satisfies Option<StackName>,
  personality: {
    kind: 'option',
    value: PERSONALITY_IDS.join('|'),
    help: 'whose order of checks and whose quirks the RMM has; by default those of the stack',
    parse: (name) => choice(PERSONALITY_IDS, name),
  } satisfies Option<PersonalityId>,
  switch: {
    kind: 'option',
    value: 'ID|-ID',
    help: 'turn one difference of an implementation on, or off with a minus before it (--switch=-ID)',
    repeatable: true,
    parse: parseSwitch,
  } satisfies Option<string>,
  seed: text('TEXT', 'the chip: same seed, same keys, same bytes', { default: DEFAULT_SEED }),
  group: text('TEXT', 'the group of chips whose key this one shares; by default it is alone'),
  firmware: path('what boots: a set of firmware-fixtures/ by its name, or a folder of yours', {
    value: 'SET|DIR',
    default: 'good-1.0',
  }),
  dialect: {
    kind: 'option',
    value: 'NAME',
    help: `format of the token: ${DIALECT_NAMES.join(', ')}; by default what the firmware set asks for, else what the stack speaks`,
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
