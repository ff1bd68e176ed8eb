import type { RmiResult } from '../../src/abi/index.ts';
import { answer, type Command, isAnswer, overlaid, withEffect, withFailure, without } from '../../src/spec/index.ts';
import type { Mutant } from './mutant.ts';
import type { Behaviour } from './observe.ts';
import { type Path, watched, watchedModel } from './watch.ts';
import { misordered } from './workbench.ts';

type Frame = Readonly<Record<string, unknown>>;
type Pre = (x: object) => boolean;

/** Each failure condition left out. */
const conditionMutants = (command: Command): Mutant[] =>
  Object.keys(command.failures).map((condition) => ({
    id: `${command.name}: ${condition} is not checked`,
    kind: 'condition',
    command: command.name,
    condition,
    change: (sound) => without(sound, condition),
  }));

const GRANULE = 0x1000n;
const BLOCK = 0x20_0000n;
const SAID: ReadonlyMap<bigint, string> = new Map([
  [1n, '1'],
  [GRANULE, 'a granule'],
  [BLOCK, 'a block'],
]);
/** Members that hold addresses, in records that are no inputs. */
const ADDRESS = /(^|[._])(addr|base|top|rtt|owner|ptr)$|^aux\./;

/** Commands on a table: the IPA is that of the entry above it, which describes 2 MiB at least. */
const ON_TABLES: ReadonlySet<string> = new Set(['RMI_RTT_CREATE', 'RMI_RTT_DESTROY', 'RMI_RTT_FOLD']);

/** By how much a bound moves when it moves by one: to the next address that could be given, but for alignments. */
const unitOf = (command: Command, condition: string, path: Path): bigint => {
  const kind = command.inputs[path]?.type.kind;
  const isAddress = kind === 'Address' || kind === 'IPA' || (kind === undefined && ADDRESS.test(path));
  if (!isAddress || condition.endsWith('align')) return 1n;
  return kind === 'IPA' && ON_TABLES.has(command.name) ? BLOCK : GRANULE;
};

/** Each number that a condition compares, moved by one either way, for this condition alone. */
const boundaryMutants = (command: Command, { reads }: Behaviour): Mutant[] =>
  [...reads].flatMap(([condition, paths]) =>
    [...paths].flatMap((path) => {
      const unit = unitOf(command, condition, path);
      return [unit, -unit].map((by): Mutant => {
        const shift = (at: Path, value: number | bigint): number | bigint => {
          if (at !== path) return value;
          return typeof value === 'number' ? value + Number(by) : BigInt.asUintN(64, value + by);
        };
        const sign = by > 0n ? '+' : '-';
        return {
          id: `${command.name}: ${condition} takes ${path} ${sign} ${SAID.get(unit)}`,
          kind: 'boundary',
          command: command.name,
          condition,
          change: (sound) => {
            const pre = sound.failures[condition]?.pre as Pre;
            return withFailure(sound, condition, { pre: (x: object) => pre(watched(x, '', shift)) });
          },
        };
      });
    }),
  );

/** How many calls of one mutator are taken away one by one; the rest of a loop goes with the last of them. */
const CALLS = 3;

/** The command whose changes of the monitor go through something else. */
const withChanges = (
  sound: Command,
  intercept: () => (method: string, args: readonly unknown[], go: (args: readonly unknown[]) => unknown) => unknown,
): Command =>
  withEffect(
    sound,
    (effect: (x: Frame) => unknown) => (x: Frame) =>
      effect(overlaid(x, { rmm: watchedModel(x['rmm'] as object, intercept()) }) as Frame),
  );

const ORDINALS = ['first', 'second', 'third and later'] as const;

/** Each call that changes the monitor left out. */
const callMutants = (command: Command, { calls }: Behaviour): Mutant[] =>
  [...calls].flatMap(([method, count]) =>
    Array.from({ length: Math.min(count, CALLS) }, (_, n): Mutant => {
      const which = count === 1 ? '' : `the ${ORDINALS[n]} `;
      return {
        id: `${command.name}: ${which}${method} does not happen`,
        kind: 'effect',
        command: command.name,
        change: (sound) =>
          withChanges(sound, () => {
            let time = 0;
            return (called, args, go) => {
              if (called !== method) return go(args);
              time += 1;
              const dropped = n === CALLS - 1 ? time >= CALLS : time === n + 1;
              // A call to EL3 that is not made is taken for one that succeeded.
              return dropped ? (method === 'gtsi' ? 0n : undefined) : go(args);
            };
          }),
      };
    }),
  );

const OTHER_RIPAS: Readonly<Record<string, string>> = { EMPTY: 'RAM', RAM: 'DESTROYED', DESTROYED: 'EMPTY' };

/** A value that is not the one it should be, or undefined where there is none to take. */
const wrongValue = (name: string, value: unknown): unknown => {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'bigint') return value ^ GRANULE;
  if (typeof value === 'boolean') return !value;
  if (name.endsWith('ripas') || name === 'ripas_value') return OTHER_RIPAS[String(value)];
  if (name === 'gprs' && Array.isArray(value)) return value.map((x: bigint) => x ^ 1n);
  return undefined;
};

