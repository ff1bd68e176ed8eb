import { type Choice, choose } from './choice.ts';
import { islet, rel0, tfRmm } from './evidence.ts';
import type { Reference } from './personality.ts';
import type { PersonalityId } from './switches.ts';

export type HesStyle = 'rse' | 'islet' | 'static';
export type RemFormulaName = 'impl' | 'spec-h' | 'spec-w';

/** What decides which stack a machine is: one value for each of the options that a stack sets. */
export interface Setting {
  readonly personality: Choice;
  /** Name of a dialect of tokens. */
  readonly dialect: string;
  /** The parts in which the dialect differs from the one of that name. */
  readonly parts: Readonly<Record<string, string | number | boolean>>;
  readonly hes: HesStyle;
  readonly remFormula: RemFormulaName;
}

/** Software that somebody runs, as one coherent setting. */
export interface Stack {
  readonly title: string;
  readonly setting: Setting;
  /** Other HES that the same stack runs beside, as ports of it do. */
  readonly alsoHes: readonly HesStyle[];
  /** What was read to say so. Empty for the specification itself. */
  readonly evidence: readonly Reference[];
  /** What was not read: how far the evidence goes. Empty when it goes all the way. */
  readonly reservation: string;
}

const choice = (personality: PersonalityId, changes: readonly string[] = []): Choice => {
  const chosen = choose(personality, changes);
  if (chosen === undefined) throw new TypeError(`stacks: ${changes.join(' ')}: one of them is no switch`);
  return chosen;
};

/** What v0.8.0 has repaired of rel0, and what it has changed. */
const SINCE_0_8 = ['-D4', '-D7', '-D22', 'L3'];
const SINCE_0_9 = [...SINCE_0_8, 'L1', 'L2'];
const REPAIRED: readonly Reference[] = [
  tfRmm('tf-rmm-v0.8.0', 'runtime/rmi/realm.c', 'validate_realm_params'),
  tfRmm('tf-rmm-v0.8.0', 'runtime/rmi/rtt.c', 'smc_rtt_read_entry'),
  tfRmm('tf-rmm-v0.8.0', 'runtime/rmi/run.c', 'complete_mmio_emulation'),
  tfRmm('tf-rmm-v0.8.0', 'runtime/rmi/rtt.c', 'smc_rtt_set_ripas'),
];
const MAIN = '9a7f8ef4';

/** What `--stack` takes. */
export const STACKS = {
  reference: {
    title: 'the specification, with an RSE',
    setting: { personality: choice('spec'), dialect: 'rmm-1.0', parts: {}, hes: 'rse', remFormula: 'impl' },
    alsoHes: [],
    evidence: [],
    reservation: '',
  },
  'tf-rmm-rel0': {
    title: 'TF-RMM at rmm-spec-v1.0-rel0',
    setting: { personality: choice('tf-rmm'), dialect: 'rmm-1.0', parts: {}, hes: 'rse', remFormula: 'impl' },
    alsoHes: ['static'],
    evidence: [rel0('runtime/'), rel0('lib/attestation/src/attestation_token.c')],
    reservation: '',
  },
  'tf-rmm-0.8': {
    title: 'TF-RMM v0.8.0',
    setting: {
      personality: choice('tf-rmm', SINCE_0_8),
      dialect: 'rmm-1.0',
      parts: { mec: 'text' },
      hes: 'rse',
      remFormula: 'impl',
    },
    alsoHes: ['static'],
    evidence: [...REPAIRED, tfRmm('tf-rmm-v0.8.0', 'runtime/rsi/psci.c')],
    reservation:
      'RMM_V1_1 is off. Read at this tag: entry and exit, PSCI, RIPAS, creation of Realms and RECs, emulation. Deviations ' +
      'elsewhere are those of rel0.',
  },
  'tf-rmm-0.9': {
    title: 'TF-RMM v0.9.0',
    setting: {
      personality: choice('tf-rmm', SINCE_0_9),
      dialect: 'rmm-1.1',
      parts: {},
      hes: 'rse',
      remFormula: 'impl',
    },
    alsoHes: ['static'],
    evidence: [
      ...REPAIRED,
      tfRmm('tf-rmm-v0.9.0', 'runtime/rsi/realm_attest.c', 'handle_rsi_measurement_read'),
      tfRmm('bdb07f46', 'runtime/rmi/rtt.c', 'smc_rtt_init_ripas'),
    ],
    reservation:
      'The commands are those of RMM 1.0. Read at this tag: measurements and tokens. Deviations elsewhere are those of v0.8.0.',
  },
  'tf-rmm-main': {
    title: 'TF-RMM at 9a7f8ef4',
    setting: {
      personality: choice('tf-rmm', SINCE_0_9),
      dialect: 'tf-rmm-main',
      parts: {},
      hes: 'rse',
      remFormula: 'impl',
    },
    alsoHes: ['static'],
    evidence: [
      tfRmm(MAIN, 'runtime/rsi/realm_attest.c', 'handle_rsi_measurement_read'),
      tfRmm(MAIN, 'runtime/rmi/realm.c'),
      tfRmm(MAIN, 'lib/smc/include/smc.h', 'SMC_RESULT_REGS'),
    ],
    reservation:
      'The commands are those of RMM 1.0, where this one is on its way to 2.0. Read at this commit: measurements and ' +
      'tokens. Deviations elsewhere are those of v0.8.0.',
  },
  islet: {
    title: 'Islet, with its HES',
    setting: {
      personality: choice('islet'),
      dialect: 'rmm-1.0-legacy',
      parts: { realmOrder: 'islet' },
      hes: 'islet',
      remFormula: 'impl',
    },
    alsoHes: [],
    evidence: [islet('rmm/src/rsi/mod.rs'), islet('rmm/src/rsi/attestation/')],
    reservation: 'Its RMI was not compared: it is that of the specification here.',
  },
} as const satisfies Readonly<Record<string, Stack>>;
export type StackName = keyof typeof STACKS;
export const STACK_NAMES = Object.keys(STACKS) as readonly StackName[];

export const stackNamed = (name: string): Stack | undefined =>
  Object.hasOwn(STACKS, name) ? STACKS[name as StackName] : undefined;

/** Whether two choices make the same RMM: the order in which switches were turned on does not count. */
const sameChoice = (a: Choice, b: Choice): boolean =>
  a.personality === b.personality && [...a.switches].sort().join() === [...b.switches].sort().join();

const sameParts = (a: Setting['parts'], b: Setting['parts']): boolean =>
  Object.keys({ ...a, ...b }).every((part) => a[part] === b[part]);

/** What a machine is called whose setting no known stack has. */
export const SYNTHETIC = 'synthetic';

/** The name of the stack that has this setting, or `synthetic`: what is written by such a machine says so. */
export const stackOf = ({ personality, dialect, parts, hes, remFormula }: Setting): StackName | typeof SYNTHETIC =>
  STACK_NAMES.find((name) => {
    const { setting, alsoHes }: Stack = STACKS[name];
    return (
      sameChoice(setting.personality, personality) &&
      setting.dialect === dialect &&
      sameParts(setting.parts, parts) &&
      (setting.hes === hes || alsoHes.includes(hes)) &&
      setting.remFormula === remFormula
    );
  }) ?? SYNTHETIC;
