import { decodeRsiStatus, PSCI_STATUS } from '../abi/index.ts';
import { hexNumber } from '../bytes/index.ts';
import type { RealmReply } from '../platform/index.ts';
import type { Command } from '../spec/index.ts';
import type { Registers } from '../trace/index.ts';
import { enterOutcome, outputsOf } from './host-acts.ts';
import { bytesText, type Outcome, recordText } from './outcome.ts';
import { impossible, type Place } from './problem.ts';
import type { Stage } from './stage.ts';
import { bareStatus, type Family } from './vocabulary.ts';

/** What runs on the PE that acts. @throws {ScriptError} IMPOSSIBLE, when no Realm does. */
export const inRealm = (stage: Stage, place: Place) => {
  const running = stage.platform(place).rmm.state.running(stage.pe);
  if (running === undefined) throw impossible(place, `PE ${stage.pe} is in no Realm: enter a REC before this`);
  return running;
};

const PSCI_NAMES: ReadonlyMap<bigint, string> = new Map(
  Object.entries(PSCI_STATUS).map(([name, value]) => [BigInt.asUintN(64, value), name]),
);

/** The name of a return code, by the interface that was called. */
const statusName = (family: Family | undefined, x0: bigint): string | undefined =>
  family === 'rsi' ? decodeRsiStatus(x0) : family === 'psci' ? PSCI_NAMES.get(x0) : undefined;

/** Whether X0 is an output value in place of a status. */
const answersValue = (command: Command | undefined): boolean =>
  Object.values(command?.outputs ?? {}).some(({ first }) => first === 0);

const NOT_SUPPORTED = 0xffff_ffff_ffff_ffffn;

const returned = (stage: Stage, x: Registers, family: Family | undefined, command: Command | undefined): Outcome => {
  const x0 = x[0] ?? 0n;
  const name = statusName(family, x0) ?? (x0 === NOT_SUPPORTED ? 'SMCCC_NOT_SUPPORTED' : undefined);
  const failed = stage.takeFailed();
  const members = command === undefined ? {} : outputsOf(command, x);
  const outputs = Object.keys(members).length === 0 || failed !== undefined ? '' : ` { ${recordText(members)} }`;
  return {
    kind: 'status',
    text: answersValue(command) ? recordText(members) : `${name ?? hexNumber(x0)}${outputs}`,
    value: x0,
    members,
    x,
    ...(name === undefined ? {} : { status: { name: bareStatus(name), index: 0 } }),
    ...(failed === undefined ? {} : { failed }),
  };
};

/** What an act of the Realm on the PE came to, `act` being whatever the platform is asked for. */
export const realmOutcome = (
  stage: Stage,
  place: Place,
  act: () => RealmReply,
  called: { readonly family?: Family; readonly command?: Command | undefined } = {},
): Outcome => {
  const { run_ptr } = inRealm(stage, place);
  stage.takeFailed();
  const reply = act();
  switch (reply.kind) {
    case 'exit':
      return enterOutcome(stage, place, reply.x, run_ptr, false);
    case 'exception':
      return {
        kind: 'exception',
        text: `exception ${reply.exception}`,
        exception: reply.exception,
        members: {},
        x: [],
      };
    case 'done':
      return reply.bytes === undefined
        ? { kind: 'done', text: 'done', members: {}, x: [] }
        : { kind: 'value', text: bytesText(reply.bytes), value: reply.bytes, members: {}, x: [] };
    case 'return':
      return returned(stage, reply.x, called.family, called.command);
  }
};
