import {
  type Deviation,
  PERSONALITIES,
  type PersonalityId,
  type Reference,
  STACK_NAMES,
  STACKS,
  type Stack,
  SWITCHES,
} from '../../personality/index.ts';
import type { CallOf } from '../command.ts';
import type { stacks } from '../commands/stacks.ts';
import { badCommandLine, EXIT, type ExitCode } from '../exit.ts';
import { suggestion } from '../suggestion.ts';

const referenceText = ({ repository, tag, path, symbol }: Reference): string =>
  `${repository} ${tag} ${path}${symbol === undefined ? '' : ` (${symbol})`}`;

const switchJson = ({ change: _change, ...facts }: Deviation) => facts;

const printSwitch = (print: (line: string) => void, each: Deviation): void => {
  print(`${each.id}  ${each.title}`);
  print(`  rule            ${each.rule} (${each.standing})`);
  if (each.commands.length > 0) print(`  commands        ${each.commands.join(', ')}`);
  print(`  specification   ${each.specification}`);
  print(`  implementation  ${each.implementation}`);
  for (const reference of each.references) print(`  evidence        ${referenceText(reference)}`);
};

export const runStacks = async ({ values, operands, terminal }: CallOf<typeof stacks>): Promise<ExitCode> => {
  const [id] = operands;
  const print = (line: string): void => terminal.print(line);
  if (id !== undefined) {
    const found = SWITCHES.get(id);
    if (found === undefined) {
      throw badCommandLine(`there is no switch ${id.slice(0, 20)}${suggestion(id, [...SWITCHES.keys()])}`);
    }
    if (values.json) terminal.json(switchJson(found));
    else printSwitch(print, found);
    return EXIT.ok;
  }
  const known = STACK_NAMES.map((name): readonly [string, Stack] => [name, STACKS[name]]);
  const personalities = Object.keys(PERSONALITIES) as PersonalityId[];
  if (values.json) {
    terminal.json({
      stacks: known.map(([name, stack]) => ({ name, ...stack })),
      personalities: personalities.map((name) => ({
        name,
        title: PERSONALITIES[name].title,
        switches: PERSONALITIES[name].deviations.map((each) => each.id),
      })),
      switches: [...SWITCHES.values()].map(switchJson),
    });
    return EXIT.ok;
  }
  const { bold, dim } = terminal.paint;
  print(bold('Stacks (--stack)'));
  const margin = `  ${''.padEnd(12)} `;
  for (const [name, { title, setting, evidence, reservation }] of known) {
    print(`  ${name.padEnd(12)} ${title}`);
    const parts = Object.entries(setting.parts).map(([part, value]) => `, ${part} ${value}`);
    print(
      dim(
        `${margin}personality ${setting.personality.personality}, dialect ${setting.dialect}${parts.join('')}, HES ${setting.hes}`,
      ),
    );
    for (const reference of evidence) print(dim(margin + referenceText(reference)));
    if (reservation !== '') print(dim(margin + reservation));
  }
  print(bold('Switches (--switch), by the personality that has them'));
  for (const name of personalities) {
    for (const { id: each, title } of PERSONALITIES[name].deviations)
      print(`  ${name.padEnd(8)} ${each.padEnd(5)} ${title}`);
  }
  const own = new Set(personalities.flatMap((name) => PERSONALITIES[name].deviations.map((each) => each.id)));
  for (const { id: each, title } of SWITCHES.values())
    if (!own.has(each)) print(`  ${'none'.padEnd(8)} ${each.padEnd(5)} ${title}`);
  return EXIT.ok;
};
