import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Crypto } from '../crypto/index.ts';
import { el3Problems } from '../el3/index.ts';
import type { FirmwareSet } from '../hes/index.ts';
import { createPlatform, type Platform, type PlatformSettings } from '../platform/index.ts';
import { DIALECTS } from '../token/index.ts';
import type { TraceSink } from '../trace/index.ts';
import type { Call } from './command.ts';
import { badInput } from './exit.ts';
import { FIRMWARE_MANIFEST, firmwareFolder, fixturesFolder, readFirmwareFolder } from './firmware-dir.ts';
import { readMachineFile } from './machine-file.ts';
import type { Knobs } from './options/dialect.ts';
import type { machineOptions } from './options/machine.ts';
import { suggestion } from './suggestion.ts';

type MachineValues = Call<typeof machineOptions>['values'];

const committedSets = (): string[] =>
  readdirSync(fixturesFolder()).filter((name) => existsSync(join(fixturesFolder(), name, FIRMWARE_MANIFEST)));

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

const NO_KNOBS: Knobs = { dialect: (dialect) => dialect, hes: {} };

/**
 * Reads what the options name and says what machine they mean: what a firmware set asks for gives way to options.
 *
 * @param knobs  what other options change about the dialect and about HES.
 */
export const readMachineSettings = async (
  { seed, group, firmware: set, dialect, machine: file, 'rem-formula': remFormula, chunk }: MachineValues,
  crypto: Crypto,
  knobs: Knobs = NO_KNOBS,
): Promise<PlatformSettings> => {
  const firmware = await readFirmware(set, crypto);
  const machine = file === undefined ? undefined : await readMachineFile(file);
  const [problem] = machine === undefined ? [] : el3Problems(machine);
  if (problem !== undefined) throw badInput(`${file}: ${problem}`);
  const { dialect: asked, ...hes } = firmware.defaults;
  return {
    seed,
    firmware,
    dialect: knobs.dialect(DIALECTS[dialect ?? asked ?? 'rmm-1.0']),
    hes: { ...hes, ...knobs.hes },
    rmm: { remFormula, chunk },
    ...(group === undefined ? {} : { device: { group } }),
    ...(machine === undefined ? {} : { machine }),
  };
};

/**
 * Boots the machine.
 *
 * @throws {UsageError} INPUT, when its HES refuses the RMM: firmware and dialect then ask for different things.
 */
export const bootMachine = (settings: PlatformSettings, crypto: Crypto, trace: TraceSink | undefined): Platform => {
  const platform = createPlatform({ ...settings, crypto, trace });
  if (platform.rmm.state.attestation === undefined) {
    throw badInput(
      `HES gives the RMM no attestation key: --firmware ${settings.firmware.name} and --dialect ${settings.dialect?.name} do not fit together`,
    );
  }
  return platform;
};
