import { Unavailable } from './preparation.mjs';
import { lastWords, run } from './run.mjs';

/**
 * The version of a program that a peer is built with.
 *
 * @throws {Unavailable} when there is no such program, or when it fails
 */
export async function toolchain(command, args, what, say) {
  const answer = await run(command, args);
  if (!answer.found) throw new Unavailable(`${what} is missing: there is no program ${command}`);
  if (answer.status !== 0) throw new Unavailable(`${what} is missing: ${lastWords(answer)}`);
  say(answer.stdout.trim());
  return answer.stdout.trim();
}

/** @throws {Unavailable} when a registry did not hand out what was asked of it */
export function fetched(answer) {
  if (answer.status !== 0) throw new Unavailable(`the registry did not give it: ${lastWords(answer)}`);
}

/** @throws {Error} when what a registry handed out does not build: that is ours to look at */
export function built(answer) {
  if (answer.status !== 0) throw new Error(`the build failed:\n${answer.stderr}`);
}
