import { RMM_1_0 } from '../../rmm/index.ts';
import { type Command, columns, describe, pageMarkdown, pageText } from '../../spec/index.ts';
import type { CallOf } from '../command.ts';
import type { spec } from '../commands/spec.ts';
import { badCommandLine, EXIT, type ExitCode } from '../exit.ts';
import { suggestion } from '../suggestion.ts';

const { revision, rmi, rsi, psci } = RMM_1_0;
const ALL: readonly Command[] = [...rmi, ...rsi, ...psci];

const find = (name: string): Command => {
  const wanted = name.toUpperCase();
  const found = ALL.find((command) => command.name === wanted);
  if (found !== undefined) return found;
  const near = suggestion(
    wanted,
    ALL.map((command) => command.name),
  );
  throw badCommandLine(`no command "${name.slice(0, 60)}" in ${revision}${near}; \`swcca spec\` lists them`);
};

export const runSpec = async ({ values, operands, terminal }: CallOf<typeof spec>): Promise<ExitCode> => {
  const [name] = operands;
  const commands = name === undefined ? ALL : [find(name)];
  const pages = commands.map((command) => describe(command));
  if (values.json) terminal.json(name === undefined ? pages : pages[0]);
  else if (values.markdown) terminal.print(pages.map(pageMarkdown).join('\n\n'));
  else if (name === undefined) terminal.print(columns(pages.map((p) => [p.name, p.fid, p.summary])).join('\n'));
  else for (const page of pages) terminal.print(pageText(page, terminal.paint.bold));
  return EXIT.ok;
};
