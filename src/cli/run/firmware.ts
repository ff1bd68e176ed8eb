import { join } from 'node:path';
import { toHex } from '../../bytes/index.ts';
import { coseKeyBytes } from '../../cose/index.ts';
import { spkiPem } from '../../crypto/index.ts';
import { nodeCrypto } from '../../crypto/node.ts';
import type { FirmwareManifest } from '../../hes/index.ts';
import { componentsOf, isSynthetic } from '../../hes/index.ts';
import type { Platform } from '../../platform/index.ts';
import { referenceValuesOf, referenceValuesToJson, verifyToken } from '../../verify/index.ts';
import { attestOn, readRealmOptions } from '../attest.ts';
import type { CallOf } from '../command.ts';
import type { firmware } from '../commands/firmware.ts';
import { badCommandLine, EXIT, type ExitCode } from '../exit.ts';
import { signerId } from '../firmware/files.ts';
import { newManifest } from '../firmware/new.ts';
import {
  committedSets,
  FIRMWARE_MANIFEST,
  firmwareFolder,
  fixturesFolder,
  readFirmwareFolder,
  readFirmwareManifest,
} from '../firmware-dir.ts';
import { checkWritable, writeOutput } from '../io/write.ts';
import { bootMachine, readMachineSettings } from '../machine-settings.ts';
import { suggestion } from '../suggestion.ts';

type FirmwareCall = CallOf<typeof firmware>;

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

const list = async ({ values, terminal }: FirmwareCall): Promise<ExitCode> => {
  const sets: Readonly<Record<string, unknown>>[] = [];
  for (const name of committedSets()) {
    const folder = join(fixturesFolder(), name);
    const manifest = await readFirmwareManifest(folder);
    const synthetic = isSynthetic(await readFirmwareFolder(folder, nodeCrypto));
    sets.push({ name, synthetic, summary: manifest.summary });
    if (!values.json) terminal.print(`${name.padEnd(22)} ${synthetic ? '(synthetic) ' : ''}${manifest.summary}`);
  }
  if (values.json) terminal.json(sets);
  return EXIT.ok;
};

const componentJson = (place: string, manifest: FirmwareManifest) => {
  const found = componentsOf(manifest).find(([member]) => member === place)?.[1];
  if (found === undefined) return {};
  const { digest, ...rest } = found;
  return { place, ...rest, ...(digest === undefined ? {} : { digest: toHex(digest) }) };
};

const show = async ({ values, terminal }: FirmwareCall, set: string): Promise<ExitCode> => {
  const manifest = await readFirmwareManifest(firmwareFolder(set));
  const { name, summary, about, origin, licence, lcs, signers, defaults } = manifest;
  const components = componentsOf(manifest).map(([place]) => componentJson(place, manifest));
  if (values.json) {
    const known = Object.fromEntries([...signers].map(([signer, { id, says }]) => [signer, { id: toHex(id), says }]));
    terminal.json({ name, summary, about, origin, licence, lcs, defaults, signers: known, components });
    return EXIT.ok;
  }
  terminal.print(terminal.paint.bold(name));
  terminal.print(about === '' ? summary : about);
  terminal.print(`  lifecycle  ${lcs}`);
  for (const [key, value] of Object.entries(defaults)) terminal.print(`  default    ${key} ${value}`);
  for (const [signer, { id, says }] of signers) terminal.print(`  signer     ${signer}  ${toHex(id)}  ${says}`);
  for (const [place, { slot, type, version, signer, image }] of componentsOf(manifest)) {
    const where = place.startsWith('components') ? '' : `  (${place})`;
    terminal.print(
      `  slot ${`${slot}`.padStart(2)}    ${type.padEnd(14)} ${version.padEnd(14)} ${signer.padEnd(10)} ${image ?? 'by its digest'}${where}`,
    );
  }
  terminal.print(`  origin     ${origin}`);
  terminal.print(`  licence    ${licence}`);
  return EXIT.ok;
};

