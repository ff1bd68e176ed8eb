import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Bug } from '../bytes/index.ts';
import type { Crypto } from '../crypto/index.ts';
import { DEFAULT_EL3_CONFIG, el3ConfigProblems, el3Problems } from '../el3/index.ts';
import {
  type ChipIdentity,
  type FirmwareSet,
  HES_PRESETS,
  type Hes,
  type HesPresetName,
  leftOut,
  type StaticFiles,
} from '../hes/index.ts';
import { type Choice, choose, STACKS, type StackName } from '../personality/index.ts';
import { createPlatform, DEFAULT_SEED, type Platform, type PlatformSettings } from '../platform/index.ts';
import { DIALECTS, type Dialect, type DialectName } from '../token/index.ts';
import type { TraceSink } from '../trace/index.ts';
import type { Call } from './command.ts';
import { badCommandLine, badInput, NoAnswer } from './exit.ts';
import { readFaultPlan } from './fault-plan.ts';
import { committedSets, FIRMWARE_MANIFEST, firmwareFolder, readFirmwareFolder } from './firmware-dir.ts';
import { readMachineFile } from './machine-file.ts';
import type { Knobs } from './options/dialect.ts';
import type { machineOptions } from './options/machine.ts';
import { type PlatformValues, settingsOf } from './options/platform.ts';
import { type ChipStore, continuedLog, type KeptChip, openChipStore } from './state/chip-store.ts';
import { readStaticHes } from './static-hes.ts';
import { suggestion } from './suggestion.ts';

type MachineValues = Call<typeof machineOptions>['values'] & PlatformValues;

/** A chip that goes on from what a folder holds. */
interface Kept {
  readonly store: ChipStore;
  readonly before: KeptChip;
  readonly identity: ChipIdentity;
}

/** A machine as options describe it. */
export interface MachineSettings extends PlatformSettings {
  readonly hesFiles?: StaticFiles;
  readonly kept?: Kept;
}

const readFirmware = (set: string, crypto: Crypto): Promise<FirmwareSet> => {
  const folder = firmwareFolder(set);
  if (!existsSync(join(folder, FIRMWARE_MANIFEST))) {
    const known = committedSets();
    throw badInput(
      `--firmware ${set}: no set of that name (${known.join(', ')}) and no folder with a ${FIRMWARE_MANIFEST}${suggestion(set, known)}`,
    );
  }
  return readFirmwareFolder(folder, crypto);
};

/** The dialect that a stack speaks: a named one, in some parts changed. @param wanted  the one that it has to speak. */
const stackDialect = (name: StackName, wanted: DialectName | undefined): Dialect => {
  const { dialect, parts } = STACKS[name].setting;
  return wanted === undefined || wanted === dialect ? { ...DIALECTS[dialect], ...parts } : DIALECTS[wanted];
};

/** The HES that a stack runs beside, where it is not the one that every machine has. */
const stackHes = (name: StackName): HesPresetName | undefined => {
  const { hes } = STACKS[name].setting;
  return hes === 'rse' ? undefined : hes;
};

/** The personality of the stack, or the one that was asked for, with single switches turned. */
const personalityChoice = ({ stack, personality, switch: changes }: MachineValues): Choice => {
  const base = STACKS[stack].setting.personality;
  const chosen =
    personality === undefined && changes.length === 0
      ? base
      : personality === undefined
        ? choose(base.personality, [...base.switches, ...changes])
        : choose(personality, changes);
  if (chosen === undefined) throw new Bug('a switch that the options let through does not exist');
  return chosen;
};

const NO_KNOBS: Knobs = { dialect: (dialect) => dialect, hes: {} };

/** Opens a chip's folder: a chip that is there stays the chip that it is. */
const openKept = async (folder: string, asked: Partial<ChipIdentity>): Promise<Kept> => {
  const store = openChipStore(folder);
  const before = await store.load();
  const is = before.chip?.identity;
  const { seed = DEFAULT_SEED, group = seed, hes = 'rse' } = asked;
  if (is === undefined) return { store, before, identity: { seed, group, hes } };
  const other = (['seed', 'group', 'hes'] as const).find((name) => is[name] !== (asked[name] ?? is[name]));
  if (other !== undefined) {
    throw badCommandLine(
      `--state ${folder}: is the chip with ${other} "${is[other]}", not "${asked[other]}"; leave --${other} as it was`,
    );
  }
  return { store, before, identity: is };
};

/** What a set states and the token has no place for is said once, not lost. */
const warn = (firmware: FirmwareSet, settings: PlatformSettings, note: (text: string) => void): void => {
  const profile = settings.hes?.profile ?? settings.dialect?.platformProfile;
  for (const sentence of profile === undefined ? [] : leftOut(firmware, profile)) note(`warning: ${sentence}`);
};

/**
 * Reads what the options name and says what machine they mean: what a firmware set asks for gives way to options.
 *
 * @param knobs  what other options change about the dialect and about HES.
 * @param note  takes what a user should know about the machine, a line each.
 */
