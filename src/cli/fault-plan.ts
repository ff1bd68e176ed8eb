import {
  E_RMM,
  type ERmm,
  GRANULE,
  MEASUREMENT_LIMITS,
  MEASUREMENT_SLOTS,
  PSA_STATUS,
  type PsaError,
} from '../abi/index.ts';
import { utf8 } from '../bytes/index.ts';
import type { HashName } from '../crypto/index.ts';
import {
  ACTS,
  type Act,
  type ActName,
  actsOf,
  type CallRange,
  type ClaimEdit,
  FAULT_ERRNOS,
  FAULT_MODELS,
  FAULT_PLAN_VERSION,
  type Fault,
  type FaultComponent,
  type FaultModel,
  type FaultPlan,
  HIDEABLE,
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

/** The address of a page. */
const page: Reader<bigint> = (node, place) => {
  const ipa = u64(node, place);
  if (ipa % GRANULE !== 0n) throw misfit(place, 'takes the address of a page, a multiple of 4096');
  return ipa;
};

const READERS = {
  extend: component,
  activate: component,
  reset: yes,
  args: registers,
  flipRequest: count(0, 8 * GRANULE_SIZE - 1),
  rehash: record({ form: required(oneOf('raw', 'cose-key')), algorithm: required(oneOf(...HASHES)) }),
  race: hexText(1, 64),
  interrupt: record({
    kind: optional(oneOf('IRQ', 'FIQ', 'SERROR'), 'IRQ' as const),
    polls: optional(count(0, MAX_CALL), 0),
  }),
  destroy: page,
  deny: yes,
  reject: yes,
  fail: oneOf(...PSA_ERRORS),
  status: oneOf(...(Object.keys(E_RMM) as ERmm[])),
  errno: oneOf(...FAULT_ERRNOS),
  skip: yes,
  ask: text,
  short: count(1, GRANULE_SIZE),
  hide: listOf(oneOf(...HIDEABLE)),
  set: registers,
  write,
  flip: count(0, 8 * GRANULE_SIZE - 1),
  truncate: count(0, GRANULE_SIZE),
  pad: count(1, GRANULE_SIZE),
  replace: hexText(0, GRANULE_SIZE),
  claims,
} as const satisfies { readonly [A in ActName]: Reader<NonNullable<Act[A]>> };

/** How a plan spells the names of acts: as everything in a YAML file of ours. */
export const SPELLED: Readonly<Record<ActName, string>> = Object.fromEntries(
  (Object.keys(ACTS) as ActName[]).map((name) => [name, name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)]),
) as Record<ActName, string>;

const actOf = (model: FaultModel, seam: Seam, node: YamlNode, place: Place): Act => {
  const acts = actsOf(model, seam);
  const keys = Object.fromEntries(
    acts.map((name) => [SPELLED[name], optional(READERS[name] as Reader<unknown>, undefined)]),
  );
  const read = record(keys)(node, place);
  const act = Object.fromEntries(
    acts.flatMap((name) => (read[SPELLED[name]] === undefined ? [] : [[name, read[SPELLED[name]]]])),
  );
  if (Object.keys(act).length === 0) throw misfit(place, `takes at least one of ${Object.keys(keys).join(', ')}`);
  return act;
};

/** What can be read only once something else is known. */
const later: Reader<{ readonly node: YamlNode; readonly place: Place }> = (node, place) => ({ node, place });

const fault =
  (model: FaultModel): Reader<Fault> =>
  (node, place) => {
    const seams = (Object.keys(SEAMS) as Seam[]).filter((seam) => actsOf(model, seam).length > 0);
    const read = record({
      at: required(oneOf(...seams)),
      when: optional(when, { always: true } as const),
      act: required(later),
      require_fired: optional(bool, true),
    })(node, place);
    return {
      at: read.at,
      when: read.when,
      act: actOf(model, read.at, read.act.node, read.act.place),
      requireFired: read.require_fired,
    };
  };

const plan: Reader<FaultPlan> = (node, place) => {
  const read = record({
    version: required(count(FAULT_PLAN_VERSION, FAULT_PLAN_VERSION)),
    model: required(oneOf(...FAULT_MODELS)),
    faults: required(later),
  })(node, place);
  const faults = listOf(fault(read.model))(read.faults.node, read.faults.place);
  if (faults.length > MAX_FAULTS) throw misfit(place, `has more than ${MAX_FAULTS} faults`);
  return { model: read.model, faults };
};

/** @throws {UsageError} INPUT: one line that names file, line and key. */
export const parseFaultPlan = async (content: string, file: string): Promise<FaultPlan> => {
  const tree = await parseYaml(content, file);
  return plan(tree, { file, line: tree.line, key: '' });
};

/** What `--faults` names. @throws {UsageError} INPUT: one line that names file, line and key. */
export const readFaultPlan = async (path: string): Promise<FaultPlan> =>
  parseFaultPlan(await readText(path, { ...INPUTS.text, what: 'a fault plan' }), inputName(path));
