import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchRealm } from '../../dist/host/index.js';
import { interleave } from './interleave.mjs';
import { bootMachine, PAYLOAD_BYTES, PAYLOAD_MIB, payloadBytes, planOf } from './machine.mjs';

const CHILD = fileURLToPath(new URL('./launch-memory.mjs', import.meta.url));
const IDLE = fileURLToPath(new URL('./idle-memory.mjs', import.meta.url));

/** Peak resident memory of a process of its own, in bytes. */
const peakOf = (...args) => {
  const { stdout, status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the child process failed: ${stderr}`);
  return Number(stdout);
};

const time = (payload) => {
  const plan = planOf(payload.length, (offset, length) => payload.subarray(offset, offset + length));
  return interleave(
    { repetitions: 9, warmUp: 2 },
    () => {
      const platform = bootMachine();
      return () => launchRealm(platform, plan);
    },
    () => () => createHash('sha256').update(payload).digest(),
  );
};

/** What a launch takes beyond what any process of Node takes, read from a file as a Host reads it. */
const memory = (payload) => {
  const folder = mkdtempSync(join(tmpdir(), 'swcca-bench-'));
  try {
    const file = join(folder, 'payload');
    writeFileSync(file, payload);
    const idle = peakOf(IDLE);
    const launched = peakOf(CHILD, file);
    return {
      subjectMiB: (launched - idle) / 2 ** 20,
      yardstickMiB: PAYLOAD_MIB,
      ratio: (launched - idle) / PAYLOAD_BYTES,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** Launch of a Realm with a large measured payload, by one hash of the same bytes; its memory, by the payload's size. */
export const launch = () => {
  const payload = payloadBytes();
  return [
    {
      id: 'launch',
      what: `launch with ${PAYLOAD_MIB} MiB measured, by one SHA-256 of them`,
      limit: 8,
      aim: 4,
      ...time(payload),
    },
    { id: 'launch-memory', what: `peak memory of that launch, by ${PAYLOAD_MIB} MiB`, limit: 3, ...memory(payload) },
  ];
};
