// Plays random sequences of commands for as long as it is asked to, on all cores: what `npm test` does, and more of it.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** Sequences that a worker plays before it asks for more. */
const PORTION = 20;

const worker = async () => {
  const { createScene, report, runSequence } = await import(workerData.library);
  const scenes = new Map();
  parentPort.on('message', ({ name, first, count, length }) => {
    if (!scenes.has(name)) scenes.set(name, createScene(name));
    const scene = scenes.get(name);
    let commands = 0;
    for (let seed = first; seed < first + count; seed += 1) {
      const { acts, failure } = runSequence(scene, seed, length);
      commands += acts;
      if (failure === undefined) continue;
      parentPort.postMessage({ failure: report(scene, seed, length, failure) });
      return;
    }
    parentPort.postMessage({ commands, sequences: count });
  });
  parentPort.postMessage({ commands: 0, sequences: 0 });
};

const wholeNumber = (name, text) => {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  console.error(`soak: --${name} must be a whole number, and is ${text}`);
  process.exit(2);
};

const main = async () => {
  const { values } = parseArgs({
    options: {
      sequences: { type: 'string', default: '10000' },
      length: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1000000' },
      jobs: { type: 'string', default: String(availableParallelism()) },
    },
  });
  const sequences = wholeNumber('sequences', values.sequences);
  const length = wholeNumber('length', values.length);
  const seed = wholeNumber('seed', values.seed);
  const jobs = Math.max(1, wholeNumber('jobs', values.jobs));

  const { buildTestLibrary } = await import('./lib/test-library.mjs');
  const library = await buildTestLibrary('soak', ['properties/scenes.ts', 'properties/sequence.ts']);
  const { sharesOf } = await import(library);

  const portions = sharesOf(sequences).flatMap(({ name, count }) =>
    Array.from({ length: Math.ceil(count / PORTION) }, (_, i) => ({
      name,
      first: seed + i * PORTION,
      count: Math.min(PORTION, count - i * PORTION),
      length,
    })),
  );
  const total = portions.reduce((sum, { count }) => sum + count, 0);
  const started = Date.now();
  let played = 0;
  let commands = 0;

  const work = () =>
    new Promise((resolve, reject) => {
      const thread = new Worker(fileURLToPath(import.meta.url), { workerData: { library } });
      thread.on('error', reject);
      thread.on('message', (message) => {
        if (message.failure !== undefined) {
          console.error(message.failure);
          process.exit(1);
        }
        played += message.sequences;
        commands += message.commands;
        if (process.stderr.isTTY) process.stderr.write(`\r${played} of ${total} sequences`);
        const next = portions.shift();
        if (next !== undefined) return thread.postMessage(next);
        thread.terminate();
        resolve();
      });
    });
  await Promise.all(Array.from({ length: jobs }, work));
  if (process.stderr.isTTY) process.stderr.write('\r');
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(
    `${played} sequences of ${length}: ${commands} commands kept every law, from seed ${seed}, in ${seconds} s`,
  );
};

await (isMainThread ? main() : worker());
