import type { AnyCommand, Flag, Option } from './command.ts';
import { EXIT } from './exit.ts';
import type { Paint } from './io/terminal.ts';

const WIDTH = 100;

/** Words in lines that are no longer than `width`, all but the first indented. */
const wrap = (text: string, indent: number): string => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH - indent) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`);
};

type Row = readonly [left: string, right: string];

/** Two columns; a left side that is too wide stands on a line of its own. */
const columns = (rows: readonly Row[]): string => {
  const wide = Math.min(30, Math.max(...rows.map(([left]) => left.length)));
  return rows
    .map(([left, right]) => {
      const head = left.length > wide ? `  ${left}\n${' '.repeat(wide + 4)}` : `  ${left.padEnd(wide)}  `;
      return head + wrap(right, wide + 4);
    })
    .join('\n');
};

const optionRow = ([name, option]: readonly [string, Flag | Option<unknown>]): Row => {
  const short = option.short === undefined ? '' : `-${option.short}, `;
  if (option.kind === 'flag') return [`${short}--${name}`, option.help];
  const notes = [
    ...(option.repeatable === true ? ['repeatable'] : []),
    ...(option.default === undefined ? [] : [`default ${option.default}`]),
  ];
  return [`${short}--${name} ${option.value}`, option.help + (notes.length === 0 ? '' : ` (${notes.join(', ')})`)];
};

const usageOf = (name: string, command: AnyCommand): string =>
  [
    `swcca ${name}`,
    ...command.operands.map(({ name, optional, rest }) =>
      rest === true ? `-- ${name}` : optional === true ? `[${name}]` : name,
    ),
    '[options]',
  ].join(' ');

export const commandHelp = (name: string, command: AnyCommand, { bold }: Paint): string =>
  [
    `${wrap(command.summary, 0)}`,
    `${bold('Usage:')} ${usageOf(name, command)}`,
    ...(command.operands.length === 0
      ? []
      : [columns(command.operands.map(({ name, help }) => [name, help] as const))]),
    `${bold('Options:')}\n${columns([...Object.entries(command.options).map(optionRow), ['-h, --help', 'this page']])}`,
    `${bold('Examples:')}\n${command.examples.map(([line, says]) => `  swcca ${line}\n      ${wrap(says, 6)}`).join('\n')}`,
  ].join('\n\n');

export const topHelp = (commands: ReadonlyMap<string, AnyCommand>, { bold }: Paint): string =>
  [
    'swcca emulates an Arm CCA machine as attestation sees it: HES, EL3, RMM, Realm, token, verifier.',
    `${bold('Usage:')} swcca COMMAND [options]`,
    `${bold('Commands:')}\n${columns([...commands].map(([name, { summary }]) => [name, summary]))}`,
    `${bold('Options:')}\n${columns([
      ['-h, --help', 'this page; `swcca COMMAND --help` is the page of a command'],
      ['-V, --version', 'the version'],
    ])}`,
    `${bold('Examples:')}\n${[...commands.values()]
      .flatMap(({ examples }) => examples.slice(0, 1))
      .map(([line]) => `  swcca ${line}`)
      .join('\n')}`,
    `${bold('Exit codes:')}\n${columns([
      [`${EXIT.ok}`, 'done; for verify, accepted'],
      [`${EXIT.no}`, 'the answer is no: rejected, differs'],
      [`${EXIT.usage}`, 'wrong use or unreadable input: one line on standard error says what to do'],
      [`${EXIT.bug}`, 'a bug in swcca'],
    ])}`,
  ].join('\n\n');
