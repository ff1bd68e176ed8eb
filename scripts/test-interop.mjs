// Runs other people's verifiers on what this project makes, and other people's vectors and kernels through it.
//
//   npm run test:interop                      every peer that this machine can run
//   npm run test:interop -- --all             a peer that cannot run is a failure
//   npm run test:interop -- wycheproof        only the tests whose file name contains the word, and who they need
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startVitest } from 'vitest/node';
import { prepared, selection } from './lib/interop/participants.mjs';
import { titles } from './lib/interop/peers.mjs';
import { printSummary } from './lib/interop/summary.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, 'node_modules/.cache/swcca-interop');
const words = process.argv.slice(2);
const options = words.filter((word) => word.startsWith('-'));
const filters = words.filter((word) => !word.startsWith('-'));

function misused(sentence) {
  console.error(`test-interop: ${sentence}`);
  process.exit(2);
}

for (const option of options) if (option !== '--all') misused(`${option}: the only option is --all`);
if (!existsSync(join(root, 'dist/cli/main.js'))) misused('dist/cli/main.js is missing: run npm run build first');

const { files, names } = selection(root, filters);
if (files.length === 0) misused(`no test file has ${filters.join(' or ')} in its name`);
const pinned = titles(root);
const versions = Object.keys(pinned)
  .filter(names)
  .map((name) => pinned[name]);
console.log(`Preparing the peers${versions.length > 0 ? `: ${versions.join(', ')}` : ''}`);
mkdirSync(cache, { recursive: true });
const participants = await prepared(names, root, cache);

const vitest = await startVitest('test', files, {
  root,
  project: ['interop'],
  watch: false,
  provide: { interop: { titles: pinned, ...participants } },
});
const { failed, skipped } = printSummary(vitest);
await vitest.close();
process.exitCode = failed > 0 || (options.includes('--all') && skipped > 0) ? 1 : 0;
