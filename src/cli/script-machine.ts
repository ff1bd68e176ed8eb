import { nodeCrypto } from '../crypto/node.ts';
import { el3Problems } from '../el3/index.ts';
import type { PlatformOptions } from '../platform/index.ts';
import { DIALECTS } from '../token/index.ts';
import type { TraceSink } from '../trace/index.ts';
import type { Call } from './command.ts';
import { badInput } from './exit.ts';
import { firmwareFolder, readFirmwareFolder } from './firmware-dir.ts';
import { readMachineFile } from './machine-file.ts';
import type { scriptMachineOptions } from './options/script-machine.ts';

type Values = Call<typeof scriptMachineOptions>['values'];

/**
 * The machine on which a script runs where it says nothing else. Whose RMM it is, and what is left to an implementation,
 * the script says itself.
 *
 * @throws {UsageError} INPUT
 */
export const readScriptMachine = async (
  { seed, group, firmware: set, dialect, machine: file }: Values,
  trace?: TraceSink | undefined,
): Promise<PlatformOptions> => {
  const firmware = await readFirmwareFolder(firmwareFolder(set), nodeCrypto);
  const machine = file === undefined ? undefined : await readMachineFile(file);
  const [problem] = machine === undefined ? [] : el3Problems(machine);
  if (problem !== undefined) throw badInput(`${file}: ${problem}`);
  const { dialect: asked, hes: _, ...hes } = firmware.defaults;
  return {
    crypto: nodeCrypto,
    trace,
    seed,
    firmware,
    dialect: DIALECTS[dialect ?? asked ?? 'rmm-1.0'],
    hes,
    ...(group === undefined ? {} : { device: { group } }),
    ...(machine === undefined ? {} : { machine }),
  };
};
