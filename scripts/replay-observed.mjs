/**
 * Replays what the reference RMM (TF-RMM at rmm-spec-v1.0-rel0) was seen to do, on machines with its personality, and
 * compares every register, exit, measurement and token.
 *
 *   node scripts/replay-observed.mjs FILE
 *
 * FILE is JSON with `meta` and any of `rim_rem_scenarios`, `tokens` and `random_sessions`. A step of a scenario, a token,
 * and each call of a Host or a Realm in a sequence count one. Exit status: 0 when nothing failed, 1 when something did, 2
 * when FILE is no such file.
 */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { committedFirmware } from './lib/firmware.mjs';
import { ObservedError, observedLibrary, parseRecording, replayRecording } from './lib/observed/observed.mjs';

const MAX_FILE_BYTES = 256 << 20;

/** One line, whatever a file name or a recording holds. */
const line = (text) => text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 600);

const misused = (sentence) => {
  console.error(`replay-observed: ${line(sentence)}`);
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

const readRecording = (path) => {
  try {
    return parseRecording(readFile(path));
  } catch (error) {
    if (error instanceof ObservedError) return misused(`${path}: ${error.message}`);
    if (error.code === undefined) throw error;
    return misused(`${path}: cannot be read: ${error.code}`);
  }
};

const ROOMS = ['abi', 'bytes', 'cbor', 'cose', 'hes', 'machine', 'rmm', 'platform', 'personality'];

const loadLibrary = async () => {
  const dist = new URL('../dist/', import.meta.url);
  if (!existsSync(fileURLToPath(new URL('index.js', dist)))) misused('dist is missing: run npm run build first');
  const room = (path) => import(new URL(path, dist));
  const loaded = await Promise.all(ROOMS.map(async (name) => [name, await room(`${name}/index.js`)]));
  const { platform, personality, ...rooms } = Object.fromEntries(loaded);
  const { nodeCrypto } = await room('crypto/node.js');
  const firmware = committedFirmware(rooms.hes, nodeCrypto);
  const tfRmm = personality.choose('tf-rmm');
  const boot = (settings) => platform.createPlatform({ crypto: nodeCrypto, firmware, personality: tfRmm, ...settings });
  return { library: observedLibrary(rooms, nodeCrypto), boot };
};

const args = process.argv.slice(2);
if (args.length !== 1 || args[0].startsWith('-')) misused('usage: node scripts/replay-observed.mjs FILE');
const recording = readRecording(args[0]);
const { library, boot } = await loadLibrary();

const total = { passed: 0, failed: 0 };
for (const { name, passed, failed, lines } of replayRecording(library, boot, recording)) {
  for (const each of lines) console.log(line(each).replace(/ +$/, ''));
  console.log(`${name}: ${passed} passed, ${failed} failed`);
  total.passed += passed;
  total.failed += failed;
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