export const readMachineSettings = async (
  values: MachineValues,
  crypto: Crypto,
  knobs: Knobs = NO_KNOBS,
  note: (text: string) => void = () => undefined,
): Promise<MachineSettings> => {
  const { seed, group, dialect, machine: file, 'rem-formula': remFormula, chunk } = values;
  const firmware = await readFirmware(values.firmware, crypto);
  const machine = file === undefined ? undefined : await readMachineFile(file);
  const [problem] = machine === undefined ? [] : el3Problems(machine);
  if (problem !== undefined) throw badInput(`${file}: ${problem}`);
  const { dialect: asked, hes: askedHes, ...askedSwitches } = firmware.defaults;
  const { hes, state } = values;
  if (hes?.kind === 'static' && state !== undefined) {
    throw badCommandLine('--state keeps a chip, and --hes static: has none behind it');
  }
  const asksPreset = hes?.kind === 'preset' ? hes.name : (askedHes ?? stackHes(values.stack));
  const kept =
    state === undefined
      ? undefined
      : await openKept(state, {
          // Whoever names no seed means the chip that is there.
          ...(seed === DEFAULT_SEED ? {} : { seed }),
          ...(group === undefined ? {} : { group }),
          ...(asksPreset === undefined ? {} : { hes: asksPreset }),
        });
  const presetName = kept?.identity.hes ?? asksPreset ?? 'rse';
  const preset = HES_PRESETS[presetName];
  // Islet's HES hashes the bare key, and only that dialect does, too.
  const fitting = asked ?? (presetName === 'islet' ? 'rmm-1.0-legacy' : undefined);
  const set = settingsOf(values.set);
  const [el3Problem] = el3ConfigProblems({ ...DEFAULT_EL3_CONFIG, ...set.el3 });
  if (el3Problem !== undefined) throw badCommandLine(`--set: ${el3Problem}`);
  const chip = kept?.before.chip;
  const ownGroup = kept === undefined ? group : kept.identity.group;
  const settings: MachineSettings = {
    seed: kept?.identity.seed ?? seed,
    firmware,
    // An option wins over the firmware set, the set over the stack.
    dialect: knobs.dialect(dialect === undefined ? stackDialect(values.stack, fitting) : DIALECTS[dialect]),
    personality: personalityChoice(values),
    hes: { ...preset.switches, ...askedSwitches, ...knobs.hes, ...set.hes },
    device: { ...preset.device, ...(ownGroup === undefined ? {} : { group: ownGroup }), ...set.device },
    el3: set.el3,
    rmm: { remFormula, chunk, ...set.rmm },
    ...(machine === undefined ? {} : { machine }),
    ...(chip === undefined ? {} : { chip: { otp: chip.otp, epoch: chip.epoch, log: chip.log } }),
    ...(values.faults === undefined ? {} : { faults: await readFaultPlan(values.faults) }),
    ...(hes?.kind === 'static' ? { hesFiles: await readStaticHes(hes.folder) } : {}),
    ...(kept === undefined ? {} : { kept }),
  };
  if (presetName === 'islet') note(`warning: ${preset.summary}`);
  if (hes?.kind === 'static') {
    note('warning: this HES serves one token whatever it is asked: the key is bound only if the token was made for it');
  } else warn(firmware, settings, note);
  return settings;
};

/** Keeps what the chip is now. @throws {UsageError} OUTPUT. */
export const keepChip = (hes: Pick<Hes, 'memory' | 'status'>, { store, before, identity }: Kept): void => {
  const memory = hes.memory();
  if (memory === undefined) return;
  const { firmware, slots } = hes.status();
  const log = continuedLog(before.chip?.log ?? [], memory.log);
  store.save(before.generation, { identity, otp: memory.otp, epoch: memory.epoch, firmware, slots, log });
};

/** Why the machine has no attestation key, as something that a user can mend. */
const bootRefused = (platform: Platform, settings: MachineSettings): Error => {
  const says = platform.bootProblem?.says ?? 'the RMM has no attestation key';
  const stage = platform.bootProblem?.stage ?? 'attestation';
  if (settings.faults !== undefined) return new NoAnswer(`no token: ${stage}: ${says}`);
  const { dialect, hes } = platform.config;
  const keyHash = hes.keyHash ?? dialect.rak;
  const differ =
    keyHash === dialect.rak
      ? ''
      : `; HES hashes keys as ${keyHash} (hes.keyHash), the dialect ${dialect.name} as ${dialect.rak}: let them agree`;
  return badInput(`the machine boots without a key to attest with: ${stage}: ${says}${differ}`);
};

/**
 * Boots the machine, and keeps its chip where that is asked for.
 *
 * @throws {UsageError} INPUT, when its RMM has no key to attest with: firmware, dialect and switches then ask for
 *   different things.
 */
export const bootMachine = (settings: MachineSettings, crypto: Crypto, trace: TraceSink | undefined): Platform => {
  const { kept, ...options } = settings;
  const platform = createPlatform({ ...options, crypto, trace });
  // The chip has booted, whatever came of it.
  if (kept !== undefined) keepChip(platform.hes, kept);
  if (platform.rmm.state.attestation === undefined) throw bootRefused(platform, settings);
  return platform;
};
