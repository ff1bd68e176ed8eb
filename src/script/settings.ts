import { fromUtf8 } from '../bytes/index.ts';
import { DEFAULT_PROFILE, type MachineProfile, profileProblems, type Region } from '../machine/index.ts';
import { type ImpDef, impDefProblems, SPEC_IMP_DEF } from '../rmm/index.ts';
import type { Expression, Field } from './ast.ts';
import { numberOf, type Surroundings } from './evaluate.ts';
import { impossible } from './problem.ts';

const SWITCH: Readonly<Record<string, boolean>> = { true: true, false: false, on: true, off: false };

const wordOf = (value: Expression): string | undefined => (value.kind === 'word' ? value.word : undefined);

const booleanOf = (name: string, value: Expression): boolean => {
  const word = wordOf(value) ?? '';
  const known = Object.hasOwn(SWITCH, word) ? SWITCH[word] : undefined;
  if (known === undefined) throw impossible(value, `${name} is true or false`);
  return known;
};

const smallOf = (name: string, value: Expression, around: Surroundings): number => {
  const number = numberOf(value, around);
  if (number > 0xffff_ffffn) throw impossible(value, `${name} takes a small number`);
  return Number(number);
};

const listOf = (name: string, value: Expression, around: Surroundings): bigint[] => {
  if (value.kind !== 'list') throw impossible(value, `${name} takes a list, such as [1, 2]`);
  return value.items.map((item) => numberOf(item, around));
};

const regionsOf = (name: string, value: Expression, around: Surroundings): Region[] => {
  const numbers = listOf(name, value, around);
  if (numbers.length % 2 !== 0) throw impossible(value, `${name} takes pairs of base and size: [0x80000000, 1GiB]`);
  return Array.from({ length: numbers.length / 2 }, (_, i) => ({
    base: numbers[2 * i] ?? 0n,
    size: numbers[2 * i + 1] ?? 0n,
  }));
};

/** Members of a profile that a machine may lack. */
const MAY_LACK: ReadonlySet<string> = new Set(['sve_vl', 'pmu_num_ctrs'] satisfies (keyof MachineProfile)[]);

/** The members of a machine profile that `machine` sets. @throws {ScriptError} IMPOSSIBLE */
export const machineSettings = (
  fields: readonly Field[],
  around: Surroundings,
  before: Partial<MachineProfile>,
): Partial<MachineProfile> => {
  const settings: Record<string, unknown> = { ...before };
  for (const { member, value } of fields) {
    const { name } = member;
    const standard = DEFAULT_PROFILE[name as keyof MachineProfile];
    if (MAY_LACK.has(name) && wordOf(value) === 'none') settings[name] = undefined;
    else if (typeof standard === 'boolean') settings[name] = booleanOf(name, value);
    else if (Array.isArray(standard)) settings[name] = regionsOf(name, value, around);
    else settings[name] = smallOf(name, value, around);
    const [problem] = profileProblems({ ...DEFAULT_PROFILE, ...settings });
    // Members can depend on each other: only what is wrong after the last one is wrong.
    if (problem !== undefined && member === fields.at(-1)?.member) throw impossible(member, problem);
  }
  return settings;
};

/** What an implementation decides, one member at a time. @throws {ScriptError} IMPOSSIBLE */
export const impDefSettings = (
  fields: readonly Field[],
  around: Surroundings,
  before: Partial<ImpDef>,
): Partial<ImpDef> => {
  const settings: Record<string, unknown> = { ...before };
  for (const { member, value } of fields) {
    const { name } = member;
    const standard = SPEC_IMP_DEF[name as keyof ImpDef];
    if (typeof standard === 'string') settings[name] = textOf(name, value, standard);
    else if (Array.isArray(standard)) settings[name] = listOf(name, value, around).map(Number);
    else settings[name] = smallOf(name, value, around);
    const [problem] = impDefProblems({ [name]: settings[name] });
    if (problem !== undefined) throw impossible(value, problem);
  }
  return settings;
};

/** A word, or one that is no word in quotation marks: `"2.0"`. */
const textOf = (name: string, value: Expression, standard: string): string => {
  const text = value.kind === 'bytes' ? fromUtf8(value.value) : wordOf(value);
  if (text === undefined) throw impossible(value, `${name} takes a word, such as ${standard}`);
  return text;
};
