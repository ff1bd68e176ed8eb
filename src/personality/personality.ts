import type { CommandSet, ImpDef } from '../rmm/index.ts';
import type { Command } from '../spec/index.ts';

/** Where something can be read: a repository, a tag or commit of it, a file, and what to look for in there. */
export interface Reference {
  readonly repository: string;
  readonly tag: string;
  readonly path: string;
  readonly symbol?: string;
}

/**
 * How a deviation stands to the text: it says otherwise; it leaves the matter open, or says two things; or the emulator
 * reads the text as the implementation does, and there is nothing to switch.
 */
export type Standing = 'divergent' | 'open' | 'same reading';

/** What a switch does to an RMM. All of it is a function from data to data. */
export interface Change {
  /** Values of ImpDef: what shows at entry, at exit or in stage 2, outside any one command. */
  readonly impDef?: Partial<ImpDef>;
  /** Commands by name, each made from the one before. */
  readonly commands?: { readonly [name: string]: CommandChange };
  /** The whole set, where functions are added or taken away. */
  readonly set?: (set: CommandSet) => CommandSet;
}

/** Results are forgotten here: a change may answer with whatever the family of the command answers with. */
export type CommandChange = (command: Command) => Command;

/** One way in which an implementation differs, with all that it takes to believe it. Each is a switch of its own. */
export interface Deviation {
  readonly id: string;
  readonly title: string;
  /** Names of commands; empty when it shows in no command of its own. */
  readonly commands: readonly string[];
  /** Section or rule of the specification. */
  readonly rule: string;
  readonly standing: Standing;
  readonly specification: string;
  readonly implementation: string;
  readonly references: readonly Reference[];
  /** Where a later revision of the implementation no longer does it. */
  readonly repaired?: Reference;
  readonly change: Change;
}

/** A known implementation, as what makes it differ from the specification. */
export interface Personality {
  readonly id: string;
  readonly title: string;
  readonly evidence: readonly Reference[];
  /** What the text leaves to the implementation. */
  readonly impDef: Partial<ImpDef>;
  /** The order in which a command's conditions are checked: all of them, by command. Others keep the published order. */
  readonly orders: { readonly [command: string]: readonly string[] };
  readonly deviations: readonly Deviation[];
}
