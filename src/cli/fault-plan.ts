import { E_RMM, type ERmm, MEASUREMENT_LIMITS, MEASUREMENT_SLOTS, PSA_STATUS, type PsaError } from '../abi/index.ts';
import { utf8 } from '../bytes/index.ts';
import type { HashName } from '../crypto/index.ts';
import {
  ACTS,
  type Act,
  type ActName,
  type CallRange,
  type ClaimEdit,
  FAULT_PLAN_VERSION,
  type Fault,
  type FaultComponent,
  type FaultPlan,
  type RegisterValue,
  SEAMS,
  type Seam,
  type When,
} from '../fault/index.ts';
import { GRANULE_SIZE } from '../machine/index.ts';
import { INPUTS, inputName, readText } from './io/read.ts';
import {
  bool,
  count,
  hexText,
  listOf,
  misfit,
  oneKeyOf,
  oneOf,
  optional,
  type Place,
  type Reader,
  record,
  required,
  text,
  u64,
} from './yaml/read.ts';
import { parseYaml, type YamlNode } from './yaml/tree.ts';

const MAX_CALL = 1_000_000;
const MAX_FAULTS = 1000;
const HASHES = ['sha-256', 'sha-384', 'sha-512'] as const satisfies readonly HashName[];
const PSA_ERRORS = (Object.keys(PSA_STATUS) as (keyof typeof PSA_STATUS)[]).filter(
  (name): name is PsaError => name !== 'PSA_SUCCESS',
);

/** `3`, or `1..5`. */
const callRange: Reader<CallRange> = (node, place) => {
  const range = node.kind === 'scalar' ? /^(\d{1,7})\.\.(\d{1,7})$/.exec(String(node.value)) : null;
  if (range === null) {
    const nth = count(1, MAX_CALL)(node, place);
    return { from: nth, to: nth };
  }
  const [from, to] = [Number(range[1]), Number(range[2])];
  if (from < 1 || to < from || to > MAX_CALL) throw misfit(place, `takes calls from 1 to ${MAX_CALL}, as 1..5`);
  return { from, to };
};

const callRanges: Reader<readonly CallRange[]> = (node, place) =>
  node.kind === 'list' ? listOf(callRange)(node, place) : [callRange(node, place)];

const yes: Reader<true> = (node, place) => {
  if (!bool(node, place)) throw misfit(place, 'takes true; leave it out otherwise');
  return true;
};

const when: Reader<When> = (node, place) => {
  const { key, value } = oneKeyOf({ nth: callRanges, challenge: hexText(1, 64), always: yes })(node, place);
  if (key === 'nth') return { nth: value };
  return key === 'challenge' ? { challenge: value } : { always: true };
};

/** A 64-bit register; a status is easier to write below zero. */
const registerValue: Reader<bigint> = (node, place) =>
  node.kind === 'scalar' && typeof node.value === 'bigint' && node.value < 0n && node.value >= -(1n << 63n)
    ? BigInt.asUintN(64, node.value)
    : u64(node, place);

/** `{ x1: 47 }` */
const registers: Reader<readonly RegisterValue[]> = (node, place) => {
  if (node.kind !== 'map') throw misfit(place, 'takes registers, as { x1: 47 }');
  return [...node.entries].map(([name, { line, value }]) => {
    const at = { ...place, line, key: `${place.key}.${name.slice(0, 60)}` };
    if (!/^x([0-9]|1[0-7])$/.test(name)) throw misfit(at, 'is no register; known here: x0 to x17');
    return { x: Number(name.slice(1)), value: registerValue(value, at) };
  });
};

const bounded =
  (least: number, most: number): Reader<string> =>
  (node, place) => {
    const value = node.kind === 'scalar' && node.value === '' ? '' : text(node, place);
    const { length } = utf8(value);
    if (length < least || length > most) throw misfit(place, `takes ${least} to ${most} bytes, ${length} are given`);
    return value;
  };

const { sw_type, version, signer_id, measurement_value } = MEASUREMENT_LIMITS;

const component: Reader<FaultComponent> = (node, place) => {
  const read = record({
    slot: required(count(0, MEASUREMENT_SLOTS - 1)),
    type: required(bounded(sw_type.least, sw_type.most)),
    version: optional(bounded(version.least, version.most), ''),
    signer: required(hexText(signer_id.least, signer_id.most)),
    algorithm: optional(oneOf(...HASHES), 'sha-256' as const),
    digest: required(hexText(measurement_value.least, measurement_value.most)),
    lock: optional(bool, false),
  })(node, place);
  const { signer, ...rest } = read;
  return { ...rest, signerId: signer };
};

