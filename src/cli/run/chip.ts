import { toHex } from '../../bytes/index.ts';
import { coseKeyBytes } from '../../cose/index.ts';
import { spkiPem } from '../../crypto/index.ts';
import { nodeCrypto } from '../../crypto/node.ts';
import { CHIP_REFUSALS, type ChipHes, type ChipRecord, type ChipResult, createHes, LCS } from '../../hes/index.ts';
import type { CallOf } from '../command.ts';
import type { chip } from '../commands/chip.ts';
import { badCommandLine, badInput, EXIT, type ExitCode, NoAnswer } from '../exit.ts';
import { keepChip, readMachineSettings } from '../machine-settings.ts';
import { choice } from '../options/values.ts';
import { openChipStore } from '../state/chip-store.ts';
import { suggestion } from '../suggestion.ts';

type ChipCall = CallOf<typeof chip>;

const kept = async (folder: string): Promise<ChipRecord> => {
  const { chip: record } = await openChipStore(folder).load();
  if (record === undefined) throw badInput(`${folder}: holds no chip; \`swcca token --state ${folder}\` makes one`);
  return record;
};

const show = async ({ values, terminal }: ChipCall, folder: string): Promise<ExitCode> => {
  const { identity, otp, epoch, firmware, slots, log } = await kept(folder);
  const measured = slots.flatMap((slot, index) =>
    slot === undefined
      ? []
      : [{ slot: index, type: slot.sw_type, value: toHex(slot.measurement_value), locked: slot.is_locked }],
  );
  if (values.json) {
    terminal.json({ identity, otp, epoch, firmware, slots: measured, log_entries: log.length });
    return EXIT.ok;
  }
  terminal.print(
    `chip       seed ${JSON.stringify(identity.seed)}, group ${JSON.stringify(otp.group)}, HES ${identity.hes}`,
  );
  terminal.print(`lifecycle  ${otp.lcs}, reprovisioning bits ${otp.reprovisioningBits}`);
  terminal.print(`boots      ${epoch.boot + 1}, the last of ${firmware}; live activations since ${epoch.lfa}`);
  for (const { slot, type, value, locked } of measured) {
    terminal.print(`slot ${`${slot}`.padStart(2)}    ${value} ${type}${locked ? ', locked' : ''}`);
  }
  terminal.print(`log        ${log.length} entries`);
  return EXIT.ok;
};

const tellLog = async ({ values, terminal }: ChipCall, folder: string): Promise<ExitCode> => {
  const { log } = await kept(folder);
  if (values.json) terminal.json(log);
  else for (const entry of log) terminal.print(JSON.stringify(entry));
  return EXIT.ok;
};

/** A step of a chip's life: it is powered on, takes the step, and is kept as it is then. */
const take =
  (step: (chip: ChipHes, value: string | undefined) => ChipResult) =>
  async ({ values, operands, terminal }: ChipCall, folder: string): Promise<ExitCode> => {
    const settings = await readMachineSettings(
      {
        ...values,
        state: folder,
        personality: undefined,
        switch: [],
        machine: undefined,
        'rem-formula': 'impl',
        chunk: [0x1000],
        entropy: 'seeded',
      },
      nodeCrypto,
      undefined,
      (text) => terminal.note(text),
    );
    const { seed, device, firmware, dialect, hes: switches, chip: before, kept: place } = settings;
    const hes = createHes({
      crypto: nodeCrypto,
      firmware,
      device: { ...device, ...(seed === undefined ? {} : { seed }) },
      ...(dialect === undefined ? {} : { dialect }),
      ...(switches === undefined ? {} : { switches }),
      chip: before,
    });
    const result = step(hes, operands[2]);
    // A step that is refused has been asked for, and the log says so.
    if (place !== undefined) keepChip(hes, place);
    if (!result.ok) throw new NoAnswer(`${result.code}: ${CHIP_REFUSALS[result.code]}`);
    const { lcs, lifecycle, instanceId, cpak, epoch } = hes.status();
    if (values.json) {
      terminal.json({
        lcs,
        lifecycle,
        instance_id: toHex(instanceId),
        cpak: toHex(coseKeyBytes(cpak)),
        cpak_pem: spkiPem(cpak),
        epoch,
      });
    } else {
      terminal.print(`lifecycle  ${lcs}, claimed as 0x${lifecycle.toString(16)}`);
      terminal.print(`CPAK       ${toHex(coseKeyBytes(cpak))}`);
      terminal.print(`instance   ${toHex(instanceId)}`);
      terminal.print(`boots      ${epoch.boot + 1}`);
    }
    return EXIT.ok;
  };

const DONE: ChipResult = { ok: true };
const LCS_NAMES = Object.keys(LCS) as (keyof typeof LCS)[];

const needed = (what: string, value: string | undefined): string => {
  if (value === undefined || value === '') throw badCommandLine(`a value is missing: ${what}`);
  return value;
};

const bits = (text: string): number => {
  const value = /^(0x[0-9a-f]{1,8}|[0-9]{1,10})$/i.test(text) ? Number(text) : Number.NaN;
  if (!(value <= 0xffff_ffff)) throw badCommandLine(`"${text}" is no number of 32 bits`);
  return value;
};

const ACTIONS: Readonly<Record<string, (call: ChipCall, folder: string) => Promise<ExitCode>>> = {
  show,
  log: tellLog,
  reset: take((hes) => {
    hes.reset();
    return DONE;
  }),
  'ap-reset': take((hes) => {
    hes.apReset();
    return DONE;
  }),
  lifecycle: take((hes, value) => hes.setLifecycle(choice(LCS_NAMES, needed(LCS_NAMES.join(', '), value)))),
  'rotate-cpak': take((hes, value) => hes.rotateCpak(bits(needed('all reprovisioning bits as they are to be', value)))),
  'rotate-guk': take((hes, value) => hes.rotateGuk(needed('the seed of the new group key', value))),
};
const NAMES = Object.keys(ACTIONS);
const TAKE_VALUE: readonly string[] = ['lifecycle', 'rotate-cpak', 'rotate-guk'];

export const runChip = (call: ChipCall): Promise<ExitCode> => {
  const [action = '', folder = '', value] = call.operands;
  const run = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (run === undefined) {
    throw badCommandLine(`there is no ${action.slice(0, 40)}: ${NAMES.join(', ')}${suggestion(action, NAMES)}`);
  }
  if (value !== undefined && !TAKE_VALUE.includes(action)) throw badCommandLine(`${action} takes no value`);
  return run(call, folder);
};
