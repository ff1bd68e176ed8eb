import { createInterface } from 'node:readline';
import {
  complete,
  createSession,
  isOpen,
  parseScript,
  ScriptError,
  type ScriptProblem,
  type Session,
  type StageOptions,
  type Statement,
} from '../../script/index.ts';
import type { TraceSink } from '../../trace/index.ts';
import type { CallOf } from '../command.ts';
import type { repl } from '../commands/repl.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { inputName } from '../io/read.ts';
import { oneLine, type Terminal } from '../io/terminal.ts';
import { openOutput } from '../io/write.ts';
import { readScriptMachine } from '../script-machine.ts';
import { mismatchLines, problemText, resultLines } from '../script-text.ts';
import { checkPersonality, readScript } from './script.ts';

type ReplCall = CallOf<typeof repl>;

const WORDS = ['.exit', '.reset', '.save'] as const;

/** A session of a person, or of a pipe: what was run so far, and how well it went. */
interface Conversation {
  session: Session;
  readonly said: string[];
  /** The worst that happened: what a pipe exits with. */
  code: ExitCode;
}

const worse = (a: ExitCode, b: ExitCode): ExitCode => (b > a ? b : a);

const complain = (conversation: Conversation, text: string): void => {
  process.stderr.write(`${oneLine(text)}\n`);
  conversation.code = worse(conversation.code, EXIT.usage);
};

type Locate = (problem: ScriptProblem) => string;

const runStatements = (
  conversation: Conversation,
  statements: readonly Statement[],
  locate: Locate,
  terminal: Terminal,
): void => {
  for (const statement of statements) {
    try {
      const result = conversation.session.run(statement);
      for (const line of resultLines(result, terminal.paint)) terminal.print(line);
      for (const mismatch of result.mismatches) terminal.print(['different', ...mismatchLines(mismatch)].join('\n'));
      if (result.mismatches.length > 0) conversation.code = worse(conversation.code, EXIT.no);
      conversation.said.push(statement.text);
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      complain(conversation, locate({ ...error.place, message: error.message }));
      return;
    }
  }
};

/** Runs what was typed from line `first` on, unless something is wrong with it. */
const runText = (conversation: Conversation, text: string, first: number, terminal: Terminal): void => {
  const { statements, problems } = parseScript(text, { names: conversation.session.names.keys() });
  const locate: Locate = (problem) => problemText(STDIN, { ...problem, line: problem.line + first - 1 });
  for (const problem of problems) complain(conversation, locate(problem));
  if (problems.length === 0) runStatements(conversation, statements, locate, terminal);
};

/** What is for the conversation and not for the machine. @returns false when it is over. */
const runWord = (conversation: Conversation, text: string, options: StageOptions, terminal: Terminal): boolean => {
  const [word, ...rest] = text.split(/\s+/);
  switch (word) {
    case '.exit':
      return false;
    case '.reset':
      conversation.session = createSession(options);
      conversation.said.length = 0;
      return true;
    case '.save': {
      const [file] = rest;
      if (file === undefined) complain(conversation, '.save needs a file');
      else save(conversation, file, terminal);
      return true;
    }
    default:
      complain(
        conversation,
        `there is no ${word?.slice(0, 40)}: ${WORDS.join(', ')}, or a statement; help lists those`,
      );
      return true;
  }
};

const save = (conversation: Conversation, file: string, terminal: Terminal): void => {
  try {
    const output = openOutput(file);
    output.write(conversation.said.map((text) => `${text}\n`).join(''));
    output.commit();
    terminal.print(`wrote ${oneLine(file)}: ${conversation.said.length} statements`);
  } catch (error) {
    complain(conversation, error instanceof Error ? error.message : String(error));
  }
};

const traceSink = async ({ values }: ReplCall): Promise<TraceSink | undefined> => {
  const level = values['log-level'];
  return level === undefined ? undefined : (await import('../../trace/sinks/pino.ts')).pinoSink(level);
};

const completer =
  (conversation: Conversation) =>
  (line: string): [string[], string] => {
    if (line.startsWith('.')) return [WORDS.filter((word) => word.startsWith(line)), line];
    const { candidates, fragment } = complete(line, conversation.session.names.keys());
    return [[...candidates], fragment];
  };

/** Characters of one statement, over however many lines. */
const MAX_STATEMENT = 1 << 16;

const STDIN = inputName('-');
const PROMPT = 'swcca> ';
const MORE = '  …    ';

export const runRepl = async (call: ReplCall): Promise<ExitCode> => {
  const { values, terminal } = call;
  checkPersonality(values.personality);
  const options: StageOptions = {
    base: await readScriptMachine(values, await traceSink(call)),
    personality: values.personality,
  };
  const conversation: Conversation = { session: createSession(options), said: [], code: EXIT.ok };
  if (values.load !== undefined) {
    const { statements } = await readScript(values.load);
    const name = inputName(values.load);
    runStatements(conversation, statements, (problem) => problemText(name, problem), terminal);
  }

  const isPerson = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const lines = createInterface({
    input: process.stdin,
    ...(isPerson ? { output: process.stdout, completer: completer(conversation), prompt: PROMPT } : {}),
    terminal: isPerson,
    historySize: 1000,
  });
  if (isPerson) terminal.print('help tells how calls are written, Tab completes, .exit ends');
  let line = 0;
  let pending = '';
  const prompt = (): void => {
    if (!isPerson) return;
    lines.setPrompt(pending === '' ? PROMPT : MORE);
    lines.prompt();
  };
  prompt();
  for await (const typed of lines) {
    line += 1;
    const text = pending === '' ? typed : `${pending}\n${typed}`;
    if (isOpen(text) && text.length <= MAX_STATEMENT) pending = text;
    else {
      pending = '';
      const first = line - text.split('\n').length + 1;
      if (text.trimStart().startsWith('.')) {
        if (!runWord(conversation, text.trim(), options, terminal)) break;
      } else runText(conversation, text, first, terminal);
    }
    prompt();
  }
  lines.close();
  if (pending !== '') complain(conversation, problemText(STDIN, { line, column: 1, message: 'expected a closing }' }));
  // A person has seen it all; a pipe learns the worst.
  return isPerson ? EXIT.ok : conversation.code;
};
