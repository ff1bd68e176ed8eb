import {
  cellJson,
  PERSONALITY_NAMES,
  parseScript,
  personalitiesOf,
  runScript,
  type Script,
  type ScriptRun,
  type Session,
  type StatementResult,
} from '../../script/index.ts';
import { allOf, jsonlSink, type TraceSink } from '../../trace/index.ts';
import type { CallOf } from '../command.ts';
import type { script } from '../commands/script.ts';
import { badCommandLine, badInput, EXIT, type ExitCode } from '../exit.ts';
import { gather } from '../io/gather.ts';
import { inputName, readText } from '../io/read.ts';
import type { Terminal } from '../io/terminal.ts';
import { openOutput } from '../io/write.ts';
import { readScriptMachine } from '../script-machine.ts';
import { differenceLines, problemText, resultLines } from '../script-text.ts';
import { suggestion } from '../suggestion.ts';

type ScriptCall = CallOf<typeof script>;

/** Longer than anything that people write; a trace of a large Realm as a script is longer still. */
const SCRIPT = { what: 'a script', maxBytes: 1 << 28 };

export const readScript = async (path: string): Promise<Script> => {
  const parsed = parseScript(await readText(path, SCRIPT));
  const [first, ...others] = parsed.problems;
  if (first === undefined) return parsed;
  const more = others.length === 0 ? '' : ` (and ${others.length} more, the next in line ${others[0]?.line})`;
  throw badInput(problemText(inputName(path), first) + more);
};

export const checkPersonality = (name: string | undefined, option = 'personality'): void => {
  if (name === undefined || PERSONALITY_NAMES.includes(name)) return;
  throw badCommandLine(`--${option}: there is no ${name.slice(0, 40)}${suggestion(name, PERSONALITY_NAMES)}`);
};

const printResult = (result: StatementResult, { print, paint }: Terminal): void => {
  const { statement, outcome } = result;
  if (outcome !== undefined) print(`${paint.dim(`${statement.line}`.padStart(4))}  ${statement.brief}`);
  for (const line of resultLines(result, paint)) print(line);
};

const jsonOf = ({ personality, results, differences, error }: ScriptRun) => ({
  personality,
  same: differences.length === 0 && error === undefined,
  statements: results.map(({ statement, outcome, shows }) => ({
    line: statement.line,
    text: statement.text,
    ...(outcome === undefined
      ? {}
      : { result: outcome.text, failed: outcome.failed, members: cellJson(outcome.members) }),
    ...(shows === undefined ? {} : { shows: cellJson(shows) }),
  })),
  differences: differences.map(({ mismatch, result, call }) => ({
    ...mismatch,
    statement: result.statement.text,
    before: call && { line: call.statement.line, text: call.statement.text, result: call.outcome?.text },
  })),
});

const summaryText = ({ personality, results, differences }: ScriptRun): string => {
  const acts = results.filter(({ outcome }) => outcome !== undefined).length;
  const verdict = differences.length === 0 ? 'as expected' : `${differences.length} different`;
  return `${personality}: ${acts} calls, ${verdict}`;
};

const traceSinks = async ({ values }: ScriptCall, write: ((text: string) => void) | undefined) => {
  const sinks: TraceSink[] = write === undefined ? [] : [jsonlSink(write)];
  const level = values['log-level'];
  if (level !== undefined) sinks.push((await import('../../trace/sinks/pino.ts')).pinoSink(level));
  return sinks.length === 0 ? undefined : allOf(...sinks);
};

export const runScriptCommand = async (call: ScriptCall): Promise<ExitCode> => {
  const { values, operands, terminal } = call;
  const [file = '-'] = operands;
  checkPersonality(values.personality);
  checkPersonality(values.expects, 'expects');
  const parsed = await readScript(file);
  const traceFile = values.trace === undefined ? undefined : openOutput(values.trace);
  try {
    const lines = traceFile && gather((text) => traceFile.write(text));
    const base = await readScriptMachine(values, await traceSinks(call, lines?.write));
    const speaks = !values.json && !values.quiet;
    const several = values.personality === undefined && personalitiesOf(parsed).length > 1;
    let shown: string | undefined;
    const onResult = (result: StatementResult, { personality }: Session): void => {
      if (several && personality !== shown) terminal.print(terminal.paint.bold(`under ${personality}`));
      shown = personality;
      printResult(result, terminal);
    };
    const runs = runScript(parsed, {
      base,
      personality: values.personality,
      expects: values.expects,
      keepsGoing: values['keep-going'],
      ...(speaks ? { onResult } : {}),
    });
    lines?.flush();
    traceFile?.commit();
    if (values.json) terminal.json(runs.map(jsonOf));
    else {
      for (const run of runs) {
        for (const difference of run.differences) terminal.print(differenceLines(difference).join('\n'));
        if (speaks && run.error === undefined) terminal.print(summaryText(run));
      }
    }
    const stopped = runs.find(({ error }) => error !== undefined)?.error;
    if (stopped !== undefined) {
      throw badInput(problemText(inputName(file), { ...stopped.place, message: stopped.message }), stopped);
    }
    return runs.every(({ differences }) => differences.length === 0) ? EXIT.ok : EXIT.no;
  } finally {
    traceFile?.discard();
  }
};
