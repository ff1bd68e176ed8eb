import { HES_PRESETS, type HesPresetName } from '../../hes/index.ts';
import { claimsOf } from '../../inspect/index.ts';
import type { PlatformOptions } from '../../platform/index.ts';
import {
  compareStacks,
  type Factor,
  type Mixture,
  rmmOf,
  ScriptError,
  type StackDiff,
  type StackDifference,
} from '../../script/index.ts';
import { DIALECTS } from '../../token/index.ts';
import type { CallOf } from '../command.ts';
import type { diffStack } from '../commands/diff-stack.ts';
import { badInput, EXIT, type ExitCode } from '../exit.ts';
import { inputName } from '../io/read.ts';
import type { Terminal } from '../io/terminal.ts';
import { readScriptMachine } from '../script-machine.ts';
import { problemText } from '../script-text.ts';
import { type NamedStack, readStack, referenceText } from '../stack-text.ts';
import { readScript } from './script.ts';

/** Claims by the place where they stand, with the name that they have there. */
const readClaims = (token: Uint8Array): ReadonlyMap<string, string> =>
  new Map(
    claimsOf(token).map(({ place, names, text }) => [
      `${place}${names.length === 0 ? '' : ` (${names.at(-1)})`}`,
      text,
    ]),
  );

const machineOf =
  (base: PlatformOptions) =>
  (mixture: Mixture): PlatformOptions => {
    const { dialect, parts, hes } = mixture.token;
    // Stacks name the HES of their own: what a folder serves is no part of them.
    const preset = HES_PRESETS[hes as HesPresetName];
    const { commands, rmm } = rmmOf(mixture);
    return {
      ...base,
      commands,
      rmm: { ...rmm, remFormula: mixture.remFormula },
      dialect: { ...DIALECTS[dialect as keyof typeof DIALECTS], ...parts },
      hes: { ...preset.switches, ...base.hes },
      device: { ...preset.device, ...base.device },
    };
  };

const differenceJson = ({ statement, kind, what, a, b, because, how }: StackDifference) => ({
  kind,
  ...(statement === undefined ? {} : { line: statement.line, statement: statement.brief }),
  what,
  a: a ?? null,
  b: b ?? null,
  because,
  how,
});

const factorJson = ({ id, kind, says, deviation, references }: Factor) => {
  const { change: _, id: __, references: ___, ...facts } = deviation ?? {};
  return { id, kind, says, ...facts, references };
};

const because = ({ how, because: ids }: StackDifference): string => {
  if (how === 'unexplained') return 'nothing that is known explains it';
  return how === 'together' ? `because of ${ids.join(' and ')} together` : `because of ${ids.join(', or of ')}`;
};

const MAX_TEXT = 160;
const cut = (text: string | undefined): string => {
  if (text === undefined) return 'nothing';
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}… (${text.length} characters)`;
};

const factorLines = ({ id, says, deviation, references, kind }: Factor): readonly string[] => [
  `  ${id}  ${says}${deviation === undefined ? '' : ` (${deviation.standing})`}`,
  ...(deviation === undefined
    ? kind === 'order' || kind === 'choice'
      ? ['    no divergence: the text permits both']
      : []
    : [
        `    rule            ${deviation.rule}`,
        `    specification   ${deviation.specification}`,
        `    implementation  ${deviation.implementation}`,
      ]),
  ...references.map((reference) => `    see ${referenceText(reference)}`),
];

const HEADINGS = {
  answer: '',
  measurement: 'measurements, when the script is over',
  claim: 'claims of a token that is asked for when the script is over',
} as const;

const printDifferences = (differences: readonly StackDifference[], { print, paint }: Terminal): void => {
  let heading: unknown;
  for (const each of differences) {
    const { statement, kind, what, a, b } = each;
    const next = statement ?? kind;
    if (next !== heading) {
      print(paint.bold(statement === undefined ? HEADINGS[kind] : `line ${statement.line}: ${statement.brief}`));
    }
    heading = next;
    print(`  ${what}: ${because(each)}`);
    print(`    A  ${cut(a)}`);
    print(`    B  ${cut(b)}`);
  }
};

const printAll = ({ differences, factors }: StackDiff, stacks: readonly NamedStack[], terminal: Terminal): void => {
  const { print, paint } = terminal;
  for (const [i, { text, is }] of stacks.entries()) print(`${'AB'[i]}  ${text}${is === text ? '' : ` (${is})`}`);
  printDifferences(differences, terminal);
  const named = new Set(differences.flatMap(({ because: ids }) => ids));
  const why = factors.filter(({ id }) => named.has(id));
  if (why.length > 0) print(paint.bold('What makes them'));
  for (const factor of why) for (const line of factorLines(factor)) print(line);
  const silent = factors.filter(({ id, kind }) => kind === 'switch' && !named.has(id)).map(({ id }) => id);
  if (silent.length > 0) print(`not seen in this script: ${silent.join(', ')}`);
  print(differences.length === 0 ? 'no difference' : `${differences.length} differences`);
};

/** Says how far it is, when it takes long. */
const slowly = (terminal: Terminal) => {
  const startMs = performance.now();
  let toldMs = startMs;
  return (done: number, atLeast: number): void => {
    const now = performance.now();
    if (now - startMs < 2000 || now - toldMs < 2000) return;
    toldMs = now;
    terminal.note(`${done} of at least ${atLeast} runs`);
  };
};

export const runDiffStack = async (call: CallOf<typeof diffStack>): Promise<ExitCode> => {
  const { values, operands, terminal } = call;
  const [nameA = '', nameB = '', file = '-'] = operands;
  const [a, b] = [readStack(nameA), readStack(nameB)];
  const script = await readScript(file);
  const base = await readScriptMachine({ ...values, dialect: undefined });
  let diff: StackDiff;
  try {
    const evidence = [...a.evidence, ...b.evidence];
    diff = compareStacks(script, {
      a: a.setting,
      b: b.setting,
      evidence,
      machine: machineOf(base),
      claims: readClaims,
      onRun: slowly(terminal),
    });
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    throw badInput(problemText(inputName(file), { ...error.place, message: error.message }), error);
  }
  const { differences, factors } = diff;
  if (values.json) {
    const named = new Set(differences.flatMap((each) => each.because));
    terminal.json({
      a: { name: a.text, stack: a.is },
      b: { name: b.text, stack: b.is },
      same: differences.length === 0,
      differences: differences.map(differenceJson),
      explanations: factors.filter(({ id }) => named.has(id)).map(factorJson),
      notSeen: factors.filter(({ id }) => !named.has(id)).map(({ id }) => id),
    });
  } else printAll(diff, [a, b], terminal);
  return differences.length === 0 ? EXIT.ok : EXIT.no;
};
