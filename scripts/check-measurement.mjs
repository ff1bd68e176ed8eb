/**
 * Replays measurement vectors through RMI and RSI calls, each on a machine of its own, and compares every RIM, every step
 * and every REM.
 *
 *   node scripts/check-measurement.mjs FILE
 *
 * FILE holds `rim`, `rem` or both, as `test/vectors/measurement.json` does. Exit status: 0 when nothing failed, 1 when a
 * vector did, 2 when FILE is no such file.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { committedFirmware } from './lib/firmware.mjs';
import { line, misusedBy, readInput } from './lib/input-file.mjs';
import { createReplay } from './lib/measurement/replay.mjs';
import { parseVectors, VectorError } from './lib/measurement/vectors.mjs';

const misused = misusedBy('check-measurement');

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
const { rim, rem } = readInput(args[0], { maxMiB: 64, parse: parseVectors, Refusal: VectorError, misused });
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
