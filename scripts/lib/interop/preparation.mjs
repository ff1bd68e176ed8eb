/** Why something cannot take part: no toolchain, no registry. Anything else that goes wrong is an error of ours. */
export class Unavailable extends Error {}

/**
 * Prepares one participant with words about its progress.
 *
 * @template T
 * @param {string} name
 * @param {(say: (words: string) => void) => Promise<T>} prepare throws Unavailable when the participant cannot be had
 * @returns {Promise<{ ready: true } & T | { ready: false, reason: string }>}
 */
export async function preparation(name, prepare) {
  const start = Date.now();
  const say = (words) => console.log(`  ${name}: ${words}`);
  try {
    const parts = await prepare(say);
    say(`ready after ${((Date.now() - start) / 1000).toFixed(1)} s`);
    return { ready: true, ...parts };
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    say(`not available: ${error.message}`);
    return { ready: false, reason: error.message };
  }
}
