import { COMMAND_RULES } from '../rmm/index.ts';
import { describe, pageText } from '../spec/index.ts';
import type { StatementKind } from './statement-kind.ts';
import { STATEMENTS } from './statements.ts';
import { bareStatus, VOCABULARY_1_0 } from './vocabulary.ts';

/** How one kind of statement is written. */
const statementLines = ({ syntax, says }: StatementKind): string[] => [syntax, `  ${says}`];

const overview = (): string[] => Object.values<StatementKind>(STATEMENTS).map(({ syntax }) => syntax);

/** The pages of the commands that a name means: with its interface in front of it one, without it those of all. */
const commandPages = (name: string): string[] =>
  Object.values(VOCABULARY_1_0.commands).flatMap((commands) => {
    const command = commands.get(bareStatus(name));
    if (command === undefined || (name !== bareStatus(name) && name !== command.name)) return [];
    return pageText(describe(command, COMMAND_RULES[command.name])).split('\n');
  });

/** What `help` prints: the reference page of a command, how a statement is written, or all of them. */
export const helpLines = (topic: string): readonly string[] => {
  const wanted = topic.trim();
  if (wanted === '') return [...overview(), '', 'help COMMAND prints the page of a command, such as help RTT_CREATE'];
  if (Object.hasOwn(STATEMENTS, wanted)) return statementLines(STATEMENTS[wanted as keyof typeof STATEMENTS]);
  const pages = commandPages(wanted.toUpperCase());
  return pages.length > 0 ? pages : [`there is no help on ${wanted.slice(0, 40)}; help lists the statements`];
};
