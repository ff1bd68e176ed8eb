import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { commonFiles, corpusReadme, jsonText, planCorpus, type Selection } from '../../corpus/index.ts';
import { nodeCrypto } from '../../crypto/node.ts';
import type { Need } from '../../mutate/index.ts';
import type { CallOf } from '../command.ts';
import type { judge } from '../commands/judge.ts';
import { readParameters } from '../corpus/merge.ts';
import { produceAll } from '../corpus/pool.ts';
import { selectionFrom } from '../corpus/selection.ts';
import { corpusSource } from '../corpus/source.ts';
import { openCorpus } from '../corpus/store.ts';
import { badCommandLine, badInput, EXIT, type ExitCode } from '../exit.ts';
import { processCount } from '../io/progress.ts';
import { scratchFolder } from '../io/scratch.ts';
import { checkWritable, writeOutput } from '../io/write.ts';
import { ADAPTERS, type AdapterName } from '../judge/adapters/index.ts';
import type { Acceptance, Limits, Verifier } from '../judge/answer.ts';
import { baselineText, changeLine, changesSince, parseBaseline } from '../judge/baseline.ts';
import { type Case, readCases } from '../judge/case.ts';
import { httpVerifier } from '../judge/http.ts';
import { counts, WRONG } from '../judge/judgement.ts';
import { linesVerifier } from '../judge/lines.ts';
import { processVerifier } from '../judge/process.ts';
import { askAll } from '../judge/run-all.ts';
import { countsOf, type Score, scoreCard, scoreJson, scoreJUnit } from '../judge/score.ts';
import { givenNeeds, placeholdersIn } from '../judge/template.ts';

type JudgeCall = CallOf<typeof judge>;

/** What the options say of a verifier. */
export interface VerifierValues {
  readonly adapter?: AdapterName | undefined;
  readonly http?: string | undefined;
  readonly 'http-body'?: string | undefined;
  readonly 'media-type'?: string | undefined;
  readonly timeout: number;
  readonly memory: number;
  readonly 'accept-exit': readonly number[];
  readonly 'accept-output'?: RegExp | undefined;
}

/** A verifier, how many of it run at a time, and what it is given. */
interface Asked {
  readonly make: () => Verifier;
  readonly given: ReadonlySet<Need>;
  /** Whether it needs the folder of endorsements. */
  readonly endorsements: boolean;
}

/** Reads from the options who is asked, and how. @throws {UsageError} COMMAND_LINE */
export const verifierOf = ({
  values,
  operands,
}: Pick<JudgeCall, 'operands'> & { readonly values: VerifierValues }): Asked => {
  const { adapter: name, http, 'http-body': body, 'media-type': mediaType } = values;
  const limits: Limits = { timeoutMs: values.timeout, memoryMiB: values.memory };
  const adapter = name === undefined ? undefined : ADAPTERS[name];
  const acceptance: Acceptance = {
    exit: values['accept-exit'],
    output: values['accept-output'] ?? (adapter !== undefined && 'output' in adapter ? adapter.output : undefined),
  };
  if (http !== undefined) {
    if (operands.length > 0 || adapter !== undefined) throw badCommandLine('--http and a program are two verifiers');
    const placeholders = placeholdersIn([http, body ?? '{token}']);
    const verifier = httpVerifier({ url: http, body, mediaType }, limits, acceptance);
    return {
      make: () => verifier,
      given: new Set([...givenNeeds(placeholders), ...(mediaType === undefined ? (['media-type'] as const) : [])]),
      endorsements: placeholders.has('{endorsements}'),
    };
  }
  if (adapter === undefined && operands.length === 0) {
    throw badCommandLine('name a verifier: its command after --, --http or --adapter');
  }
  const words =
    adapter === undefined
      ? operands
      : [...(operands.length > 0 ? operands : adapter.command.slice(0, 1)), ...adapter.command.slice(1)];
  const lines = adapter !== undefined && 'lines' in adapter ? adapter.lines : undefined;
  const placeholders = placeholdersIn(lines === undefined ? words : [lines]);
  if (lines === undefined && !placeholders.has('{token}')) {
    throw badCommandLine('the command has no {token}: every run would see the same');
  }
  return {
    make: () =>
      lines === undefined ? processVerifier(words, limits, acceptance) : linesVerifier(words, limits, lines),
    given: givenNeeds(placeholders),
    endorsements: placeholders.has('{endorsements}'),
  };
};

/** Makes a corpus for this run alone. */
const makeCorpus = async ({ values, terminal }: JudgeCall, folder: string, selection: Selection): Promise<void> => {
  const { source, parameters, reference, endorsements, mark } = await corpusSource(values, selection, terminal);
  openCorpus(folder, jsonText(parameters), [
    ['README.md', corpusReadme(parameters)],
    ...commonFiles(nodeCrypto, source, reference, mark),
    ...endorsements,
  ]);
  const { size } = planCorpus(selection);
  const positions = Array.from({ length: size }, (_, i) => i);
  const display = processCount('making tokens', size, 'tokens');
  const job = { folder, source, selection, resumed: false };
  try {
    await produceAll(job, positions, size, availableParallelism(), ({ length }) => display.advance(length));
  } finally {
    display.end();
  }
};

