import { Bug } from '../bytes/index.ts';
import {
  ACT_SIZE,
  type Act,
  argumentKind,
  CODE,
  CONTINUE_ACT_NAMES,
  DEFAULT_SIZE,
  FIRST_REGISTER,
  FOR_EVER,
  HEADER_SIZE,
  INIT_ACT_NAMES,
  MAGIC,
  MAX_SCRIPT_SIZE,
  RESPONSE_SCRIPT_VERSION,
  type ResponseScript,
  type Rule,
  type RuleCall,
  SETTINGS_SIZE,
} from './format.ts';
import { narrow, widen } from './wide.ts';

const hasMagic = (bytes: Uint8Array): boolean =>
  bytes.length >= HEADER_SIZE && MAGIC.every((byte, i) => bytes[i] === byte);

/**
 * The version that the header of a script names, or undefined when it has no header. Bytes whose header names a version
 * that is not known are read as a bare body, since any bytes are a script; whoever reads for people should refuse them.
 */
export const namedVersion = (bytes: Uint8Array): number | undefined =>
  hasMagic(bytes) ? bytes[MAGIC.length] : undefined;

const bodyOf = (bytes: Uint8Array): Uint8Array => {
  const kept = bytes.subarray(0, MAX_SCRIPT_SIZE);
  return namedVersion(kept) === RESPONSE_SCRIPT_VERSION ? kept.subarray(HEADER_SIZE) : kept;
};

const actOf = (code: number, argument: number): Act => {
  if ((code & CODE.register) !== 0) {
    return { name: 'register', x: FIRST_REGISTER + (code & 0xf), value: widen(argument) };
  }
  const init = (code & CODE.init) !== 0;
  const name = init ? INIT_ACT_NAMES[code & 0x7] : CONTINUE_ACT_NAMES[code & 0xf];
  if (name === undefined) throw new Bug(`no act has the code ${code}`);
  const kind = argumentKind(init ? 'INIT' : 'CONTINUE', name);
  return { name, value: kind === 'wide' ? widen(argument) : kind === 'count' ? BigInt(argument) : 0n };
};

/** Reads a script. Total: any bytes are one; missing bytes are zero. */
export const decodeScript = (bytes: Uint8Array): ResponseScript => {
  const body = bodyOf(bytes);
  const byte = (at: number): number => body[at] ?? 0;
  const number16 = (at: number): number => byte(at) | (byte(at + 1) << 8);

  const rules: { call: RuleCall; times: number; acts: Act[] }[] = [];
  /** The rule of each command to which the next act about it belongs. */
  const open: Partial<Record<RuleCall, { acts: Act[] }>> = {};
  for (let at = SETTINGS_SIZE; at < body.length; at += ACT_SIZE) {
    const code = byte(at);
    const call: RuleCall = (code & CODE.init) !== 0 ? 'INIT' : 'CONTINUE';
    const act = actOf(code, number16(at + 2));
    let rule = open[call];
    if (rule === undefined) {
      const count = byte(at + 1);
      const begun = { call, times: count === FOR_EVER ? Number.POSITIVE_INFINITY : count + 1, acts: [] };
      rules.push(begun);
      rule = begun;
    }
    rule.acts.push(act);
    if ((code & CODE.joined) !== 0) open[call] = rule;
    else delete open[call];
  }
  return { total: number16(0) || DEFAULT_SIZE, chunk: number16(2) || DEFAULT_SIZE, rules };
};

/** Why a value is no response script, as a sentence. */
export class ResponseScriptError extends Error {
  override readonly name = 'ResponseScriptError';
}

const codeOf = (call: RuleCall, { name, x }: Act): number => {
  const init = call === 'INIT' ? CODE.init : 0;
  if (name === 'register') return init | CODE.register | ((x ?? FIRST_REGISTER) - FIRST_REGISTER);
  const names: readonly string[] = call === 'INIT' ? INIT_ACT_NAMES : CONTINUE_ACT_NAMES;
  const index = names.indexOf(name);
  if (index === -1) throw new ResponseScriptError(`${call} has no act ${name}`);
  return init | index;
};

const argumentOf = (call: RuleCall, { name, value }: Act): number => {
  const kind = argumentKind(call, name);
  if (kind === 'none') return 0;
  const argument = kind === 'wide' ? narrow(value) : value >= 0n && value <= 0xffffn ? Number(value) : undefined;
  if (argument !== undefined) return argument;
  const allowed =
    kind === 'wide' ? 'of a form that 16 bits hold (docs/response-script.md)' : 'a number from 0 to 65535';
  throw new ResponseScriptError(`${name} ${value} is not ${allowed}`);
};

const setting = (name: string, value: number): number[] => {
  if (!Number.isInteger(value) || value < 1 || value > 0xffff)
    throw new ResponseScriptError(`${name} ${value} is not a number from 1 to 65535`);
  const written = value === DEFAULT_SIZE ? 0 : value;
  return [written & 0xff, written >> 8];
};

const countOf = (times: number): number => {
  if (times === Number.POSITIVE_INFINITY) return FOR_EVER;
  if (Number.isInteger(times) && times >= 1 && times <= FOR_EVER) return times - 1;
  throw new ResponseScriptError(`a rule holds for 1 to ${FOR_EVER} calls or for ever, not for ${times}`);
};

const encodeRule = ({ call, times, acts }: Rule): number[] =>
  acts.flatMap((act, i) => {
    const argument = argumentOf(call, act);
    const joined = i + 1 < acts.length ? CODE.joined : 0;
    return [codeOf(call, act) | joined, i === 0 ? countOf(times) : 0, argument & 0xff, argument >> 8];
  });

/**
 * Writes a script in the one form that this version has for it, with its header.
 *
 * @throws {ResponseScriptError} when a number does not fit, or the script is longer than what is read of one.
 */
export const encodeScript = ({ total, chunk, rules }: ResponseScript): Uint8Array => {
  const body = [...setting('total', total), ...setting('chunk', chunk), ...rules.flatMap(encodeRule)];
  if (HEADER_SIZE + body.length > MAX_SCRIPT_SIZE)
    throw new ResponseScriptError(`a script has at most ${MAX_SCRIPT_SIZE} bytes`);
  return Uint8Array.of(...MAGIC, RESPONSE_SCRIPT_VERSION, ...body);
};
