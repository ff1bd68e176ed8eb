import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const REALMS = 10_000;
const LIMIT_MIB = 1024;
const script = fileURLToPath(new URL('./idle-realms-memory.mjs', import.meta.url));

/** Realms of 16 granules each, activated and not running, in a process of their own, by the memory that they may take. */
export const idleRealms = () => {
  const run = spawnSync(process.execPath, [script, String(REALMS)], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`bench: ${run.stderr}`);
  const subjectMiB = Number(run.stdout) / (1 << 20);
  const ratio = subjectMiB / LIMIT_MIB;
  const what = `${REALMS} idle Realms of 16 granules, by 1 GiB`;
  return [{ id: 'idle-realms', what, subjectMiB, yardstickMiB: LIMIT_MIB, ratio, limit: 1 }];
};
