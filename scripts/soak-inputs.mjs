// Gives random and mutated inputs of up to 4 KiB to every parser, on all cores: what `npm test` does, and more of it.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { progress, wholeNumber, workThrough } from './lib/portions.mjs';

/** Inputs that a thread takes before it asks for more. */
const PORTION = 5000;

const worker = async () => {
  const { createReader, playInputs } = await import(workerData.library);
  const readers = new Map();
  parentPort.on('message', async ({ name, first, count }) => {
    if (!readers.has(name)) readers.set(name, createReader(name));
    const startMs = performance.now();
    const { inputs, failure } = await playInputs(name, readers.get(name), first, count);
    parentPort.postMessage(failure === undefined ? { name, inputs, ms: performance.now() - startMs } : { failure });
  });
  parentPort.postMessage({ inputs: 0 });
};

const main = async () => {
  const { values } = parseArgs({
    options: {
      parser: { type: 'string', multiple: true, default: [] },
      count: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: '1000000' },
      jobs: { type: 'string', default: String(availableParallelism()) },
    },
  });
  const count = wholeNumber('soak:inputs', 'count', values.count);
  const seed = wholeNumber('soak:inputs', 'seed', values.seed);
  const jobs = Math.max(1, wholeNumber('soak:inputs', 'jobs', values.jobs));

  const { buildTestLibrary } = await import('./lib/test-library.mjs');
  const library = await buildTestLibrary('soak-inputs', ['properties/inputs/parsers.ts', 'properties/inputs/play.ts']);
  const { PARSER_NAMES } = await import(library);
  const strange = values.parser.find((name) => !PARSER_NAMES.includes(name));
  if (strange !== undefined) {
    console.error(`soak:inputs: there is no parser ${strange}; there are ${PARSER_NAMES.join(', ')}`);
    process.exit(2);
  }
  const names = values.parser.length > 0 ? values.parser : PARSER_NAMES;
  const tally = new Map(names.map((name) => [name, { inputs: 0, ms: 0 }]));
  const portions = names.flatMap((name) =>
    Array.from({ length: Math.ceil(count / PORTION) }, (_, i) => ({
      name,
      first: seed + i * PORTION,
      count: Math.min(PORTION, count - i * PORTION),
    })),
  );
  let done = 0;
  const told = ({ name, inputs, ms }) => {
    done += inputs;
    progress(`${done} of ${count * names.length} inputs`);
    if (name === undefined) return;
    const { inputs: before, ms: msBefore } = tally.get(name);
    tally.set(name, { inputs: before + inputs, ms: msBefore + ms });
  };
  await workThrough({ file: fileURLToPath(import.meta.url), workerData: { library }, jobs, portions, told });
  progress('');
  for (const [name, { inputs, ms }] of tally) {
    console.log(
      `${name.padEnd(18)} ${inputs} inputs came to results and coded errors, ${((1000 * ms) / inputs).toFixed(0)} us each`,
    );
  }
};

await (isMainThread ? main() : worker());
