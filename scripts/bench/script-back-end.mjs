import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { medianOf } from './interleave.mjs';

const LOOPS = 1_000_000;
/** A token as TF-RMM's are. */
const TOTAL = 2400;
const ROUNDS = 5;
const root = fileURLToPath(new URL('../..', import.meta.url));

const run = (command, args) => {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`bench: ${command}: ${error?.message ?? stderr}`);
  return stdout;
};

/** A million loops as a driver has them, in C against the script back end, by a second of processor time. */
export const scriptBackEnd = () => {
  if (spawnSync('cc', ['--version']).status !== 0) {
    console.error('bench: script-back-end is left out: a C compiler is missing, there is no program cc');
    return [];
  }
  const clients = join(root, 'src/clients/c');
  const folder = join(root, 'node_modules/.cache/swcca');
  mkdirSync(folder, { recursive: true });
  const program = join(folder, 'script-back-end');
  const sources = ['scripts/bench/script-back-end.c', 'src/clients/c/examples/client.c', 'src/clients/c/swcca.c'];
  const include = [`-I${clients}`, `-I${join(clients, 'examples')}`];
  run('cc', ['-std=c11', '-O3', ...include, ...sources.map((path) => join(root, path)), '-o', program]);
  const subjectMs = medianOf(Array.from({ length: ROUNDS }, () => Number(run(program, [LOOPS, TOTAL].map(String)))));
  const yardstickMs = 1000;
  const what = `${LOOPS} INIT/CONTINUE loops of ${TOTAL} bytes in C, by 1 s`;
  return [{ id: 'script-back-end', what, subjectMs, yardstickMs, ratio: subjectMs / yardstickMs, limit: 1 }];
};
