import type { Command } from '../spec/index.ts';
import type { Registers } from '../trace/index.ts';
import type { Act, Argument } from './ast.ts';
import { evaluate, numberOf, type Surroundings } from './evaluate.ts';
import { onHost, prepareEnter } from './host-acts.ts';
import { registerNumber } from './patterns.ts';
import { impossible, type Place } from './problem.ts';
import { inRealm } from './realm-acts.ts';
import type { Stage } from './stage.ts';

/** A call that is about to be made. */
export interface PreparedCall {
  readonly command: Command;
  readonly x: Registers;
  /** The REC whose Realm calls, when it is a call of a Realm. */
  readonly rec: bigint | undefined;
}

/** Registers of a call: X0 is the function; what no argument names keeps what `before` holds, as far as it is needed. */
const registersOf = (
  { command, args }: Extract<Act, { act: 'call' }>,
  around: Surroundings,
  before: (n: number) => bigint,
): Registers => {
  const x: (bigint | undefined)[] = [BigInt(command.fid)];
  const inputs = Object.keys(command.inputs);
  let position = 0;
  const put = ({ name, value }: Argument): void => {
    const input = name === undefined ? inputs[position++] : name.name;
    const register = registerNumber(input ?? '');
    if (input === undefined || register !== undefined) {
      if (register !== undefined) x[register] = numberOf(value, around);
      return;
    }
    const { first = 1, type } = command.inputs[input] ?? {};
    const given = evaluate(value, around);
    if (typeof given === 'bigint') {
      if (type !== undefined && type.count > 1) throw impossible(value, `${input} takes bytes: hex"00ff" or "text"`);
      x[first] = given;
      return;
    }
    const count = type?.count ?? 1;
    if (given.length > 8 * count) throw impossible(value, `${input} takes at most ${8 * count} bytes`);
    for (let i = 0; i < count; i += 1) {
      let word = 0n;
      for (let b = 7; b >= 0; b -= 1) word = (word << 8n) | BigInt(given[8 * i + b] ?? 0);
      x[first + i] = word;
    }
  };
  for (const argument of args) put(argument);
  return Array.from(x, (value, n) => value ?? before(n));
};

/** The registers of a call, and who makes it. */
export const prepareCall = (stage: Stage, place: Place, act: Act): PreparedCall => {
  const around = stage.around(place);
  if (act.act === 'enter') return prepareEnter(stage, place, act);
  if (act.act !== 'call') throw impossible(place, 'this is no call');
  if (act.family === 'rmi') {
    onHost(stage, place);
    return { command: act.command, x: registersOf(act, around, () => 0n), rec: undefined };
  }
  const { rec } = inRealm(stage, place);
  const { gprs } = stage.platform(place).rmm.state.rec(rec);
  return { command: act.command, x: registersOf(act, around, (n) => gprs[n] ?? 0n), rec };
};