const write: Reader<NonNullable<Act['write']>> = (node, place) => {
  const { at, hex } = record({
    at: required(count(0, GRANULE_SIZE - 1)),
    hex: required(hexText(1, GRANULE_SIZE)),
  })(node, place);
  if (at + hex.length > GRANULE_SIZE) throw misfit(place, 'runs over the end of the page');
  return { at, bytes: hex };
};

const claimValue: Reader<number | string | Uint8Array> = (node, place) => {
  if (node.kind === 'map') return record({ hex: required(hexText(0, GRANULE_SIZE)) })(node, place).hex;
  if (node.kind === 'scalar' && typeof node.value === 'string') return node.value;
  return count(0, Number.MAX_SAFE_INTEGER)(node, place);
};

const label = count(0, 0xffff_ffff);

const claims: Reader<ClaimEdit> = (node, place) => {
  const { omit, repeat, set, value } = record({
    omit: optional(label, undefined),
    repeat: optional(label, undefined),
    set: optional(label, undefined),
    value: optional(claimValue, undefined),
  })(node, place);
  const given = [omit, repeat, set].filter((each) => each !== undefined);
  const whole = given.length === 1 && (set === undefined) === (value === undefined);
  if (!whole) throw misfit(place, 'takes { omit: LABEL }, { repeat: LABEL } or { set: LABEL, value: … }');
  if (omit !== undefined) return { omit };
  if (repeat !== undefined) return { repeat };
  return { set: set as number, value: value as number | string | Uint8Array };
};

const READERS = {
  extend: component,
  activate: component,
  reset: yes,
  args: registers,
  flipRequest: count(0, 8 * GRANULE_SIZE - 1),
  rehash: record({ form: required(oneOf('raw', 'cose-key')), algorithm: required(oneOf(...HASHES)) }),
  fail: oneOf(...PSA_ERRORS),
  status: oneOf(...(Object.keys(E_RMM) as ERmm[])),
  skip: yes,
  ask: text,
  set: registers,
  write,
  flip: count(0, 8 * GRANULE_SIZE - 1),
  truncate: count(0, GRANULE_SIZE),
  pad: count(1, GRANULE_SIZE),
  replace: hexText(0, GRANULE_SIZE),
  claims,
} as const satisfies { readonly [A in ActName]: Reader<NonNullable<Act[A]>> };

/** How a plan spells the names of acts: as everything in a YAML file of ours. */
const SPELLED: Readonly<Record<ActName, string>> = Object.fromEntries(
  (Object.keys(ACTS) as ActName[]).map((name) => [name, name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)]),
) as Record<ActName, string>;

const actOf = (seam: Seam, node: YamlNode, place: Place): Act => {
  const { acts } = SEAMS[seam];
  const keys = Object.fromEntries(
    (acts as readonly ActName[]).map((name) => [SPELLED[name], optional(READERS[name] as Reader<unknown>, undefined)]),
  );
  const read = record(keys)(node, place);
  const act = Object.fromEntries(
    acts.flatMap((name) => (read[SPELLED[name]] === undefined ? [] : [[name, read[SPELLED[name]]]])),
  );
  if (Object.keys(act).length === 0) throw misfit(place, `takes at least one of ${Object.keys(keys).join(', ')}`);
  return act;
};

const fault: Reader<Fault> = (node, place) => {
  const at: Reader<{ readonly node: YamlNode; readonly place: Place }> = (each, where) => ({
    node: each,
    place: where,
  });
  const read = record({
    at: required(oneOf(...(Object.keys(SEAMS) as Seam[]))),
    when: optional(when, { always: true } as const),
    act: required(at),
    require_fired: optional(bool, true),
  })(node, place);
  return {
    at: read.at,
    when: read.when,
    act: actOf(read.at, read.act.node, read.act.place),
    requireFired: read.require_fired,
  };
};

const plan: Reader<FaultPlan> = (node, place) => {
  const read = record({
    version: required(count(FAULT_PLAN_VERSION, FAULT_PLAN_VERSION)),
    model: required(oneOf('rmm')),
    faults: required(listOf(fault)),
  })(node, place);
  if (read.faults.length > MAX_FAULTS) throw misfit(place, `has more than ${MAX_FAULTS} faults`);
  return { model: read.model, faults: read.faults };
};

/** @throws {UsageError} INPUT: one line that names file, line and key. */
export const parseFaultPlan = async (content: string, file: string): Promise<FaultPlan> => {
  const tree = await parseYaml(content, file);
  return plan(tree, { file, line: tree.line, key: '' });
};

/** What `--faults` names. @throws {UsageError} INPUT: one line that names file, line and key. */
export const readFaultPlan = async (path: string): Promise<FaultPlan> =>
  parseFaultPlan(await readText(path, { ...INPUTS.text, what: 'a fault plan' }), inputName(path));
