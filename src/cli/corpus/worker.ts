import { parentPort, workerData } from 'node:worker_threads';
import { createProducer, type Job } from './produce.ts';

/** A thread that makes tokens: each message is a list of positions, each answer what was made. */
const produce = createProducer(workerData as Job);

parentPort?.on('message', ({ chunk, positions }: { readonly chunk: number; readonly positions: readonly number[] }) => {
  parentPort?.postMessage({ chunk, made: produce(positions) });
});
