import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Listed } from '../../corpus/index.ts';
import { createProducer, type Job } from './produce.ts';

/** Tokens that a thread makes at a time: enough to sign many together, few enough to share out evenly. */
const CHUNK = 64;
/** Below this a thread takes longer to start than the work does. */
const WORTH_THREADS = 400;
/**
 * MiB that a thread's heap may have. What is alive in it is a tenth of that, and without a limit a heap grows with the
 * number of tokens, since collecting it can always wait.
 */
const THREAD_HEAP = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 96 } as const;
/** Chunks that may wait for one that is slower, for each thread. */
const AHEAD = 4;

/** The worker as it is built, beside the chunk that this file is part of. */
const WORKER = new URL('../corpus/worker.js', import.meta.url);

function* chunksOf(positions: Iterable<number>): Generator<readonly number[]> {
  let chunk: number[] = [];
  for (const position of positions) {
    chunk.push(position);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

const inThisThread = async (
  job: Job,
  positions: Iterable<number>,
  onMade: (made: readonly Listed[]) => void,
): Promise<void> => {
  const produce = createProducer(job);
  for (const chunk of chunksOf(positions)) {
    onMade(produce(chunk));
    // A signal is seen between two chunks.
    await new Promise((resolve) => setImmediate(resolve));
  }
};

/** Hands chunks to threads and gives back what they made in the order of the positions. */
const inThreads = (
  job: Job,
  positions: Iterable<number>,
  threads: number,
  onMade: (made: readonly Listed[]) => void,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const chunks = chunksOf(positions);
    const waiting = new Map<number, readonly Listed[]>();
    const idle: Worker[] = [];
    const workers: Worker[] = [];
    let sent = 0;
    let told = 0;
    let ended = false;

    const finish = (error?: unknown): void => {
      for (const worker of workers) void worker.terminate();
      if (error === undefined) resolve();
      else reject(error);
    };
    const feed = (): void => {
      while (!ended && idle.length > 0 && sent - told < AHEAD * threads) {
        const next = chunks.next();
        if (next.done === true) {
          ended = true;
          break;
        }
        idle.pop()?.postMessage({ chunk: sent, positions: next.value });
        sent += 1;
      }
      if (ended && told === sent) finish();
    };
    const onAnswer = (worker: Worker, { chunk, made }: { chunk: number; made: readonly Listed[] }): void => {
      waiting.set(chunk, made);
      for (let ready = waiting.get(told); ready !== undefined; ready = waiting.get(told)) {
        waiting.delete(told);
        told += 1;
        onMade(ready);
      }
      idle.push(worker);
      feed();
    };
    for (let i = 0; i < threads; i++) {
      const worker = new Worker(WORKER, { workerData: job, resourceLimits: THREAD_HEAP });
      worker.on('message', (answer) => onAnswer(worker, answer));
      worker.on('error', finish);
      workers.push(worker);
      idle.push(worker);
    }
    feed();
  });

/**
 * Makes the tokens at these positions.
 *
 * @param size    how many there are.
 * @param onMade  is told what was made, in order.
 */
export const produceAll = (
  job: Job,
  positions: Iterable<number>,
  size: number,
  threads: number,
  onMade: (made: readonly Listed[]) => void,
): Promise<void> =>
  threads < 2 || size < WORTH_THREADS || !existsSync(fileURLToPath(WORKER))
    ? inThisThread(job, positions, onMade)
    : inThreads(job, positions, threads, onMade);