/** Each member that is written, left as it was in a change, or wrong in a new record. */
const memberMutants = (command: Command, { members }: Behaviour): Mutant[] =>
  [...members].flatMap(([method, names]) =>
    [...names].map((name): Mutant => {
      const isChange = method.startsWith('update');
      return {
        id: `${command.name}: ${method} ${isChange ? 'leaves' : 'gets wrong'} ${name}`,
        kind: 'effect',
        command: command.name,
        change: (sound) =>
          withChanges(sound, () => (called, args, go) => {
            const record = args.at(-1) as Frame;
            if (called !== method || !(name in record)) return go(args);
            const { [name]: value, ...rest } = record;
            const wrong = wrongValue(name, value);
            return go([...args.slice(0, -1), isChange || wrong === undefined ? rest : { ...rest, [name]: wrong }]);
          }),
      };
    }),
  );

type Given = object | undefined;

/** Each output, and each member of an exit, not written back; and an effect that does not name its result. */
const answerMutants = (command: Command, { outputs, exits, answers, refusals, topped }: Behaviour): Mutant[] => {
  const mutant = (what: string, change: (given: NonNullable<Given>) => Given): Mutant => ({
    id: `${command.name}: ${what}`,
    kind: 'answer',
    command: command.name,
    change: (sound) =>
      withEffect(sound, (effect: (x: Frame) => unknown) => (x: Frame) => {
        const given = effect(x) as Given;
        return given === undefined ? undefined : change(given);
      }),
  });
  const drop = (values: Frame, name: string): Frame =>
    Object.fromEntries(Object.entries(values).filter(([key]) => key !== name));
  return [
    ...[...outputs].map((name) =>
      mutant(`the output ${name} is not written`, (given) =>
        isAnswer(given) ? answer({ ...given, out: drop(given.out ?? {}, name) }) : drop(given as Frame, name),
      ),
    ),
    ...[...exits].map((name) =>
      mutant(`the exit does not say ${name}`, (given) => {
        if (!isAnswer(given)) return given;
        const { exit } = (given.transfer ?? {}) as { readonly exit?: Frame };
        return exit === undefined ? given : answer({ ...given, transfer: { exit: drop(exit, name) } });
      }),
    ),
    ...(answers
      ? [
          mutant('every result is success', (given) => {
            if (!isAnswer(given)) return given;
            const { result: _, ...rest } = given;
            return answer(rest);
          }),
        ]
      : []),
    ...[...refusals].map(
      (condition): Mutant => ({
        id: `${command.name}: ${condition} answers the next level, and nothing besides`,
        kind: 'answer',
        command: command.name,
        condition,
        change: (sound) => {
          const post = sound.failures[condition]?.post as (x: object) => RmiResult | { readonly result: RmiResult };
          const wrong = (x: object): unknown => {
            const given = post(x);
            const { status, index } = 'result' in given ? given.result : given;
            return { status, index: index + 1 };
          };
          return withFailure(sound, condition, { post: wrong as never });
        },
      }),
    ),
    ...[...topped].map(
      (condition): Mutant => ({
        id: `${command.name}: ${condition} writes no output`,
        kind: 'answer',
        command: command.name,
        condition,
        change: (sound) => {
          const post = sound.failures[condition]?.post as (x: object) => RmiResult | { readonly result: RmiResult };
          const wrong = (x: object): unknown => {
            const given = post(x);
            return 'result' in given ? given.result : given;
          };
          return withFailure(sound, condition, { post: wrong as never });
        },
      }),
    ),
  ];
};

/** Each edge of the partial order left out: the condition that it put behind is checked as early as the others let it. */
const orderMutants = (command: Command): Mutant[] => {
  const pairs = [...command.order, ...(command.wellFormed ?? [])].flatMap(([lefts, rights]) =>
    lefts.flatMap((left) => rights.map((right) => [left, right] as const)),
  );
  const seen = new Set<string>();
  return pairs.flatMap(([left, right]): Mutant[] => {
    const id = `${command.name}: ${right} is checked before ${left}`;
    if (seen.has(id) || misordered(command, left, right) === undefined) return [];
    seen.add(id);
    return [
      {
        id,
        kind: 'order',
        command: command.name,
        condition: left,
        edge: [left, right],
        change: (sound) => misordered(sound, left, right) ?? sound,
      },
    ];
  });
};

/** Everything that is taken away from one command. */
export const mutantsOf = (command: Command, behaviour: Behaviour): readonly Mutant[] => [
  ...conditionMutants(command),
  ...boundaryMutants(command, behaviour),
  ...callMutants(command, behaviour),
  ...memberMutants(command, behaviour),
  ...answerMutants(command, behaviour),
  ...orderMutants(command),
];
