import type { Platform } from '../../src/platform/index.ts';
import { createScriptWriter } from '../../src/script/index.ts';
import { type TraceEvent, toJson } from '../../src/trace/index.ts';
import { createCrossings } from './crossings.ts';
import { createGenerator } from './generator.ts';
import { brokenLaw } from './invariants.ts';
import { observe } from './observe.ts';
import { createRandom } from './random.ts';
import { createScene, type Scene } from './scenes.ts';
import { describeStep, perform, type Step } from './step.ts';
import { brokenStep } from './transitions.ts';

/** A law that was broken, and the acts that led there, the last of which broke it. */
export interface Failure {
  readonly law: string;
  readonly steps: readonly Step[];
}

/** What a sequence did: how many commands and other acts of the world, not counting writes of the Host. */
export interface Sequence {
  readonly acts: number;
  readonly failure: Failure | undefined;
}

export interface SequenceOptions {
  /** Told of each act and what came of it, for whoever counts. */
  readonly watch?: (step: Step, reply: ReturnType<typeof perform>) => void;
  /** Done to the machine before anything else. */
  readonly alter?: ((platform: Platform) => void) | undefined;
}

const said = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));

/** Plays acts on a machine one by one, and holds each against all laws. */
const player = (platform: Platform, { watch, alter }: SequenceOptions = {}) => {
  alter?.(platform);
  let before = observe(platform);
  const crossings = createCrossings();
  const done: Step[] = [];
  return {
    get seen() {
      return before;
    },
    done,
    /** @returns the law that the act broke, or undefined. */
    play(step: Step): string | undefined {
      done.push(step);
      try {
        const reply = perform(platform, step);
        watch?.(step, reply);
        const after = observe(platform, before);
        const event = { platform, step, reply, before, after };
        const broken = brokenStep(event) ?? crossings.follow(event) ?? brokenLaw(platform, after, before);
        before = after;
        return broken;
      } catch (error) {
        return said(error);
      }
    },
  };
};

/** Draws and plays a sequence until it has `length` commands. */
export const runSequence = (scene: Scene, seed: number, length: number, options: SequenceOptions = {}): Sequence => {
  const platform = scene.platform.fork();
  const generator = createGenerator(createRandom(seed), scene);
  const game = player(platform, options);
  let acts = 0;
  while (acts < length) {
    for (const step of generator.next(game.seen)) {
      const law = game.play(step);
      if (step.act !== 'write') acts += 1;
      if (law !== undefined) return { acts, failure: { law, steps: game.done } };
    }
  }
  return { acts, failure: undefined };
};

/** Plays given acts from the start. @returns the law that is broken first, and how many acts it took. */
export const replaySteps = (
  scene: Scene,
  steps: readonly Step[],
): { readonly law: string; readonly length: number } | undefined => {
  const game = player(scene.platform.fork());
  for (const [i, step] of steps.entries()) {
    const law = game.play(step);
    if (law !== undefined) return { law, length: i + 1 };
  }
  return undefined;
};

/** The sentence without what is particular to a run, so that a shorter sequence is known to fail in the same way. */
const kindOf = (law: string): string => law.replace(/0x[0-9a-f]+|\d+/g, '#');

/** Takes acts away for as long as the rest still breaks a law in the same way: first many at a time, then one by one. */
export const shrink = (scene: Scene, failure: Failure): Failure => {
  let { law, steps } = failure;
  const kind = kindOf(law);
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = steps.length - size; at > -size; at -= size) {
      const rest = [...steps.slice(0, Math.max(at, 0)), ...steps.slice(at + size)];
      const again = replaySteps(scene, rest);
      if (again === undefined || kindOf(again.law) !== kind) continue;
      law = again.law;
      steps = rest.slice(0, again.length);
    }
  }
  return { law, steps };
};

/** The acts as a script, from the start of the machine on: what `swcca script` runs. */
const scriptOf = (scene: Scene, steps: readonly Step[]): readonly string[] => {
  const writer = createScriptWriter();
  const lines: string[] = [];
  const trace = (event: TraceEvent): void => {
    lines.push(...writer.feed(JSON.parse(toJson(event))));
  };
  const { platform } = createScene(scene.name, { ...scene.options, trace });
  try {
    for (const step of steps) perform(platform, step);
  } catch (error) {
    lines.push(...writer.end(), `# ${said(error)}`);
  }
  return [...lines, ...writer.end()];
};

/** A failure for people: enough to see it again, and the shortest way there that was found. */
export const report = (scene: Scene, seed: number, length: number, failure: Failure): string => {
  const short = shrink(scene, failure);
  return [
    short.law,
    `scene ${scene.name}, seed ${seed}, ${length} commands; ${short.steps.length} acts are enough:`,
    ...short.steps.map(describeStep),
    'as a script, from the start of the machine:',
    ...scriptOf(scene, short.steps),
  ].join('\n');
};