/** Asks about every case, and shows how many are answered. */
const askShown = async (verifiers: readonly Verifier[], cases: readonly Case[], challenge: string, scratch: string) => {
  const display = processCount('asking the verifier', cases.length, 'tokens');
  try {
    return await askAll(verifiers, cases, challenge, scratch, () => display.advance(1));
  } finally {
    display.end();
  }
};

/** The challenge that most tokens of a corpus answer: the one in its file. */
const commonChallenge = (folder: string): string => readParameters(folder).parameters.challenge;

const run = async (call: JudgeCall, folder: string, only: readonly string[], scratch: string): Promise<ExitCode> => {
  const { values, terminal } = call;
  const asked = verifierOf(call);
  if (asked.endorsements && !existsSync(join(folder, 'endorsements'))) {
    throw badInput(`${folder}: this corpus has no endorsements for {endorsements}`);
  }
  const baseline = readBaseline(values);
  const all = readCases(folder, only);
  const cases: readonly Case[] = all.filter(({ description }) => counts(description, asked.given));
  const verifiers = Array.from({ length: Math.min(values.jobs ?? availableParallelism(), cases.length) }, asked.make);
  const start = performance.now();
  const results = await askShown(verifiers, cases, commonChallenge(folder), scratch);
  const score: Score = {
    verifier: verifiers[0]?.name ?? '',
    corpus: values.corpus ?? 'a new corpus',
    results,
    notCounted: all.length - cases.length,
    seconds: (performance.now() - start) / 1000,
  };
  const write = (place: string | undefined, text: string): void => {
    if (place === '-') terminal.write(text);
    else if (place !== undefined) writeOutput(place, text);
  };
  write(values.junit, scoreJUnit(score));
  write(values.report, jsonText(scoreJson(score)));
  if (values['write-baseline']) write(values.baseline, baselineText(results));
  const isTaken = values.json || filesOf(values).includes('-');
  if (values.json) terminal.json(scoreJson(score));
  else if (!isTaken) terminal.print(scoreCard(score, terminal.paint));
  if (baseline !== undefined) {
    const changes = changesSince(baseline, results);
    if (!isTaken) {
      terminal.print(changes.length === 0 ? 'nothing has changed since the baseline' : 'changed since the baseline:');
      for (const change of changes) terminal.print(changeLine(change));
    }
    return changes.length === 0 ? EXIT.ok : EXIT.no;
  }
  if (values['write-baseline']) return EXIT.ok;
  const found = countsOf(results);
  return WRONG.every((judgement) => found[judgement] === 0) ? EXIT.ok : EXIT.no;
};

const readBaseline = ({ baseline: file, 'write-baseline': writes }: JudgeCall['values']) => {
  if (file === undefined) {
    if (writes) throw badCommandLine('--write-baseline needs --baseline FILE');
    return undefined;
  }
  if (writes) return undefined;
  if (!existsSync(file)) throw badInput(`${file}: there is no such baseline; write one with --write-baseline`);
  return parseBaseline(file, readFileSync(file, 'utf8'));
};

const idsOf = ({ only }: JudgeCall['values']): readonly string[] =>
  only.flatMap((ids) => ids.split(',')).filter((id) => id !== '');

/** Where results are written besides what is printed. */
const filesOf = ({ junit, report, baseline, 'write-baseline': writes }: JudgeCall['values']): readonly string[] =>
  [junit, report, writes ? baseline : undefined].filter((file) => file !== undefined);

/** Standard output holds one thing, and a judgement that has no place to go is not begun. */
const checkTargets = (values: JudgeCall['values']): void => {
  const files = filesOf(values);
  if (files.filter((file) => file === '-').length + (values.json ? 1 : 0) > 1) {
    throw badCommandLine('standard output holds one thing: --json, or one of --junit, --report and a new --baseline');
  }
  for (const file of files) checkWritable(file);
};

export const runJudge = async (call: JudgeCall): Promise<ExitCode> => {
  const { values } = call;
  checkTargets(values);
  verifierOf(call);
  readBaseline(values);
  const scratch = scratchFolder('judge');
  try {
    if (values.corpus !== undefined) {
      if (values.random !== undefined) throw badCommandLine('--random makes a corpus, and --corpus names one');
      return await run(call, values.corpus, idsOf(values), scratch.path);
    }
    const folder = join(scratch.path, 'corpus');
    await makeCorpus(call, folder, selectionFrom({ only: idsOf(values), random: values.random, count: undefined }));
    return await run(call, folder, [], scratch.path);
  } finally {
    scratch.discard();
  }
};
