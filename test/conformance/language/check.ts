import {
  encodePsciStatus,
  encodeRmiResult,
  encodeRsiStatus,
  GRANULE,
  type PsciStatus,
  REC_EXIT_OFFSET,
  RmiRecExit,
  type RmiResult,
  type RsiStatus,
} from '../../../src/abi/index.ts';
import { hexNumber, toHex } from '../../../src/bytes/index.ts';
import type { Command, Regs } from '../../../src/spec/index.ts';
import type { Registers } from '../../../src/trace/index.ts';
import type { Expected, Kind, Result } from './conformance.ts';
import type { World } from './world.ts';

interface Judged {
  readonly kind: Kind;
  readonly condition: string | undefined;
  readonly second: string | undefined;
  readonly expected: Expected<Regs>;
}

type Values = Readonly<Record<string, unknown>>;

/** What stands in registers that a command does not read: it has to be ignored, and must not come back. */
const NOISE = 0xdead_beef_0000_0000n;
/** X0 to X16 are the RMM's to clear, X17 is the caller's. */
const RESULT_REGISTERS = 17;

const wrong = (what: string): never => {
  throw new Error(what);
};

/** Runs one row and holds what comes of it against what the row says. @returns X0, where the command returned. */
export const check = (command: Command, world: World, given: Values, judged: Judged): bigint | undefined => {
  const { driver } = world;
  const { kind, condition, second, expected } = judged;
  const isRmi = command.name.startsWith('RMI_');
  const x = registers(command, given);
  const holds = driver.inside?.holding(command, x, 0);
  driver.inside?.changes();

  const answer = isRmi ? host(world, x) : realm(world, x);

  if (kind === 'fails' || kind === 'wins') {
    for (const id of [condition, second, expected.by]) {
      if (id !== undefined && holds?.has(id) === false) wrong(`${id} does not hold before the call`);
    }
    const reported = expected.by ?? condition;
    const by = driver.inside?.failedBy();
    if (driver.inside !== undefined && by !== reported) wrong(`failed by ${by}, not by ${reported}`);
    status(command, answer, expected.result ?? constantPost(command, condition));
    const changes = driver.inside?.changes() ?? [];
    if (changes.length > 0) wrong(`a failed command changed ${changes.join(', ')}`);
  } else {
    const by = driver.inside?.failedBy();
    if (by !== undefined) wrong(`failed by ${by}`);
    if (expected.exit === undefined) status(command, answer, expected.result ?? success(command));
  }

  const left = expected.exit !== undefined && kind !== 'fails' && kind !== 'wins';
  if (left) exit(world, answer, expected.exit);
  const out = left ? {} : outputs(command, answer.x, expected, kind);
  expected.sees?.({ x: answer.x, out, world });
  return answer.kind === 'return' ? answer.x[0] : undefined;
};

interface Answered {
  readonly kind: 'return' | 'enter' | 'exit';
  readonly x: Registers;
}

const host = (world: World, x: Registers): Answered => {
  const reply = world.driver.smc(x);
  return reply.kind === 'return' ? reply : { kind: 'enter', x: [] };
};

const realm = (world: World, x: Registers): Answered => {
  const reply = world.driver.realmSmc(x);
  if (reply.kind !== 'return' && reply.kind !== 'exit') return wrong(`an SMC came to ${reply.kind}`);
  return reply;
};

const registers = (command: Command, given: Values): bigint[] => {
  const x = Array.from({ length: RESULT_REGISTERS }, (_, n) => NOISE + BigInt(n));
  x[0] = BigInt(command.fid);
  for (const [name, { first, type }] of Object.entries(command.inputs)) {
    if (given[name] === undefined) wrong(`no value for the input ${name}`);
    type.format(x, first, given[name]);
  }
  return x;
};

const encoded = (command: Command, result: Result): bigint => {
  if (typeof result !== 'string') return encodeRmiResult(result);
  if (command.name.startsWith('RSI_')) return encodeRsiStatus(result as RsiStatus);
  return encodePsciStatus(result as PsciStatus);
};