/** What the whole machine is, so that what is told is what tokens say. */
const settingsFor = async ({ values, terminal }: FirmwareCall, set: string, seed = values.seed) => {
  const { group, dialect, stack, hes, set: switches } = values;
  const settings = await readMachineSettings(
    {
      seed,
      group,
      firmware: set,
      dialect,
      stack,
      hes,
      set: switches,
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
  return settings;
};

const slotsOf = (platform: Platform): Readonly<Record<string, string>> =>
  Object.fromEntries(
    platform.hes.status().slots.flatMap((slot, i) => (slot === undefined ? [] : [[i, toHex(slot.measurement_value)]])),
  );

const measure = async (call: FirmwareCall, set: string): Promise<ExitCode> => {
  const { values, terminal } = call;
  const { reference } = values;
  if (reference === '-' && values.json) throw badCommandLine('--json needs standard output for itself');
  if (reference !== undefined) checkWritable(reference);
  const settings = await settingsFor(call, set);
  const platform = bootMachine(settings, nodeCrypto, undefined);
  const { cpak, rak } = platform.hes.status();
  const nothing = { challenge: undefined, realm: undefined, payload: [], hash: undefined, rpv: undefined, extend: [] };
  const realm = await readRealmOptions(nothing, terminal);
  const { fetched } = await (async () => {
    try {
      return attestOn(platform, settings, realm, 'seeded');
    } finally {
      await realm.close();
    }
  })();
  const { claims } = verifyToken(fetched.token, { crypto: nodeCrypto, ...(cpak === undefined ? {} : { key: cpak }) });
  // A set of firmware says nothing of Realms.
  const { realm: _, ...platformClaims } = claims;
  const referenceJson = referenceValuesToJson(referenceValuesOf(platformClaims));
  const components = settings.firmware.components.map(
    ({ slot, type, version, signerId: id, algorithm, digest, lock }) => ({
      slot,
      type,
      version,
      signer_id: toHex(id),
      algorithm,
      digest: toHex(digest),
      lock,
    }),
  );
  const slots = slotsOf(platform);
  const keys = {
    cpak: cpak && toHex(coseKeyBytes(cpak)),
    rak: rak && toHex(coseKeyBytes(rak)),
  };
  if (reference !== undefined && reference !== '-') writeOutput(reference, json(referenceJson));
  if (values.json) {
    const pem = cpak && spkiPem(cpak);
    terminal.json({
      name: settings.firmware.name,
      seed: settings.seed,
      components,
      slots,
      ...keys,
      cpak_pem: pem,
      reference: referenceJson,
    });
  } else if (reference === '-') terminal.write(json(referenceJson));
  else {
    for (const { slot, type, version, signer_id, algorithm, digest } of components) {
      terminal.print(`slot ${slot}  ${type} ${version}`);
      terminal.print(`  ${algorithm.padEnd(10)} ${digest}`);
      terminal.print(`  ${'signer'.padEnd(10)} ${signer_id}`);
      terminal.print(`  ${'slot value'.padEnd(10)} ${slots[slot] ?? ''}`);
    }
    terminal.print(`chip ${JSON.stringify(settings.seed)}`);
    terminal.print(`  ${'CPAK'.padEnd(10)} ${keys.cpak ?? 'not known'}`);
    terminal.print(`  ${'RAK'.padEnd(10)} ${keys.rak ?? 'none'}`);
    if (reference !== undefined) terminal.print(`wrote ${reference}`);
  }
  return EXIT.ok;
};

/** What of a set does not agree with the rest of it. */
const problemsOf = async (call: FirmwareCall, set: string): Promise<readonly string[]> => {
  const folder = firmwareFolder(set);
  const file = join(folder, FIRMWARE_MANIFEST);
  const { signers, expected } = await readFirmwareManifest(folder);
  const problems: string[] = [];
  for (const [name, { id, key }] of signers) {
    if (key === undefined) continue;
    const hash = await signerId(join(folder, key));
    if (hash !== toHex(id)) problems.push(`${file}: signers.${name}.id is not the hash of ${key}, ${hash}`);
  }
  const settings = await settingsFor(call, set, expected?.seed);
  // What is expected is what boot gives, before anything of the set's script happens.
  const firmware = { ...settings.firmware, script: [] };
  const platform = bootMachine({ ...settings, firmware }, nodeCrypto, undefined);
  if (expected === undefined) return problems;
  const { cpak, rak } = platform.hes.status();
  const slots = slotsOf(platform);
  const differ = (member: string, said: Uint8Array, is: string | undefined): void => {
    if (toHex(said) !== is)
      problems.push(`${file}: expected.${member} is not what the images give, ${is ?? 'nothing'}`);
  };
  for (const [slot, value] of expected.slots) differ(`slots.${slot}`, value, slots[slot]);
  differ('cpak', expected.cpak, cpak && toHex(coseKeyBytes(cpak)));
  differ('rak', expected.rak, rak && toHex(coseKeyBytes(rak)));
  return problems;
};

const check = async (call: FirmwareCall, set: string): Promise<ExitCode> => {
  const { values, terminal } = call;
  const problems = await problemsOf(call, set);
  if (values.json) terminal.json({ ok: problems.length === 0, problems });
  else
    for (const line of problems.length === 0 ? ['manifest, images, keys and expected values agree'] : problems)
      terminal.print(line);
  return problems.length === 0 ? EXIT.ok : EXIT.no;
};

const make = async ({ values, terminal }: FirmwareCall, folder: string): Promise<ExitCode> => {
  const { file, manifest, notes } = await newManifest(folder, values);
  writeOutput(file, json(manifest));
  // Whatever was written can be read.
  await readFirmwareFolder(folder, nodeCrypto);
  for (const note of notes) terminal.note(note);
  if (values.json) terminal.json({ file, notes, manifest });
  else terminal.print(`wrote ${file}`);
  return EXIT.ok;
};

const ACTIONS = { show, measure, new: make, check } as const;
const NAMES = ['list', ...Object.keys(ACTIONS)];

export const runFirmware = (call: FirmwareCall): Promise<ExitCode> => {
  const [action = '', set] = call.operands;
  if (action === 'list') {
    if (set !== undefined) throw badCommandLine('list takes no set');
    return list(call);
  }
  const run = Object.hasOwn(ACTIONS, action) ? ACTIONS[action as keyof typeof ACTIONS] : undefined;
  if (run === undefined)
    throw badCommandLine(`there is no ${action.slice(0, 40)}: ${NAMES.join(', ')}${suggestion(action, NAMES)}`);
  if (set === undefined) throw badCommandLine(`${action} takes a set or a folder`);
  return run(call, set);
};
