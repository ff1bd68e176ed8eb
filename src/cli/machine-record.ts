import { DEFAULT_EL3_CONFIG } from '../el3/index.ts';
import { isSynthetic } from '../hes/index.ts';
import { applyPersonality, personalityOf, type Setting, SYNTHETIC, stackOf } from '../personality/index.ts';
import type { Platform, PlatformConfig } from '../platform/index.ts';
import { RMM_1_0 } from '../rmm/index.ts';
import { knobsOf } from '../token/index.ts';
import { keyMark } from './endorsements.ts';

type Json = Readonly<Record<string, unknown>>;

/** The members of a record that another one has otherwise. */
const changed = (record: object, from: object): Json => {
  const usual: Json = { ...from };
  return Object.fromEntries(
    Object.entries(record).filter(([name, value]) => value !== undefined && value !== usual[name]),
  );
};

/** What is said only where there is something to say. */
const unlessEmpty = (name: string, record: Json): Json => (Object.keys(record).length === 0 ? {} : { [name]: record });

/** The known stack that a machine is, or `synthetic`. */
const stackOfMachine = ({ personality, dialect, rmm, device }: PlatformConfig): string =>
  stackOf({
    personality,
    dialect: dialect.name,
    parts: knobsOf(dialect) as Setting['parts'],
    hes: device.roots === 'islet' ? 'islet' : 'rse',
    remFormula: rmm.remFormula,
  });

/** What is written of the machine that a token comes from, beside the token or a corpus of such tokens. */
export interface MachineRecord {
  /** Whether no known stack has this combination of switches. */
  readonly synthetic: boolean;
  /** The known stack that it is, or `synthetic`. */
  readonly stack: string;
  /** What every file with a key says of it. */
  readonly keys: string;
  readonly seed: string;
  readonly group?: string;
  readonly switches: Json;
}

export const machineRecord = ({ config }: Pick<Platform, 'config'>): MachineRecord => {
  const { device, firmware, dialect, hes, rmm, el3, personality, faults } = config;
  const { seed, group, roots, adac, rmaErasesKeys } = device;
  const { remFormula, chunk, ...impDef } = rmm;
  const stack = stackOfMachine(config);
  return {
    synthetic: stack === SYNTHETIC || isSynthetic(firmware) || faults !== undefined,
    stack,
    keys: keyMark(seed),
    seed,
    ...(group === undefined ? {} : { group }),
    switches: {
      firmware: firmware.name,
      dialect: dialect.name,
      ...knobsOf(dialect),
      hes,
      ...unlessEmpty('device', changed({ roots, adac, rmaErasesKeys }, { roots: 'seeded' })),
      personality: personality.personality,
      deviations: personality.switches,
      rem_formula: remFormula,
      chunk,
      ...unlessEmpty('rmm', changed(impDef, applyPersonality(RMM_1_0, personalityOf(personality)).impDef)),
      el3_interface: el3.interfaceVersion,
      ...unlessEmpty('el3', changed(el3, { ...DEFAULT_EL3_CONFIG, interfaceVersion: el3.interfaceVersion })),
    },
  };
};
