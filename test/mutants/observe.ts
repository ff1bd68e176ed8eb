import { type Command, isAnswer, overlaid } from '../../src/spec/index.ts';
import type { Conformance } from '../conformance/language/conformance.ts';
import { type Path, watched, watchedModel } from './watch.ts';
import { starter, type Workbench } from './workbench.ts';

/** What the parts of a command do while its conformance rows run: what there is to take away from it. */
export interface Behaviour {
  /** The numbers that each failure condition reads. */
  readonly reads: ReadonlyMap<string, ReadonlySet<Path>>;
  /** How often the effect calls each mutator at most. */
  readonly calls: ReadonlyMap<string, number>;
  /** The members that are changed or set through each mutator, when that takes a record. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
  /** Outputs of the effect, and members of the exit that it leads to. */
  readonly outputs: ReadonlySet<string>;
  readonly exits: ReadonlySet<string>;
  /** Whether the effect ever names a result of its own. */
  readonly answers: boolean;
  /** Conditions that answer more than a fixed code. */
  readonly refusals: ReadonlySet<string>;
  /** Those of them that write outputs too. */
  readonly topped: ReadonlySet<string>;
}

type Frame = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Frame =>
  typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !Array.isArray(value);

const note = <K>(sets: Map<K, Set<string>>, key: K, ...values: readonly string[]): void => {
  const set = sets.get(key) ?? new Set();
  for (const value of values) set.add(value);
  sets.set(key, set);
};

/** Runs the rows of a command, and writes down what its parts do. */
export const observeBehaviour = (bench: Workbench, { command, rows }: Conformance): Behaviour => {
  const reads = new Map<string, Set<Path>>();
  const calls = new Map<string, number>();
  const members = new Map<string, Set<string>>();
  const outputs = new Set<string>();
  const exits = new Set<string>();
  const refusals = new Set<string>();
  const topped = new Set<string>();
  let answers = false;

  const failures = Object.fromEntries(
    Object.entries(command.failures).map(([id, failure]) => [
      id,
      {
        ...failure,
        pre: (x: object) =>
          (failure.pre as (x: object) => boolean)(
            watched(x, '', (path, value) => {
              note(reads, id, path);
              return value;
            }),
          ),
        ...(typeof failure.post === 'function' && {
          post: (x: object) => {
            refusals.add(id);
            const given = (failure.post as (x: object) => unknown)(x);
            if (isRecord(given) && 'out' in given) topped.add(id);
            return given;
          },
        }),
      },
    ]),
  ) as Command['failures'];
  const effect = (x: Frame): unknown => {
    const times = new Map<string, number>();
    const rmm = watchedModel(x['rmm'] as object, (method, args, go) => {
      const time = (times.get(method) ?? 0) + 1;
      times.set(method, time);
      calls.set(method, Math.max(calls.get(method) ?? 0, time));
      const record = args.at(-1);
      if (isRecord(record)) note(members, method, ...Object.keys(record).filter((name) => record[name] !== undefined));
      return go(args);
    });
    const given = (command.effect as (x: object) => unknown)(overlaid(x, { rmm }));
    if (!isRecord(given)) return given;
    const out = isAnswer(given) ? given.out : given;
    for (const name of Object.keys(out ?? {})) if (name in command.outputs) outputs.add(name);
    if (isAnswer(given)) {
      if (given.result !== undefined) answers = true;
      const { transfer } = given;
      if (isRecord(transfer) && isRecord(transfer['exit'])) {
        for (const name of Object.keys(transfer['exit'])) exits.add(name);
      }
    }
    return given;
  };

  const start = starter(bench, {});
  bench.with({ ...command, failures, effect: effect as Command['effect'] }, () => {
    for (const row of rows) {
      try {
        row.run(start);
      } catch {
        // Rows are held against the sound command elsewhere.
      }
    }
  });
  return { reads, calls, members, outputs, exits, answers, refusals, topped };
};
