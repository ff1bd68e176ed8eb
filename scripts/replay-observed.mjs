/**
 * Replays what the reference RMM (TF-RMM at rmm-spec-v1.0-rel0) was seen to do, on machines with its personality, and
 * compares every register, exit, measurement and token.
 *
 *   node scripts/replay-observed.mjs FILE [--personality NAME]
 *
 * Under another personality than tf-rmm, what differs is what the two do otherwise.
 *
 * FILE is JSON with `meta` and any of `rim_rem_scenarios`, `tokens` and `random_sessions`. A step of a scenario, a token,
 * and each call of a Host or a Realm in a sequence count one. Exit status: 0 when nothing failed, 1 when something did, 2
 * when FILE is no such file.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { committedFirmware } from './lib/firmware.mjs';
import { line, misusedBy, readInput } from './lib/input-file.mjs';
import { ObservedError, observedLibrary, parseRecording, replayRecording } from './lib/observed/observed.mjs';

const misused = misusedBy('replay-observed');

const ROOMS = ['abi', 'bytes', 'cbor', 'cose', 'hes', 'machine', 'rmm', 'platform', 'personality'];

const loadLibrary = async (name) => {
  const dist = new URL('../dist/', import.meta.url);
  if (!existsSync(fileURLToPath(new URL('index.js', dist)))) misused('dist is missing: run npm run build first');
  const room = (path) => import(new URL(path, dist));
  const loaded = await Promise.all(ROOMS.map(async (name) => [name, await room(`${name}/index.js`)]));
  const { platform, personality, ...rooms } = Object.fromEntries(loaded);
  const { nodeCrypto } = await room('crypto/node.js');
  const firmware = committedFirmware(rooms.hes, nodeCrypto);
  const choice = Object.hasOwn(personality.PERSONALITIES, name)
    ? personality.choose(name)
    : personality.choose('spec', [name]);
  if (choice === undefined) misused(`there is no personality ${name}: spec, tf-rmm, islet or a switch, such as D2`);
  const boot = (settings) =>
    platform.createPlatform({ crypto: nodeCrypto, firmware, personality: choice, ...settings });
  return { library: observedLibrary(rooms, nodeCrypto), boot };
};

const readArguments = () => {
  const options = { personality: { type: 'string', default: 'tf-rmm' } };
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (positionals.length === 1) return { file: positionals[0], personality: values.personality };
  } catch {
    // The usage says it all.
  }
  return misused('usage: node scripts/replay-observed.mjs FILE [--personality NAME]');
};

const { file, personality } = readArguments();
const recording = readInput(file, { maxMiB: 256, parse: parseRecording, Refusal: ObservedError, misused });
const { library, boot } = await loadLibrary(personality);

const total = { passed: 0, failed: 0 };
for (const { name, passed, failed, lines } of replayRecording(library, boot, recording)) {
  for (const each of lines) console.log(line(each).replace(/ +$/, ''));
  console.log(`${name}: ${passed} passed, ${failed} failed`);
  total.passed += passed;
  total.failed += failed;
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
