import {
  type Choice,
  type Reference,
  type Setting,
  STACK_NAMES,
  SWITCHES,
  stackNamed,
  stackOf,
} from '../personality/index.ts';
import { badCommandLine } from './exit.ts';
import { suggestion } from './suggestion.ts';

/** A stack as a person names it: one that is known, or one with switches turned. */
export interface NamedStack {
  readonly text: string;
  readonly setting: Setting;
  /** The known stack that it is, or `synthetic`. */
  readonly is: string;
  readonly evidence: readonly Reference[];
}

const choiceWith = (choice: Choice, changes: readonly string[]): Choice => {
  const unknown = changes.find((change) => !SWITCHES.has(change.replace(/^-/, '')));
  if (unknown !== undefined) {
    const id = unknown.replace(/^-/, '');
    throw badCommandLine(
      `there is no switch ${id.slice(0, 20)}${suggestion(id, [...SWITCHES.keys()])}; swcca stacks lists them`,
    );
  }
  const off = choice.switches.filter((id) => !changes.includes(`-${id}`));
  const on = changes.filter((change) => !change.startsWith('-') && !off.includes(change));
  return { ...choice, switches: [...off, ...on] };
};

/** Reads `islet`, `tf-rmm-rel0,-D4` or `reference,D2,L1`. @throws {UsageError} COMMAND_LINE */
export const readStack = (text: string): NamedStack => {
  const [name = '', ...changes] = text.split(',');
  const stack = stackNamed(name);
  if (stack === undefined) {
    throw badCommandLine(
      `there is no stack ${name.slice(0, 40)}${suggestion(name, STACK_NAMES)}; swcca stacks lists them`,
    );
  }
  const setting = { ...stack.setting, personality: choiceWith(stack.setting.personality, changes) };
  return { text, setting, is: stackOf(setting), evidence: stack.evidence };
};

/** `TF-RMM/tf-rmm rmm-spec-v1.0-rel0 runtime/rmi/rec.c, smc_rec_create` */
export const referenceText = ({ repository, tag, path, symbol }: Reference): string =>
  `${repository} ${tag} ${path}${symbol === undefined ? '' : `, ${symbol}`}`;
