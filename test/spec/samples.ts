import fc from 'fast-check';
import { RMM_1_0 } from '../../src/rmm/index.ts';
import { type Command, refusalOf } from '../../src/spec/index.ts';
import { createWorld, frameIn, INTERESTING_IPAS, valuesOf, type World } from './world.ts';

export const COMMANDS: readonly Command[] = [...RMM_1_0.rmi, ...RMM_1_0.rsi, ...RMM_1_0.psci];
export const HAVING_FAILURES = COMMANDS.filter(({ failures }) => Object.keys(failures).length > 0);

export type Pair = readonly [before: string, after: string];

/** One call in one state: which conditions hold, which have no meaning, and what each would answer. */
export interface Sample {
  readonly holds: ReadonlyMap<string, boolean | 'ill-formed'>;
  readonly answers: ReadonlyMap<string, string>;
}

const answerText = (answer: object): string =>
  JSON.stringify(answer, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));

const sampleOf = (world: World, command: Command, x: readonly bigint[], rec: bigint): Sample => {
  const holds = new Map<string, boolean | 'ill-formed'>();
  const answers = new Map<string, string>();
  for (const [id, failure] of Object.entries(command.failures)) {
    // A frame of its own for each: what one condition read must not help another.
    const frame = frameIn(world, command, x, rec);
    try {
      const holding = (failure.pre as (f: object) => boolean)(frame);
      holds.set(id, holding);
      if (holding) answers.set(id, answerText(refusalOf(failure, frame)));
    } catch {
      holds.set(id, 'ill-formed');
    }
  }
  return { holds, answers };
};

/** What a total order comes to: the first condition that does not pass. */
export const firstOf = ({ holds }: Sample, total: readonly string[]): string | undefined =>
  total.find((id) => holds.get(id) !== false);

/** Conditions that some total order within `pairs` comes to: those that do not pass while all before them do. */
export const reachable = ({ holds }: Sample, pairs: readonly Pair[]): string[] => {
  const blocked = (id: string, seen: ReadonlySet<string> = new Set()): boolean =>
    pairs.some(
      ([before, after]) =>
        after === id && !seen.has(before) && (holds.get(before) !== false || blocked(before, new Set([...seen, id]))),
    );
  return [...holds.keys()].filter((id) => holds.get(id) !== false && !blocked(id));
};

/** Whether an order that allows `ids` first would read what has no meaning, or answer what the text does not allow. */
export const violates = (sample: Sample, ids: readonly string[], allowed: ReadonlySet<string | undefined>): boolean =>
  ids.some((id) => sample.holds.get(id) === 'ill-formed' || !allowed.has(sample.answers.get(id)));

const RUNS = 160;
const SEED = 7;

const recEnter = COMMANDS.find(({ name }) => name === 'RMI_REC_ENTER') as Command;

interface Step {
  readonly command: Command;
  readonly args: readonly [kind: number, pick: number, offset: number][];
  readonly runs: boolean;
}

const step = fc.record({
  // Where many conditions meet, more calls are looked at.
  command: fc.constantFrom(...HAVING_FAILURES, ...new Array<Command>(6).fill(recEnter)),
  args: fc.array(fc.tuple(fc.nat(99), fc.nat(0xffff), fc.nat(99)), { minLength: 5, maxLength: 5 }),
  runs: fc.boolean(),
}) as fc.Arbitrary<Step>;

const at = <T>(list: readonly T[], pick: number): T => list[pick % list.length] as T;

