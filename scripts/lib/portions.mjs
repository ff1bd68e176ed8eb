// Work in portions on all cores: what soak scripts have in common.
import { Worker } from 'node:worker_threads';

/**
 * Lets threads work through portions until all are done, or one of them reports a failure, which ends the process.
 *
 * A thread posts a message when it is ready for a portion: what came of the last one, or `{ failure }`.
 *
 * @param {{ file: string, workerData: unknown, jobs: number, portions: unknown[], told: (message: object) => void }} work
 *   `file` is the script of the thread; `told` is given each message that is no failure.
 */
export const workThrough = async ({ file, workerData, jobs, portions, told }) => {
  const left = [...portions];
  const work = () =>
    new Promise((resolve, reject) => {
      const thread = new Worker(file, { workerData });
      thread.on('error', reject);
      thread.on('message', (message) => {
        if (message.failure !== undefined) {
          console.error(message.failure);
          process.exit(1);
        }
        told(message);
        const next = left.shift();
        if (next !== undefined) return thread.postMessage(next);
        thread.terminate();
        resolve();
      });
    });
  await Promise.all(Array.from({ length: jobs }, work));
};

/** A whole number from the command line. Ends the process when it is none. */
export const wholeNumber = (script, name, text) => {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  console.error(`${script}: --${name} must be a whole number, and is ${text}`);
  process.exit(2);
};

/** Tells how far the work is, where somebody watches. */
export const progress = (text) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${text}`);
};
