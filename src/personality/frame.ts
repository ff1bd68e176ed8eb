import { answer, isAnswer } from '../spec/index.ts';

/** What the effect and the conditions of a command are given, by the type of the command. */
// biome-ignore lint/suspicious/noExplicitAny: the frame is a parameter, so that nothing narrower than any is above all
export type FrameOf<C extends { readonly effect: (x: any) => unknown }> = Parameters<C['effect']>[0];

interface Given {
  readonly result?: unknown;
  readonly out?: object;
  readonly transfer?: unknown;
  readonly retry?: true;
}

/** What an effect gave, as an answer: outputs alone are an answer too. */
const answered = (given: unknown): Given => {
  if (typeof given !== 'object' || given === null) return {};
  return isAnswer(given) ? (given as Given) : { out: given };
};

/** An effect's answer with some members replaced by what `change` makes of it. */
export const amended = (given: unknown, change: (given: Given) => Given): unknown => {
  const before = answered(given);
  return answer({ ...before, ...change(before) } as object);
};

interface Exit {
  readonly exit_reason: string;
  readonly gprs?: readonly bigint[];
}

/** The answer of an effect that leaves the Realm by an exit, with that exit changed; any other answer as it is. */
export const withExit = (given: unknown, change: (exit: Exit) => object): unknown => {
  const { transfer } = answered(given);
  const exit = (transfer as { readonly exit?: Exit } | undefined)?.exit;
  return exit === undefined ? given : amended(given, () => ({ transfer: { exit: { ...exit, ...change(exit) } } }));
};
