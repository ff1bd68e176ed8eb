import { DEFAULT_EL3_CONFIG, type El3Config } from '../el3/index.ts';
import type { FaultPlan } from '../fault/index.ts';
import type { ChipMemory, DeviceParams, FirmwareSet, HesSwitches } from '../hes/index.ts';
import { type MachineProfile, machineProfile } from '../machine/index.ts';
import { applyPersonality, type Choice, personalityOf } from '../personality/index.ts';
import { type ImpDef, RMM_1_0 } from '../rmm/index.ts';
import { DIALECTS, type Dialect } from '../token/index.ts';

/** Everything that decides how a machine behaves, as plain data: two machines of one config do the same. */
export interface PlatformConfig {
  /** The chip and its group; other device parameters have defaults. */
  readonly device: Partial<DeviceParams> & Pick<DeviceParams, 'seed'>;
  readonly machine: MachineProfile;
  readonly firmware: FirmwareSet;
  readonly dialect: Dialect;
  readonly hes: Partial<HesSwitches>;
  readonly el3: El3Config;
  /** Whose RMM it is: the order of conditions, and what differs from the text. */
  readonly personality: Choice;
  readonly rmm: ImpDef;
  /** What the chip remembers of earlier boots; a new one remembers nothing. */
  readonly chip?: ChipMemory | undefined;
  /** Thumbprint of the RAK and digest of the platform token that are served in place of a chip's, SHA-256 each. */
  readonly staticHes?: { readonly rak: string; readonly platformToken: string } | undefined;
  readonly faults?: FaultPlan | undefined;
}

/** What a caller may leave out. */
export interface PlatformSettings {
  /** Any text: the same seed is the same chip. Default: `swcca`. */
  readonly seed?: string;
  readonly device?: Partial<DeviceParams>;
  readonly machine?: Partial<MachineProfile>;
  readonly firmware: FirmwareSet;
  readonly dialect?: Dialect;
  readonly hes?: Partial<HesSwitches>;
  readonly el3?: Partial<El3Config>;
  /** Default: the specification. See `choose`. */
  readonly personality?: Choice;
  /** Goes before what the personality says. */
  readonly rmm?: Partial<ImpDef>;
  /** The chip goes on from here; by default it is new. */
  readonly chip?: ChipMemory | undefined;
  readonly faults?: FaultPlan | undefined;
}

export const DEFAULT_SEED = 'swcca';

/** What binds the RAK is asked for by RMM and EL3 alike. */
const keyHashOf = ({ rakHash }: Partial<Dialect> = {}): Partial<El3Config> =>
  rakHash === undefined ? {} : { keyHash: rakHash };

const SPEC: Choice = { personality: 'spec', switches: [] };

export const platformConfig = (settings: PlatformSettings): PlatformConfig => ({
  device: { ...settings.device, seed: settings.seed ?? settings.device?.seed ?? DEFAULT_SEED },
  machine: machineProfile(settings.machine),
  firmware: settings.firmware,
  dialect: settings.dialect ?? DIALECTS['rmm-1.0'],
  hes: settings.hes ?? {},
  el3: { ...DEFAULT_EL3_CONFIG, ...keyHashOf(settings.dialect), ...settings.el3 },
  personality: settings.personality ?? SPEC,
  rmm: { ...applyPersonality(RMM_1_0, personalityOf(settings.personality ?? SPEC)).impDef, ...settings.rmm },
  // What is past is no stimulus: the log grows elsewhere, and only its length shows.
  ...(settings.chip === undefined ? {} : { chip: { ...settings.chip, log: settings.chip.log.slice(-1) } }),
  ...(settings.faults === undefined ? {} : { faults: settings.faults }),
});