const success = (command: Command): Result =>
  command.name.startsWith('RMI_')
    ? ({ status: 'RMI_SUCCESS', index: 0 } satisfies RmiResult)
    : command.name.startsWith('RSI_')
      ? 'RSI_SUCCESS'
      : 'PSCI_SUCCESS';

/** The answer of a condition whose answer does not depend on anything. */
const constantPost = (command: Command, condition: string | undefined): Result => {
  const post = command.failures[condition ?? '']?.post;
  return typeof post === 'function' || post === undefined
    ? wrong(`${condition} does not answer the same always: the row has to say what`)
    : (post as Result);
};

const status = (command: Command, { kind, x }: Answered, result: Result): void => {
  // An output in X0 takes the place of a status.
  if (Object.values(command.outputs).some(({ first }) => first === 0)) return;
  const want = encoded(command, result);
  const [got = -1n] = kind === 'enter' ? [encoded(command, success(command))] : x;
  if (kind === 'exit') wrong('the command left the Realm');
  if (got !== want) wrong(`X0 is ${hexNumber(got)}, not ${hexNumber(want)}`);
};

const outputs = (command: Command, x: Registers, { out: want = {} }: Expected<Regs>, kind: Kind): Values => {
  if (x.length === 0) return {};
  const got: Record<string, unknown> = {};
  const defined = new Set<number>([0]);
  for (const [name, { first, type }] of Object.entries(command.outputs)) {
    got[name] = type.parse(x, first);
    for (let n = first; n < first + type.count; n += 1) defined.add(n);
    const failed = kind === 'fails' || kind === 'wins';
    const expected = want[name] ?? (failed ? type.parse([], first) : undefined);
    if (expected !== undefined && !same(got[name], expected)) {
      wrong(`${name} is ${shownValue(got[name])}, not ${shownValue(expected)}`);
    }
  }
  // PSCI is not among the interfaces whose other result registers are zero.
  const cleared = command.name.startsWith('PSCI_') ? 0 : RESULT_REGISTERS;
  for (let n = 1; n < cleared; n += 1) {
    if (!defined.has(n) && x[n] !== 0n) wrong(`X${n} is no output and holds ${hexNumber(x[n] ?? 0n)}`);
  }
  return got;
};

const same = (a: unknown, b: unknown): boolean =>
  a instanceof Uint8Array && b instanceof Uint8Array ? toHex(a) === toHex(b) : a === b;

const shownValue = (value: unknown): string => {
  if (value instanceof Uint8Array) return toHex(value);
  return typeof value === 'bigint' ? hexNumber(value) : String(value);
};

/** Members of RmiRecExit that come from devices, and are the script's to say. */
const DEVICE_MEMBERS = /^(gicv3_|cntp_|cntv_|pmu_)/;

/** The command left the Realm: the exit is what the row says, and zero in every other byte. */
const exit = (world: World, { kind, x }: Answered, want: Partial<RmiRecExit> = {}): void => {
  if (kind !== 'exit') wrong('the command did not leave the Realm');
  if (x[0] !== 0n) wrong(`RMI_REC_ENTER answered ${hexNumber(x[0] ?? 0n)}`);
  const got = world.exited(x);
  const expected: Record<string, unknown> = { ...RmiRecExit.decode(new Uint8Array()), ...want };
  for (const [member, value] of Object.entries(got)) {
    if (DEVICE_MEMBERS.test(member)) continue;
    const [a, b] = [asText(value), asText(expected[member])];
    if (a !== b) wrong(`exit.${member} is ${a}, not ${b}`);
  }
  const page = world.read((world.runningRec()?.run_ptr ?? 0n) + BigInt(REC_EXIT_OFFSET), Number(GRANULE) / 2);
  if (toHex(page) !== toHex(RmiRecExit.encode(got))) wrong('a byte of the exit that belongs to no member is not zero');
};

const asText = (value: unknown): string => {
  if (!Array.isArray(value)) return shownValue(value);
  const last = value.findLastIndex((item: bigint) => item !== 0n);
  return `[${value
    .slice(0, last + 1)
    .map(shownValue)
    .join(', ')}]`;
};
