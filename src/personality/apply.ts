import { Bug } from '../bytes/index.ts';
import { type CommandSet, type ImpDef, SPEC_IMP_DEF } from '../rmm/index.ts';
import { type Command, reordered } from '../spec/index.ts';
import type { CommandChange, Deviation, Personality } from './personality.ts';

/** An RMM as it behaves: its commands, and the rest. */
export interface Applied {
  readonly commands: CommandSet;
  readonly impDef: ImpDef;
}

const mapCommands = (set: CommandSet, change: CommandChange): CommandSet => {
  const each = <C extends Command>(command: C): C => change(command) as C;
  return { ...set, rmi: set.rmi.map(each), rsi: set.rsi.map(each), psci: set.psci.map(each) };
};

const switchOn = (set: CommandSet, { change }: Deviation): CommandSet => {
  const { commands = {}, set: changeSet } = change;
  const names = new Set([...set.rmi, ...set.rsi, ...set.psci].map(({ name }) => name));
  for (const name in commands) if (!names.has(name)) throw new Bug(`${name}: a switch for a command that is not there`);
  const changed = mapCommands(set, (command) => commands[command.name]?.(command) ?? command);
  return changeSet?.(changed) ?? changed;
};

/**
 * A command set as an implementation has it: first every deviation, in the order in which they are listed, then the order
 * of conditions. Pure: the set that is given stays as it is.
 */
export const applyPersonality = (set: CommandSet, personality: Personality): Applied => {
  const { deviations, orders, impDef } = personality;
  const deviating = deviations.reduce(switchOn, set);
  const commands = mapCommands(deviating, (command) => {
    const order = orders[command.name];
    return order === undefined ? command : reordered(command, order);
  });
  const switched = deviations.map(({ change }) => change.impDef);
  return { commands, impDef: Object.assign({ ...SPEC_IMP_DEF }, impDef, ...switched) as ImpDef };
};
