import { REC_EXIT_OFFSET, RmiRecExit } from '../abi/index.ts';
import { createGranules, type Granules, HostError } from '../host/index.ts';
import type { MachineProfile } from '../machine/index.ts';
import { type Choice, choose, PERSONALITIES, type PersonalityId, SWITCHES } from '../personality/index.ts';
import { configFromMembers, createPlatform, type Platform, type PlatformOptions } from '../platform/index.ts';
import { type ImpDef, impDefProblems } from '../rmm/index.ts';
import { allOf, type TraceEvent } from '../trace/index.ts';
import type { Surroundings, Value } from './evaluate.ts';
import type { Outcome } from './outcome.ts';
import { impossible, type Place, ScriptError } from './problem.ts';
import { VOCABULARY_1_0 } from './vocabulary.ts';

export interface StageOptions {
  /** The machine where a script says nothing else. */
  readonly base: PlatformOptions;
  /** Whose RMM answers at the beginning: a personality, or a switch, which is the specification with that one on. */
  readonly personality: string;
  /** Under which name clauses with `under` hold, when it is not that of the personality. */
  readonly expects?: string | undefined;
}

/** The names that a script may run under: personalities, then switches. */
export const PERSONALITY_NAMES: readonly string[] = [...Object.keys(PERSONALITIES), ...SWITCHES.keys()];

const isPersonality = (name: string): name is PersonalityId => Object.hasOwn(PERSONALITIES, name);

/** @returns undefined when there is no such personality or switch. */
export const choiceOf = (name: string, changes: readonly string[]): Choice | undefined =>
  isPersonality(name) ? choose(name, changes) : choose('spec', [name, ...changes]);

/** The first 16 MiB are left to addresses that a script writes by hand. */
const KEPT_GRANULES = 4096;

/**
 * What a script acts on: a machine that boots when it is first needed, names, the PE that acts, and what the acts before
 * this one left behind.
 */
export class Stage {
  readonly names = new Map<string, Value>();
  /** The RecRun page of each REC that `enter` has entered. */
  readonly runPages = new Map<bigint, bigint>();
  /** What each PE last came back with. */
  readonly exits = new Map<number, Outcome>();
  pe = 0;
  machine: Partial<MachineProfile> = {};
  impDef: Partial<ImpDef> = {};
  seed: string | undefined;
  /** Whose RMM answers. */
  personality: string;
  /** Switches turned on, or off where a minus comes before. */
  switches: readonly string[] = [];
  realms = 0;
  readonly #options: StageOptions;
  #platform: Platform | undefined;
  #granules: Granules | undefined;
  #returned: { readonly failed?: string } = {};

  constructor(options: StageOptions) {
    this.#options = options;
    this.personality = options.personality;
  }

  /** Under which name clauses with `under` hold. */
  get expects(): string {
    return this.#options.expects ?? this.personality;
  }

  get isBooted(): boolean {
    return this.#platform !== undefined;
  }

  /** The machine, booted. @throws {ScriptError} IMPOSSIBLE, when there can be no such machine. */
  platform(place: Place): Platform {
    this.#platform ??= this.#boot(place, this.#settings(place));
    return this.#platform;
  }

  /** Boots the machine that a trace began with. */
  bootFrom(place: Place, json: string): void {
    this.beforeBoot(place);
    let config: unknown;
    try {
      config = JSON.parse(json);
    } catch (error) {
      throw new ScriptError('SYNTAX', place, 'config takes JSON, as the config of machine.start in a trace', error);
    }
    const { crypto, onViolation } = this.#options.base;
    if (typeof config !== 'object' || config === null) throw impossible(place, 'config takes an object');
    const { device, machine, firmware, dialect, hes, el3, personality, rmm } = configFromMembers(config);
    const [problem] = typeof rmm === 'object' ? impDefProblems(rmm) : [];
    if (problem !== undefined) throw impossible(place, `rmm: ${problem}`);
    const settings = { device, machine, firmware, dialect, hes, el3, personality, rmm };
    this.#platform = this.#boot(place, { crypto, ...settings, ...(onViolation && { onViolation }) });
  }

  /** @throws {ScriptError} IMPOSSIBLE, when the machine runs already. */
  beforeBoot(place: Place): void {
    if (this.isBooted) throw impossible(place, 'settings stand before the first statement that needs the machine');
  }

  /** What values are computed with. */
  around(place: Place): Surroundings {
    return {
      names: this.names,
      constants: VOCABULARY_1_0.constants,
      granules: (count, at = place) => this.#allocate(at, count),
    };
  }

  /** The failure condition that held in the last command, and none after this. */
  takeFailed(): string | undefined {
    const { failed } = this.#returned;
    this.#returned = {};
    return failed;
  }

  /** The exit structure in a run page, or undefined when the Host cannot read it. */
  exitIn(place: Place, run_ptr: bigint): RmiRecExit | undefined {
    const page = this.platform(place).read(run_ptr + BigInt(REC_EXIT_OFFSET), RmiRecExit.size);
    return page && RmiRecExit.decode(page);
  }

  #settings(place: Place): PlatformOptions {
    const { base } = this.#options;
    const choice = choiceOf(this.personality, this.switches);
    if (choice === undefined) throw impossible(place, `there is no personality ${this.personality}`);
    return {
      ...base,
      ...(this.seed === undefined ? {} : { seed: this.seed }),
      machine: { ...base.machine, ...this.machine },
      personality: choice,
      rmm: { ...base.rmm, ...this.impDef },
    };
  }

  #boot(place: Place, settings: PlatformOptions): Platform {
    const capture = (event: TraceEvent): void => {
      if (event.type === 'command.return') this.#returned = event;
    };
    const { trace } = this.#options.base;
    try {
      return createPlatform({ ...settings, trace: trace === undefined ? capture : allOf(trace, capture) });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw impossible(place, `no such machine can boot: ${reason}`, error);
    }
  }

  #allocate(place: Place, count: number): bigint {
    const platform = this.platform(place);
    try {
      this.#granules ??= granulesOf(platform);
      // Contiguous granules are aligned to their number, rounded up to a power of two.
      return this.#granules.allocate(count, count === 1 ? 1 : 2 ** Math.ceil(Math.log2(count)));
    } catch (error) {
      if (error instanceof HostError) throw impossible(place, error.message, error);
      throw error;
    }
  }
}

const granulesOf = (platform: Platform): Granules => {
  const granules = createGranules(platform);
  const [first] = platform.config.machine.dram;
  if (first !== undefined && first.size > 2n * 4096n * BigInt(KEPT_GRANULES)) granules.allocate(KEPT_GRANULES);
  return granules;
};
