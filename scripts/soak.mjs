// Plays random sequences of commands for as long as it is asked to, on all cores: what `npm test` does, and more of it.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { progress, wholeNumber, workThrough } from './lib/portions.mjs';

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

const main = async () => {
  const { values } = parseArgs({
    options: {
      sequences: { type: 'string', default: '10000' },
      length: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1000000' },
      jobs: { type: 'string', default: String(availableParallelism()) },
    },
  });
  const sequences = wholeNumber('soak', 'sequences', values.sequences);
  const length = wholeNumber('soak', 'length', values.length);
  const seed = wholeNumber('soak', 'seed', values.seed);
  const jobs = Math.max(1, wholeNumber('soak', 'jobs', values.jobs));

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

  const told = ({ sequences: more, commands: calls }) => {
    played += more;
    commands += calls;
    progress(`${played} of ${total} sequences`);
  };
  await workThrough({ file: fileURLToPath(import.meta.url), workerData: { library }, jobs, portions, told });
  progress('');
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(
    `${played} sequences of ${length}: ${commands} commands kept every law, from seed ${seed}, in ${seconds} s`,
  );
};

await (isMainThread ? main() : worker());