/** Values that fit an input, by its name. */
const fitting = (world: World, command: Command, name: string, base: bigint): readonly bigint[] => {
  const { rds, recs, hosts, delegated, odd, params, badEnter, changing } = valuesOf(world);
  const changes = command.name === 'RMI_RTT_SET_RIPAS';
  switch (name) {
    case 'rd':
      return command.name === 'RMI_REALM_CREATE' ? [...rds, ...delegated] : rds;
    case 'rec':
    case 'calling_rec':
    case 'target_rec':
      return recs;
    case 'rec_ptr':
      return [...recs, ...changing, ...changing, ...changing, ...changing];
    case 'run_ptr':
      return [...hosts, ...odd, ...odd, ...badEnter, ...badEnter, ...badEnter, ...delegated];
    case 'params_ptr':
      return [...params, ...params, ...params, ...odd, ...delegated, ...hosts];
    case 'src':
      return [...hosts, ...odd, ...odd, ...odd];
    case 'data':
    case 'rtt':
    case 'addr':
      return [...delegated, ...odd];
    case 'top':
      return [base, base + 0x800n, base + 0x1000n, base + 0x2000n, base + 0x20_0000n, ...INTERESTING_IPAS];
    case 'level':
      return [-1n, 0n, 1n, 2n, 3n, 3n, 4n];
    case 'desc':
      return [0x8000_3000n, 0x8020_0000n, 0x8000_3010n, (1n << 50n) | 0x300n, 0x1n];
    case 'ipa':
    case 'base':
      return changes ? [...INTERESTING_IPAS, ...new Array<bigint>(18).fill(0x1000n)] : INTERESTING_IPAS;
    default:
      return [0n, 1n, 2n, 3n, 4n, 5n, 64n, 65n, 0xfffn, 0x1000n, (1n << 64n) - 3n, 0x8_0000n];
  }
};

/** Registers of a call: mostly what fits, now and then anything, now and then off by one. */
const registersOf = (world: World, { command, args }: Step): bigint[] => {
  const x: bigint[] = [BigInt(command.fid)];
  let base = 0n;
  for (const [i, [name, { first, type }]] of Object.entries(command.inputs).entries()) {
    const [kind, pick, offset] = at(args, i);
    const value =
      kind < 88
        ? at(fitting(world, command, name, base), pick)
        : at([...valuesOf(world).all, ...INTERESTING_IPAS], pick);
    x[first] = BigInt.asUintN(64, offset < 8 ? value + 1n : value);
    if (name === 'base') base = x[first] ?? 0n;
    for (let n = 1; n < type.count; n += 1) x[first + n] = 0n;
  }
  return Array.from(x, (value) => value ?? 0n);
};

/** A REC of which commands of a Realm can be asked, and its PE. */
const callers = (world: World): readonly (readonly [pe: number, rec: bigint])[] =>
  [1, 2, 3].flatMap((pe) => {
    const running = world.platform.rmm.state.running(pe);
    return running === undefined ? [] : [[pe, running.rec] as const];
  });

/** Walks through random states of a world, and looks at each call before it is made. */
const collect = (scene: World, steps: readonly Step[], samples: Map<string, Sample[]>): void => {
  const world = { ...scene, platform: scene.platform.fork() };
  for (const each of steps) {
    const { command, runs } = each;
    const x = registersOf(world, each);
    const isHost = command.name.startsWith('RMI_');
    const running = callers(world);
    const [pe, rec] = running[(each.args[0]?.[1] ?? 0) % running.length] ?? [0, 0n];
    if (!isHost && rec === 0n) continue;
    samples.get(command.name)?.push(sampleOf(world, command, x, rec));
    if (!runs) continue;
    if (!isHost) world.platform.realmSmc(x, pe);
    else if (world.platform.smc(x).kind === 'enter') world.platform.interrupt('IRQ');
  }
};

/** Calls of every command that can fail, in random reachable states of one scene. */
export const collectSamples = (): ReadonlyMap<string, readonly Sample[]> => {
  const samples = new Map<string, Sample[]>(HAVING_FAILURES.map(({ name }) => [name, []]));
  const scene = createWorld();
  for (const steps of fc.sample(fc.array(step, { minLength: 200, maxLength: 200 }), { numRuns: RUNS, seed: SEED })) {
    collect(scene, steps, samples);
  }
  return samples;
};
