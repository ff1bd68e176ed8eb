import type { Reference, Setting } from '../../personality/index.ts';
import type { PlatformOptions } from '../../platform/index.ts';
import type { Statement } from '../ast.ts';
import type { Script } from '../parse.ts';
import { impossible } from '../problem.ts';
import { type Factor, factorsBetween, type Mixture, mixtureOf } from './mixture.ts';
import { type Fact, type Observation, observe, type ReadClaims } from './observe.ts';

/** What two runs of a script show otherwise, and why. */
export interface StackDifference extends Pick<Fact, 'statement' | 'kind' | 'what'> {
  /** Undefined where one of the two has nothing of the kind. */
  readonly a: string | undefined;
  readonly b: string | undefined;
  /**
   * What makes the difference: the factors each of which alone makes it, or, where none does, a least set of those that
   * make it together. Empty where nothing that is known does.
   */
  readonly because: readonly string[];
  readonly how: 'each alone' | 'together' | 'unexplained';
}

export interface StackDiff {
  readonly differences: readonly StackDifference[];
  /** Everything in which the two stacks differ. */
  readonly factors: readonly Factor[];
  /** The last tokens that Realms received while the script ran, in the order of A. */
  readonly tokens: { readonly a: readonly Uint8Array[]; readonly b: readonly Uint8Array[] };
}

export interface CompareStacksOptions {
  readonly a: Setting;
  readonly b: Setting;
  /** What was read to say what the two are: evidence for what is no switch. */
  readonly evidence: readonly Reference[];
  /** The machine that is such a mixture. */
  readonly machine: (mixture: Mixture) => PlatformOptions;
  readonly claims: ReadClaims;
  /** Told before each run how many there will be at least. */
  readonly onRun?: (done: number, atLeast: number) => void;
}

/** Keys at which two observations differ, in the order in which things were seen. */
const differing = ({ facts: a }: Observation, { facts: b }: Observation): readonly string[] => {
  const at = (key: string): number => (a.get(key) ?? b.get(key))?.at ?? 0;
  const keys = [...new Set([...a.keys(), ...b.keys()])];
  return keys.filter((key) => a.get(key)?.text !== b.get(key)?.text).sort((x, y) => at(x) - at(y));
};

/** Switches that a script turns itself, in order: they hold in both stacks. */
const ownSwitches = ({ statements }: Script): readonly string[] =>
  statements.flatMap(({ act }) => (act.act === 'switch' ? act.changes : []));

const turned = (mixture: Mixture, changes: readonly string[]): Mixture => {
  const switches = new Set(mixture.switches);
  for (const change of changes) {
    if (change.startsWith('-')) switches.delete(change.slice(1));
    else switches.add(change);
  }
  return { ...mixture, switches: [...switches] };
};

const configStatement = ({ statements }: Script): Statement | undefined =>
  statements.find(({ act }) => act.act === 'config');

/** Runs of one script on mixtures of two stacks, each made once. */
class Runs {
  readonly #known = new Map<string, Observation>();
  readonly #script: Script;
  readonly #options: CompareStacksOptions;
  atLeast = 2;

  constructor(script: Script, options: CompareStacksOptions) {
    this.#script = script;
    this.#options = options;
  }

  of(mixture: Mixture): Observation {
    const key = JSON.stringify(mixture);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { machine, claims, onRun } = this.#options;
    onRun?.(this.#known.size, Math.max(this.atLeast, this.#known.size + 1));
    const observation = observe(this.#script, machine(mixture), claims);
    this.#known.set(key, observation);
    return observation;
  }
}

/** A least set of factors that together turn a fact of A into that of B: none of them can be left out. */
const leastTogether = (
  factors: readonly Factor[],
  a: Mixture,
  b: Mixture,
  makes: (mixture: Mixture) => boolean,
): readonly Factor[] => {
  const mixed = (some: readonly Factor[]): Mixture => some.reduce((to, factor) => factor.take(to, b), a);
  if (!makes(mixed(factors))) return [];
  let least = factors;
  for (const factor of factors) {
    const without = least.filter((each) => each !== factor);
    if (makes(mixed(without))) least = without;
  }
  return least;
};

/** Facts that say what another one of the same statement says: a register of the member that it holds. */
const isEcho = (difference: StackDifference, all: readonly StackDifference[]): boolean =>
  /^x\d+$/.test(difference.what) &&
  all.some(
    ({ statement, what, a, b }) =>
      statement === difference.statement && !/^x\d+$/.test(what) && a === difference.a && b === difference.b,
  );

/**
 * Runs a script on two stacks and says what they show otherwise, and what makes each difference: not by what is known
 * of a command, but by running the script on mixtures of the two, with one thing at a time of the other.
 *
 * @throws {ScriptError} IMPOSSIBLE, when the script sets the whole machine itself.
 */
export const compareStacks = (script: Script, options: CompareStacksOptions): StackDiff => {
  const config = configStatement(script);
  if (config !== undefined) throw impossible(config, 'config is the whole machine, and leaves no stack to choose');
  const changes = ownSwitches(script);
  const a = turned(mixtureOf(options.a), changes);
  const b = turned(mixtureOf(options.b), changes);
  const factors = factorsBetween(a, b, options.evidence);
  const runs = new Runs(script, options);
  const [seenA, seenB] = [runs.of(a), runs.of(b)];
  const called = new Set([...seenA.commands, ...seenB.commands]);
  // What touches no command that was called cannot have been seen.
  const able = factors.filter(({ commands }) => commands === undefined || commands.some((name) => called.has(name)));
  const keys = differing(seenA, seenB);
  runs.atLeast = keys.length === 0 ? 2 : 2 + able.length;

  const explained = (key: string): Pick<StackDifference, 'because' | 'how'> => {
    const wanted = seenB.facts.get(key)?.text;
    const makes = (mixture: Mixture): boolean => runs.of(mixture).facts.get(key)?.text === wanted;
    const alone = able.filter((factor) => makes(factor.take(a, b)));
    if (alone.length > 0) return { because: alone.map(({ id }) => id), how: 'each alone' };
    const least = leastTogether(able, a, b, makes);
    return { because: least.map(({ id }) => id), how: least.length === 0 ? 'unexplained' : 'together' };
  };

  const differences = keys.map((key): StackDifference => {
    const [left, right] = [seenA.facts.get(key), seenB.facts.get(key)];
    const { statement, kind = 'answer', what = key } = left ?? right ?? {};
    return { statement, kind, what, a: left?.text, b: right?.text, ...explained(key) };
  });
  return {
    differences: differences.filter((each) => !isEcho(each, differences)),
    factors,
    tokens: { a: seenA.tokens, b: seenB.tokens },
  };
};
