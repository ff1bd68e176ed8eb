import { DEFAULT_PROFILE, type MachineProfile, profileProblems } from '../machine/index.ts';
import { badInput } from './exit.ts';
import { INPUTS, inputName, readText } from './io/read.ts';
import { bool, count, listOf, optional, type Reader, record, required, size, u64 } from './yaml/read.ts';
import { parseYaml } from './yaml/tree.ts';

const nullOr =
  <T>(reader: Reader<T>): Reader<T | undefined> =>
  (node, place) =>
    node.kind === 'scalar' && node.value === undefined ? undefined : reader(node, place);

const regions = listOf(record({ base: required(u64), size: required(size) }));
const byte = count(0, 255);
const d = DEFAULT_PROFILE;

/** What is absent is as in the default profile; ranges of values are the machine's own business. */
const machineFile: Reader<MachineProfile> = record({
  pa_width: optional(byte, d.pa_width),
  dram: optional(regions, d.dram),
  device: optional(regions, d.device),
  secure: optional(regions, d.secure),
  s2sz: optional(byte, d.s2sz),
  lpa2: optional(bool, d.lpa2),
  sve_vl: optional(nullOr(byte), d.sve_vl),
  num_bps: optional(byte, d.num_bps),
  num_wps: optional(byte, d.num_wps),
  pmu_num_ctrs: optional(nullOr(byte), d.pmu_num_ctrs),
  hpmn0: optional(bool, d.hpmn0),
  hash_sha_256: optional(bool, d.hash_sha_256),
  hash_sha_512: optional(bool, d.hash_sha_512),
  gicv3_num_lrs: optional(byte, d.gicv3_num_lrs),
  max_recs_order: optional(byte, d.max_recs_order),
  vmid_width: optional(byte, d.vmid_width),
  rec_aux_count: optional(byte, d.rec_aux_count),
  wipe_fill: optional(byte, d.wipe_fill),
});

/**
 * Reads a machine profile, in the form that `doctor --machine` prints.
 *
 * @throws {UsageError} INPUT: one line that names the file and what is wrong.
 */
export const readMachineFile = async (path: string): Promise<MachineProfile> => {
  const file = inputName(path);
  const tree = await parseYaml(await readText(path, { ...INPUTS.text, what: 'a machine profile' }), file);
  const profile = machineFile(tree, { file, line: tree.line, key: '' });
  const [problem] = profileProblems(profile);
  if (problem !== undefined) throw badInput(`${file}: ${problem}`);
  return profile;
};

/** One line of a machine profile for each member: a value, or the regions. */
const valueText = (value: MachineProfile[keyof MachineProfile]): string => {
  if (!Array.isArray(value)) return value === undefined ? 'null' : String(value);
  const hexadecimal = (n: bigint): string => `0x${n.toString(16)}`;
  return `[${value.map(({ base, size }) => ` { base: ${hexadecimal(base)}, size: ${hexadecimal(size)} }`).join(',')} ]`;
};

/** The profile as the YAML that `readMachineFile` reads back. */
export const machineFileText = (profile: MachineProfile): string =>
  Object.entries(profile)
    .map(([name, value]) => `${name}: ${valueText(value)}\n`)
    .join('');
