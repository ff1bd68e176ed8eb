/**
 * Replays measurement vectors through RMI and RSI calls, each on a machine of its own, and compares every RIM, every step
 * and every REM.
 *
 *   node scripts/check-measurement.mjs FILE
 *
 * FILE holds `rim`, `rem` or both, as `test/vectors/measurement.json` does. Exit status: 0 when nothing failed, 1 when a
 * vector did, 2 when FILE is no such file.
 */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { committedFirmware } from './lib/firmware.mjs';
import { createReplay } from './lib/measurement/replay.mjs';
import { parseVectors, VectorError } from './lib/measurement/vectors.mjs';

const MAX_FILE_BYTES = 64 << 20;

/** One line, whatever a file name or an identifier holds. */
const line = (text) => text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 300);

const misused = (sentence) => {
  console.error(`check-measurement: ${line(sentence)}`);
  process.exit(2);
};

const readFile = (path) => {
  const fd = openSync(path, 'r');
  try {
    if (!fstatSync(fd).isFile()) return misused(`${path}: is not a regular file`);
    const pieces = [];
    for (let size = 0; size <= MAX_FILE_BYTES; ) {
      const piece = Buffer.alloc(1 << 20);
      const got = readSync(fd, piece);
      if (got === 0) return Buffer.concat(pieces).toString('utf8');
      pieces.push(piece.subarray(0, got));
      size += got;
    }
    return misused(`${path}: is larger than ${MAX_FILE_BYTES >> 20} MiB`);
  } finally {
    closeSync(fd);
  }
};

const readVectors = (path) => {
  try {
    return parseVectors(readFile(path));
  } catch (error) {
    if (error instanceof VectorError) return misused(`${path}: ${error.message}`);
    if (error.code === undefined) throw error;
    return misused(`${path}: cannot be read: ${error.code}`);
  }
};

const loadReplay = async () => {
  const dist = new URL('../dist/', import.meta.url);
  if (!existsSync(fileURLToPath(new URL('index.js', dist)))) misused('dist is missing: run npm run build first');
  const room = (path) => import(new URL(path, dist));
  const [abi, bytes, host, rmm, machine, hes, { createPlatform }, { nodeCrypto }] = await Promise.all(
    ['abi', 'bytes', 'host', 'rmm', 'machine', 'hes', 'platform']
      .map((name) => room(`${name}/index.js`))
      .concat(room('crypto/node.js')),
  );
  const { DEFAULT_PROFILE, profileProblems } = machine;
  const firmware = committedFirmware(hes, nodeCrypto);
  return createReplay({ abi, bytes, host, rmm, DEFAULT_PROFILE, profileProblems }, (settings) =>
    createPlatform({ crypto: nodeCrypto, firmware, ...settings }),
  );
};

const args = process.argv.slice(2);
if (args.length !== 1 || args[0].startsWith('-')) misused('usage: node scripts/check-measurement.mjs FILE');
const { rim, rem } = readVectors(args[0]);
const replay = await loadReplay();

const others = new Set(rem.flatMap(({ expected }) => [...expected.keys()]));
for (const variant of replay.variants) others.delete(variant);
if (others.size > 0) {
  const named = [...others].join(', ');
  console.log(line(`not offered, so not run: ${named} (the RMM offers ${replay.variants.join(', ')})`));
}

const count = { passed: 0, failed: 0, skipped: 0 };
for (const vector of [...rim, ...rem]) {
  const { id, skipped, problems } = replay.run(vector);
  const outcome = skipped !== undefined ? 'skipped' : problems.length > 0 ? 'failed' : 'passed';
  count[outcome] += 1;
  console.log(line(`${outcome.padEnd(8)} ${id}${skipped === undefined ? '' : `: ${skipped}`}`));
  for (const problem of problems) console.log(line(`           ${problem}`));
}
console.log(`${replay.calls.rmi} RMI calls, ${replay.calls.rsi} RSI calls`);
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exitCode = count.failed > 0 ? 1 : 0;
