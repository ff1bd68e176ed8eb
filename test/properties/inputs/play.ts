import { toHex } from '../../../src/bytes/index.ts';
import { createRandom } from '../random.ts';
import { mangle } from './mangle.ts';
import type { Read } from './parser.ts';
import { PARSERS, type ParserName } from './parsers.ts';

/** How long one input may take, in milliseconds. */
const LIMIT_MS = 2000;

export interface Played {
  readonly inputs: number;
  /** What an input did that none may do, told so that it can be done again; undefined when none did. */
  readonly failure: string | undefined;
}

/** A parser made once: what it needs besides the input is made then. */
export const createReader = (name: ParserName): Read => PARSERS[name].make();

const failureOf = (name: ParserName, seed: number, input: Uint8Array, says: string): string =>
  `${name} of input ${seed} (npm run soak:inputs -- --parser ${name} --seed ${seed} --count 1):\n${says}\n${toHex(input)}`;

/**
 * Gives a parser `count` inputs, of which each is drawn from a number of its own, counted from `first`.
 *
 * @param read  from `createReader`.
 */
export const playInputs = async (name: ParserName, read: Read, first: number, count: number): Promise<Played> => {
  const seeds = PARSERS[name].seeds();
  for (let seed = first; seed < first + count; seed += 1) {
    const input = mangle(createRandom(seed), seeds);
    const time = async (): Promise<number> => {
      const startMs = performance.now();
      const pending = read(input);
      if (pending instanceof Promise) await pending;
      return performance.now() - startMs;
    };
    try {
      // Twice too long is the input; once may be the machine, which does other things as well.
      if ((await time()) > LIMIT_MS && (await time()) > LIMIT_MS) throw new Error(`takes more than ${LIMIT_MS} ms`);
    } catch (error) {
      const says = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { inputs: seed - first, failure: failureOf(name, seed, input, says) };
    }
  }
  return { inputs: count, failure: undefined };
};
