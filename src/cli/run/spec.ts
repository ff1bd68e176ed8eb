import { join } from 'node:path';
import { PERSONALITIES, type PersonalityId } from '../../personality/index.ts';
import { RMM_1_0, STATE_MACHINES } from '../../rmm/index.ts';
import type { LegalReport } from '../../script/index.ts';
import { type Command, columns, pageMarkdown, pageText, statesText } from '../../spec/index.ts';
import type { CallOf } from '../command.ts';
import type { spec } from '../commands/spec.ts';
import { badCommandLine, badInput, badOutput, EXIT, type ExitCode } from '../exit.ts';
import { makeFolders } from '../io/folders.ts';
import { inputName } from '../io/read.ts';
import { systemReason } from '../io/system-error.ts';
import type { Terminal } from '../io/terminal.ts';
import { writeOutput } from '../io/write.ts';
import { ALL_COMMANDS, pageOf, referenceFiles, statesPage } from '../reference.ts';
import { readScriptMachine } from '../script-machine.ts';
import { problemText } from '../script-text.ts';
import { differenceText, personalityDifference } from '../spec-difference.ts';
import { suggestion } from '../suggestion.ts';
import { readScript } from './script.ts';

type SpecCall = CallOf<typeof spec>;

const find = (name: string): Command => {
  const wanted = name.toUpperCase();
  const found = ALL_COMMANDS.find((command) => command.name === wanted);
  if (found !== undefined) return found;
  const near = suggestion(
    wanted,
    ALL_COMMANDS.map((command) => command.name),
  );
  throw badCommandLine(`no command "${name.slice(0, 60)}" in ${RMM_1_0.revision}${near}; \`swcca spec\` lists them`);
};

const writeReference = (folder: string, terminal: Terminal): void => {
  try {
    makeFolders(folder);
  } catch (error) {
    throw badOutput(`${folder}: cannot be made: ${systemReason(error)}`, error);
  }
  const files = referenceFiles();
  for (const [name, text] of files) writeOutput(join(folder, name), text);
  terminal.print(`wrote ${files.size} files to ${folder}`);
};

const legalReport = async (
  file: string,
  command: string | undefined,
  values: SpecCall['values'],
): Promise<LegalReport> => {
  const { lastCall, legalAnswers, ScriptError } = await import('../../script/index.ts');
  const script = await readScript(file);
  const index = lastCall(script, command);
  if (index < 0) throw badInput(`${inputName(file)}: makes no call${command === undefined ? '' : ` of ${command}`}`);
  const base = await readScriptMachine(values);
  try {
    return legalAnswers(script, index, { base }, Object.keys(PERSONALITIES));
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    throw badInput(problemText(inputName(file), { ...error.place, message: error.message }), error);
  }
};

const indented = (rows: readonly (readonly string[])[]): string[] => columns(rows).map((line) => `  ${line}`);

const printLegal = ({ statement, command, allowed, preceded, chosen }: LegalReport, terminal: Terminal): void => {
  const { print, paint } = terminal;
  print(`${paint.bold(command)}  line ${statement.line}: ${statement.brief}`);
  print(`\n${paint.bold('What the text permits')}`);
  if (allowed.length === 0) print('  success: no failure condition holds');
  else print(indented(allowed.map(({ result, id, says }) => [result, id, says])).join('\n'));
  if (preceded.length > 0) {
    print(`\n${paint.bold('What is not looked at, since another one precedes it')}`);
    const whose = { published: '', ours: ' (an edge of ours)' };
    print(indented(preceded.map(({ id, by, edge }) => [id, `${by} < ${id}${whose[edge]}`])).join('\n'));
  }
  print(`\n${paint.bold('What each RMM answers')}`);
  const answers = chosen.map(({ personality, answer, failed, permitted }) => [
    personality,
    `${answer}${failed === undefined ? '' : ` by ${failed}`}${permitted ? '' : ', which the text does not permit'}`,
  ]);
  print(indented(answers).join('\n'));
};

const legalJson = ({ statement, ...report }: LegalReport) => ({
  line: statement.line,
  call: statement.brief,
  ...report,
});

const runLegal = async ({ values, operands, terminal }: SpecCall): Promise<ExitCode> => {
  if (values.script === undefined) throw badCommandLine('--legal needs --script FILE, which reaches the state');
  const [name] = operands;
  const report = await legalReport(values.script, name === undefined ? undefined : find(name).name, values);
  if (values.json) terminal.json(legalJson(report));
  else printLegal(report, terminal);
  return EXIT.ok;
};

const runStates = ({ values, terminal }: SpecCall): ExitCode => {
  if (values.json)
    terminal.json(STATE_MACHINES.map(({ name, spec: section, edges }) => ({ name, spec: section, edges })));
  else if (values.markdown) terminal.print(statesPage());
  else terminal.print(STATE_MACHINES.map((machine) => statesText(machine, terminal.paint.bold)).join('\n\n'));
  return EXIT.ok;
};

const printPages = (commands: readonly Command[], personality: PersonalityId | undefined, call: SpecCall): void => {
  const { values, operands, terminal } = call;
  const { bold } = terminal.paint;
  const pages = commands.map((command) => ({
    ...pageOf(command),
    ...(personality === undefined ? {} : { differs: personalityDifference(command, personality) }),
  }));
  if (values.json) terminal.json(operands.length === 0 ? pages : pages[0]);
  else if (values.markdown) terminal.print(pages.map(pageMarkdown).join('\n\n'));
  else if (operands.length === 0 && personality === undefined) {
    terminal.print(columns(pages.map((page) => [page.name, page.fid, page.summary])).join('\n'));
  } else {
    const texts = commands.map((command, i) => {
      const page = pages[i];
      const head = page === undefined || operands.length === 0 ? bold(command.name) : pageText(page, bold);
      return personality === undefined
        ? head
        : `${head}\n\n${differenceText(personalityDifference(command, personality), bold)}`;
    });
    terminal.print(texts.join('\n\n'));
  }
};

export const runSpec = async (call: SpecCall): Promise<ExitCode> => {
  const { values, operands, terminal } = call;
  const [name] = operands;
  if (values.script !== undefined && !values.legal) throw badCommandLine('--script belongs to --legal');
  if (values.out !== undefined && !(values.markdown && name === undefined)) {
    throw badCommandLine('--out takes every page: give it with --markdown and without a command');
  }
  if (values.legal) return runLegal(call);
  if (values.states) return runStates(call);
  if (values.out !== undefined) writeReference(values.out, terminal);
  else printPages(name === undefined ? ALL_COMMANDS : [find(name)], values.personality, call);
  return EXIT.ok;
};
