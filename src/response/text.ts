import { decodeScript, encodeScript, ResponseScriptError } from './codec.ts';
import {
  type Act,
  type ActName,
  argumentKind,
  CONTINUE_ACT_NAMES,
  DEFAULT_SIZE,
  FIRST_REGISTER,
  INIT_ACT_NAMES,
  LAST_REGISTER,
  RESPONSE_SCRIPT_VERSION,
  type ResponseScript,
  type Rule,
  type RuleCall,
} from './format.ts';

const numberText = (value: bigint): string => (value < 0x1_0000n ? `${value}` : `0x${value.toString(16)}`);

const actText = (call: RuleCall, { name, value, x }: Act): string =>
  name === 'register'
    ? `x${x ?? FIRST_REGISTER} ${numberText(value)}`
    : argumentKind(call, name) === 'none'
      ? name
      : `${name} ${numberText(value)}`;

/** A rule as a line of text: `continue piece 1 + x5 255 times 3`. */
export const ruleText = ({ call, times, acts }: Rule): string => {
  const often = times === 1 ? '' : times === Number.POSITIVE_INFINITY ? ' for ever' : ` times ${times}`;
  return `${call.toLowerCase()} ${acts.map((act) => actText(call, act)).join(' + ')}${often}`;
};

/** A script as text, which `assemble` reads. */
export const disassemble = ({ total, chunk, rules }: ResponseScript): string =>
  [
    `response script ${RESPONSE_SCRIPT_VERSION}`,
    ...(total === DEFAULT_SIZE ? [] : [`total ${total}`]),
    ...(chunk === DEFAULT_SIZE ? [] : [`chunk ${chunk}`]),
    ...rules.map(ruleText),
    '',
  ].join('\n');

const readNumber = (word: string | undefined, after: string): bigint => {
  if (word === undefined) throw new ResponseScriptError(`a number is missing after ${after}`);
  if (!/^-?(0x[0-9a-f]{1,16}|[0-9]{1,20})$/i.test(word))
    throw new ResponseScriptError(`"${word.slice(0, 40)}" is no number`);
  const negative = word.startsWith('-');
  const value = BigInt(negative ? word.slice(1) : word);
  if (value >= 1n << 64n) throw new ResponseScriptError(`"${word}" does not fit 64 bits`);
  return negative ? BigInt.asUintN(64, -value) : value;
};

const readAct = (call: RuleCall, text: string): Act => {
  const [word = '', argument, ...rest] = text.split(' ');
  if (rest.length > 0) throw new ResponseScriptError(`"${rest.join(' ').slice(0, 40)}" belongs to nothing`);
  const register = /^x([0-9]{1,2})$/.exec(word)?.[1];
  if (register !== undefined) {
    const x = Number(register);
    if (x < FIRST_REGISTER || x > LAST_REGISTER)
      throw new ResponseScriptError(`${word} cannot be set: X${FIRST_REGISTER} to X${LAST_REGISTER} can`);
    return { name: 'register', x, value: readNumber(argument, word) };
  }
  const names: readonly string[] = call === 'INIT' ? INIT_ACT_NAMES : CONTINUE_ACT_NAMES;
  if (!names.includes(word)) {
    throw new ResponseScriptError(
      `${call.toLowerCase()} has no act "${word.slice(0, 40)}"; there are ${names.join(', ')} and x2 to x17`,
    );
  }
  const name = word as ActName;
  if (argumentKind(call, name) !== 'none') return { name, value: readNumber(argument, word) };
  if (argument !== undefined) throw new ResponseScriptError(`${word} takes no number`);
  return { name, value: 0n };
};

const readRule = (call: RuleCall, text: string): Rule => {
  const [, acts = '', count, ever] = /^(.*?)(?: times ([0-9]{1,6})| (for ever))?$/.exec(text) ?? [];
  const times = ever !== undefined ? Number.POSITIVE_INFINITY : Number(count ?? 1);
  return { call, times, acts: acts.split(' + ').map((act) => readAct(call, act)) };
};

const readSetting = (word: string, argument: string): number => {
  const value = readNumber(argument === '' ? undefined : argument, word);
  if (value < 1n || value > 0xffffn) throw new ResponseScriptError(`${word} takes a number from 1 to 65535`);
  return Number(value);
};

/**
 * Reads a script as text: a line for each rule, `#` begins a comment.
 *
 * @throws {ResponseScriptError} that names the line, for whatever is not one.
 */
export const assemble = (text: string): ResponseScript => {
  const script = { total: DEFAULT_SIZE, chunk: DEFAULT_SIZE, rules: [] as Rule[] };
  text.split('\n').forEach((whole, i) => {
    const line = whole.replace(/#.*/, '').trim().replace(/\s+/g, ' ').toLowerCase();
    if (line === '') return;
    const [word = ''] = line.split(' ', 1);
    const rest = line.slice(word.length + 1);
    try {
      if (word === 'init' || word === 'continue') {
        const rule = readRule(word === 'init' ? 'INIT' : 'CONTINUE', rest);
        // What cannot be written as bytes is told here, where the line is known.
        encodeScript({ ...script, rules: [rule] });
        script.rules.push(rule);
      } else if (word === 'total' || word === 'chunk') script[word] = readSetting(word, rest);
      else if (word !== 'response')
        throw new ResponseScriptError(`"${word.slice(0, 40)}" is not one of total, chunk, init, continue`);
      else if (rest !== `script ${RESPONSE_SCRIPT_VERSION}`)
        throw new ResponseScriptError(`this reads response script ${RESPONSE_SCRIPT_VERSION}`);
    } catch (error) {
      if (!(error instanceof ResponseScriptError)) throw error;
      throw new ResponseScriptError(`line ${i + 1}: ${error.message}`, { cause: error });
    }
  });
  return decodeScript(encodeScript(script));
};
