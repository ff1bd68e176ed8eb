import { decodeRmiResult, RmiRecEnter, type RmiResult, rmiResultText } from '../abi/index.ts';
import { hexNumber } from '../bytes/index.ts';
import type { Command } from '../spec/index.ts';
import type { Registers } from '../trace/index.ts';
import type { Act } from './ast.ts';
import { numberOf, type Surroundings } from './evaluate.ts';
import { structureValues } from './fields.ts';
import { type Cell, type CellRecord, exitOutcome, type Outcome, recordText } from './outcome.ts';
import { impossible, type Place } from './problem.ts';
import type { Stage } from './stage.ts';
import { bareStatus, VOCABULARY_1_0 } from './vocabulary.ts';

const REC_ENTER = VOCABULARY_1_0.commands.rmi.get('REC_ENTER') as Command;
const X2 = 2;

/** Refuses acts of the Host on a PE that a Realm has. */
export const onHost = (stage: Stage, place: Place): void => {
  const { pe } = stage;
  if (stage.platform(place).rmm.state.running(pe) !== undefined) {
    throw impossible(place, `PE ${pe} runs a Realm: let it exit, or act on another PE by pe ${pe + 1}`);
  }
};

/** The output values of a command, by name. */
export const outputsOf = (command: Command, x: Registers): CellRecord => {
  const values: Record<string, Cell> = {};
  for (const [name, { first, type }] of Object.entries(command.outputs)) values[name] = type.parse(x, first);
  return values;
};

const bare = ({ status, index }: RmiResult) => ({ name: bareStatus(status), index });

/** What RMI_REC_ENTER came to, wherever the Realm was meanwhile: its exit, or the return code when there is none. */
export const enterOutcome = (stage: Stage, place: Place, x: Registers, run_ptr: bigint, byHost: boolean): Outcome => {
  const result = decodeRmiResult(x[0] ?? 0n);
  const exit = result?.status === 'RMI_SUCCESS' ? stage.exitIn(place, run_ptr) : undefined;
  if (exit === undefined) return statusOutcome(stage, x, REC_ENTER);
  const outcome = exitOutcome(exit, x);
  stage.exits.set(stage.pe, outcome);
  return byHost && result !== undefined ? { ...outcome, status: bare(result), value: x[0] ?? 0n } : outcome;
};

/** What a command of RMI answered. */
const statusOutcome = (stage: Stage, x: Registers, command: Command | undefined): Outcome => {
  const value = x[0] ?? 0n;
  const result = decodeRmiResult(value);
  const failed = stage.takeFailed();
  const members = command === undefined ? {} : outputsOf(command, x);
  const outputs = Object.keys(members).length === 0 || failed !== undefined ? '' : ` { ${recordText(members)} }`;
  return {
    kind: 'status',
    text: `${result === undefined ? noStatus(value) : rmiResultText(result)}${outputs}`,
    value,
    members,
    x,
    status: result === undefined ? { name: 'NOT_SUPPORTED', index: 0 } : bare(result),
    ...(failed === undefined ? {} : { failed }),
  };
};

const noStatus = (x0: bigint): string => (x0 === NOT_SUPPORTED ? 'SMCCC_NOT_SUPPORTED' : hexNumber(x0));
const NOT_SUPPORTED = VOCABULARY_1_0.constants.get('SMCCC_NOT_SUPPORTED');

/** Executes an SMC of the Host on the PE that acts. */
export const hostSmc = (stage: Stage, place: Place, x: Registers, command: Command | undefined): Outcome => {
  onHost(stage, place);
  stage.takeFailed();
  const platform = stage.platform(place);
  const reply = platform.smc(x, stage.pe);
  if (reply.kind === 'return') {
    if (command?.name === REC_ENTER.name) return enterOutcome(stage, place, reply.x, x[X2] ?? 0n, true);
    return statusOutcome(stage, reply.x, command);
  }
  const { gprs, pc, exception } = reply.context;
  const members: Record<string, Cell> = { pc, exception };
  const text = exception === undefined ? 'entered' : `entered, exception ${exception}`;
  return { kind: 'entered', text, members, x: gprs, ...(exception === undefined ? {} : { exception }) };
};

/** Writes RmiRecEnter. The run page of a REC stays the same, unless one is named. */
export const prepareEnter = (stage: Stage, place: Place, act: Extract<Act, { act: 'enter' }>) => {
  onHost(stage, place);
  const around = stage.around(place);
  const rec = numberOf(act.rec, around);
  const run = act.run === undefined ? runPageOf(stage, rec, around) : numberOf(act.run, around);
  stage.runPages.set(rec, run);
  const fields = structureValues(RmiRecEnter as never, act.fields, around);
  stage.platform(place).write(run, RmiRecEnter.encode(fields as Partial<RmiRecEnter>));
  return { command: REC_ENTER, x: [BigInt(REC_ENTER.fid), rec, run], rec: undefined };
};

export const enter = (stage: Stage, place: Place, act: Extract<Act, { act: 'enter' }>): Outcome =>
  hostSmc(stage, place, prepareEnter(stage, place, act).x, REC_ENTER);

const runPageOf = (stage: Stage, rec: bigint, around: Surroundings): bigint =>
  stage.runPages.get(rec) ?? around.granules(1);
