import { decodeRmiResult, decodeRsiStatus, functionId, PSCI_STATUS, rmiResultText } from '../abi/index.ts';
import { fromHex, hexNumber, toHex } from '../bytes/index.ts';
import type { Command } from '../spec/index.ts';
import { EVENT_KINDS, type TraceEvent } from '../trace/index.ts';
import { cellText } from './outcome.ts';
import { ScriptError } from './problem.ts';
import { bareStatus, FAMILY_PREFIX, type Family, VOCABULARY_1_0 } from './vocabulary.ts';

type Json = Readonly<Record<string, unknown>>;

/** Writes the events of a trace as a script that makes them happen again. */
export interface ScriptWriter {
  /** The next event, as JSON has it. @returns the lines that are complete. @throws {ScriptError} SYNTAX */
  feed(event: unknown): readonly string[];
  /** The trace is over. @returns the last line. */
  end(): readonly string[];
}

/** The statement that is waiting for what it came to. */
interface Pending {
  readonly text: string;
  readonly family: Family | undefined;
  readonly command: Command | undefined;
  readonly expects: string;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const notAnEvent = (line: number, cause?: unknown): ScriptError =>
  new ScriptError('SYNTAX', { line, column: 1 }, 'this is no event of a trace', cause);

/** A word of a trace that goes into a script as it is. */
const word = (value: unknown): string => {
  if (typeof value !== 'string' || !/^[A-Za-z][A-Za-z0-9_]*$/.test(value)) throw new RangeError('a word is needed');
  return value;
};

const number = (value: unknown): bigint => BigInt(value as string | number);
const numbers = (value: unknown): bigint[] => (value as readonly unknown[]).map(number);
const hex = (value: unknown): string => hexNumber(number(value));

/** Bytes as an expression: zeros at the tail are counted, not written out. */
const bytesExpression = (value: unknown): string => {
  const bytes = typeof value === 'string' ? fromHex(value) : undefined;
  if (bytes === undefined) throw new RangeError('bytes are written as hexadecimal');
  let length = bytes.length;
  while (length > 0 && bytes[length - 1] === 0) length -= 1;
  const zeros = bytes.length - length;
  if (zeros < 8) return `hex"${toHex(bytes)}"`;
  const tail = `hex"00" * ${zeros}`;
  return length === 0 ? tail : `hex"${toHex(bytes.subarray(0, length))}" + ${tail}`;
};

const FIDS: ReadonlyMap<Family, ReadonlyMap<number, readonly [string, Command]>> = new Map(
  (['rmi', 'rsi', 'psci'] as const).map((family) => [
    family,
    new Map([...VOCABULARY_1_0.commands[family]].map(([name, command]) => [command.fid, [name, command]])),
  ]),
);

const findCommand = (families: readonly Family[], x0: bigint) => {
  // A function identifier with the SVE hint, or with more bits, is written by its registers.
  if (x0 !== BigInt(functionId(x0) ?? -1)) return undefined;
  for (const family of families) {
    const found = FIDS.get(family)?.get(Number(x0));
    if (found !== undefined) return { family, name: found[0], command: found[1] };
  }
  return undefined;
};

/** The arguments of a call, when its registers hold them and nothing else. */
const argumentsOf = ({ inputs }: Command, x: readonly bigint[]): readonly string[] | undefined => {
  const args: string[] = [];
  let next = 1;
  for (const { first, type } of Object.values(inputs)) {
    if (first !== next) return undefined;
    next += type.count;
    const value = type.count > 1 ? (type.parse(x, first) as Uint8Array) : (x[first] ?? 0n);
    args.push(cellText(value));
  }
  return next === x.length ? args : undefined;
};

const smcText = (caller: 'host' | 'realm', x: readonly bigint[]): Omit<Pending, 'expects'> => {
  const found = findCommand(caller === 'host' ? ['rmi'] : ['rsi', 'psci'], x[0] ?? 0n);
  const args = found && argumentsOf(found.command, x);
  if (found === undefined || args === undefined) {
    const registers = x.map((value) => hexNumber(value)).join(' ');
    return { text: `smc ${caller} ${registers}`.trimEnd(), family: undefined, command: found?.command };
  }
  const { family, name, command } = found;
  return { text: [family, name, ...args].join(' '), family, command };
};

const transferText = (preposition: 'into' | 'from', isv: unknown): string => {
  if (!isObject(isv)) return '';
  const { srt, sf, signExtend } = isv;
  const width = sf === undefined || sf === null ? 'r' : sf === true ? 'x' : 'w';
  const register = srt === 31 ? 'zr' : String(srt);
  const sign = signExtend === true ? ' signed' : signExtend === false ? ' unsigned' : '';
  return ` ${preposition} ${width}${register}${sign}`;
};

const accessText = (event: Json): string => {
  const ipa = hex(event['ipa']);
  const length = Number(event['length']);
  switch (event['access']) {
    case 'write':
      return `store bytes at ${ipa} = ${bytesExpression(event['bytes'])}${transferText('from', event['isv'])}`;
    case 'fetch':
      return `fetch bytes[${length}] at ${ipa}`;
    default:
      return `load bytes[${length}] at ${ipa}${transferText('into', event['isv'])}`;
  }
};

const fieldsText = (fields: Json): string => {
  const texts = Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${word(name)}=${Array.isArray(value) ? `[${value.map(hex).join(', ')}]` : hex(value)}`);
  return texts.length === 0 ? '' : ` { ${texts.join(' ')} }`;
};

const eventText = (event: Json): string => {
  const detail = isObject(event['detail']) ? event['detail'] : {};
  switch (event['kind']) {
    case 'wfi':
    case 'wfe': {
      const { timeout } = detail;
      return timeout === undefined || timeout === null ? event['kind'] : `${event['kind']} ${hex(timeout)}`;
    }
    case 'hvc':
      return `hvc ${hex(detail['imm'])}`;
    case 'devices': {
      const { rec, ...values } = detail;
      return `devices ${hex(rec)}${fieldsText(values) || ' { }'}`;
    }
    default:
      throw new RangeError(`a script has no statement for ${String(event['kind'])}`);
  }
};

const interruptText = ({ kind, polls, esr }: Json): string => {
  if (kind !== 'IRQ' && kind !== 'FIQ' && kind !== 'SERROR') throw new RangeError('no such interrupt');
  return `interrupt ${kind}${fieldsText({ ...(Number(polls) === 0 ? {} : { polls }), esr })}`;
};

const PSCI_NAMES: ReadonlyMap<bigint, string> = new Map(
  Object.entries(PSCI_STATUS).map(([name, value]) => [BigInt.asUintN(64, value), bareStatus(name)]),
);

const statusText = (family: Family | undefined, x0: bigint): string => {
  if (family === 'rmi') {
    const result = decodeRmiResult(x0);
    if (result !== undefined) {
      const { status, index } = result;
      return status === 'RMI_ERROR_REALM'
        ? `ERROR_REALM(${index})`
        : rmiResultText(result).slice(FAMILY_PREFIX.rmi.length);
    }
  }
  const rsi = family === 'rsi' ? decodeRsiStatus(x0) : undefined;
  if (rsi !== undefined) return bareStatus(rsi);
  return (family === 'psci' ? PSCI_NAMES.get(x0) : undefined) ?? hexNumber(x0);
};

/** Outputs of a successful call, as checks. */
const outputsText = ({ outputs }: Command, x: readonly bigint[]): string => {
  const checks = Object.entries(outputs)
    .filter(([, { first }]) => first !== 0)
    .map(([name, { first, type }]) => `${name}=${cellText(type.parse(x, first) as never)}`);
  return checks.length === 0 ? '' : ` { ${checks.join(' ')} }`;
};

/** Whether X0 is an output in place of a status. */
const answersValue = ({ outputs }: Command): boolean => Object.values(outputs).some(({ first }) => first === 0);

const returnText = ({ family, command }: Pending, x: readonly bigint[]): string => {
  const x0 = x[0] ?? 0n;
  if (command !== undefined && answersValue(command)) return hexNumber(x0);
  const succeeded = x0 === 0n && family !== undefined && command !== undefined;
  return `${statusText(family, x0)}${succeeded ? outputsText(command, x) : ''}`;
};

const NO_RESULT: Omit<Pending, 'text'> = { family: undefined, command: undefined, expects: '' };

/** @param options.expects  whether each act says what it came to. Default: yes. */
export const createScriptWriter = (options: { readonly expects?: boolean } = {}): ScriptWriter => {
  const { expects = true } = options;
  let line = 0;
  let pe = 0;
  let pending: Pending | undefined;
  let lines: string[] = [];

  const flush = (): void => {
    if (pending !== undefined) lines.push(pending.text + (expects ? pending.expects : ''));
    pending = undefined;
  };
  const begin = (at: number, statement: Omit<Pending, 'expects'>): void => {
    flush();
    if (at !== pe) lines.push(`pe ${at}`);
    pe = at;
    pending = { ...statement, expects: '' };
  };
  /** The first thing that an act comes to is what it is expected to come to. */
  const cameTo = (text: string): void => {
    if (pending !== undefined && pending.expects === '') pending = { ...pending, expects: ` => ${text}` };
  };
  const write = (event: Json): void => {
    const at = Number(event['pe'] ?? 0);
    switch (event['type'] as TraceEvent['type']) {
      case 'machine.start':
        flush();
        lines.push(`config ${JSON.stringify(event['config'])}`);
        return;
      case 'host.write':
        begin(pe, { ...NO_RESULT, text: `write bytes at ${hex(event['pa'])} = ${bytesExpression(event['bytes'])}` });
        return;
      case 'smc.call':
        begin(at, smcText(event['caller'] === 'host' ? 'host' : 'realm', numbers(event['x'])));
        return;
      case 'realm.access':
        begin(at, { ...NO_RESULT, text: accessText(event) });
        return;
      case 'pe.interrupt':
        begin(at, { ...NO_RESULT, text: interruptText(event) });
        return;
      case 'pe.event': {
        const isDevices = event['kind'] === 'devices';
        begin(isDevices ? pe : at, { ...NO_RESULT, text: eventText(event) });
        return;
      }
      case 'realm.enter':
        cameTo('entered');
        return;
      case 'realm.exit': {
        const exit = isObject(event['exit']) ? event['exit'] : {};
        // An exit before the Realm ran is what entering came to.
        if (pending?.expects === ' => entered') pending = { ...pending, expects: '' };
        cameTo(`exit ${word(exit['exit_reason'])}`);
        return;
      }
      case 'realm.access.result': {
        const { result, bytes } = event;
        if (result !== 'done') cameTo(`exception ${word(result)}`);
        else cameTo(typeof bytes === 'string' ? bytesExpression(bytes) : 'done');
        return;
      }
      case 'smc.return':
        if (pending !== undefined) cameTo(returnText(pending, numbers(event['x'])));
        return;
      default:
        return;
    }
  };
  const taken = (): readonly string[] => {
    const done = lines;
    lines = [];
    return done;
  };

  return {
    feed(event) {
      line += 1;
      const type = isObject(event) ? event['type'] : undefined;
      if (!isObject(event) || typeof type !== 'string' || !Object.hasOwn(EVENT_KINDS, type)) throw notAnEvent(line);
      try {
        write(event);
      } catch (error) {
        throw notAnEvent(line, error);
      }
      return taken();
    },
    end() {
      flush();
      return taken();
    },
  };
};
