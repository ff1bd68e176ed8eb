import { describe, pageText } from '../spec/index.ts';
import { STATEMENTS, type StatementKind } from './statements.ts';
import { bareStatus, VOCABULARY_1_0 } from './vocabulary.ts';

/** How one kind of statement is written. */
const statementLines = (word: string, { syntax, says }: StatementKind): string[] => [
  syntax,
  `  ${says}`,
  ...(word === '' ? [] : []),
];

const overview = (): string[] => Object.entries<StatementKind>(STATEMENTS).map(([, { syntax }]) => syntax);

/** What `help` prints: the reference page of a command, how a statement is written, or all of them. */
export const helpLines = (topic: string): readonly string[] => {
  const wanted = topic.trim();
  if (wanted === '') return [...overview(), '', 'help COMMAND prints the page of a command, such as help RTT_CREATE'];
  const kind = Object.hasOwn(STATEMENTS, wanted) ? STATEMENTS[wanted as keyof typeof STATEMENTS] : undefined;
  if (kind !== undefined) return statementLines(wanted, kind);
  const name = wanted.toUpperCase();
  const pages = Object.entries(VOCABULARY_1_0.commands).flatMap(([family, commands]) => {
    const command = commands.get(bareStatus(name));
    const asked = command !== undefined && (name === bareStatus(name) || command.name === name);
    return asked && command !== undefined ? [{ family, command }] : [];
  });
  if (pages.length === 0) return [`there is no help on ${wanted.slice(0, 40)}; help lists the statements`];
  return pages.flatMap(({ command }) => pageText(describe(command)).split('\n'));
};
