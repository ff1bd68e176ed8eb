// Runs other people's verifiers on what this project makes, and other people's vectors and kernels through it.
//
//   npm run test:interop                      every peer that this machine can run
//   npm run test:interop -- --all             a peer that cannot run is a failure
//   npm run test:interop -- wycheproof        only the tests whose file name contains the word
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startVitest } from 'vitest/node';
import { debianKernel } from './lib/interop/kernel.mjs';
import { goCcatoken, openssl, rustCcatoken, titles, wycheproof } from './lib/interop/peers.mjs';
import { preparation } from './lib/interop/preparation.mjs';
import { printSummary } from './lib/interop/summary.mjs';

const TEST_TIMEOUT_MS = 120_000;

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, 'node_modules/.cache/swcca-interop');
const words = process.argv.slice(2);
const everyPeer = words.includes('--all');
const filters = words.filter((word) => !word.startsWith('--'));

if (!existsSync(join(root, 'dist/cli/main.js'))) {
  console.error('test-interop: dist/cli/main.js is missing: run npm run build first');
  process.exit(2);
}

mkdirSync(cache, { recursive: true });
console.log('Preparing the peers');
const [openssl_, go, vectors, rust, kernel] = await Promise.all([
  preparation('openssl', (say) => openssl(say)),
  preparation('go-ccatoken', (say) => goCcatoken(root, cache, say)),
  preparation('wycheproof', (say) => wycheproof(cache, say)),
  preparation('rust-ccatoken', (say) => rustCcatoken(root, cache, say)),
  preparation('kernel', (say) => debianKernel(cache, say)),
]);

const interop = {
  titles: titles(root),
  openssl: openssl_,
  goCcatoken: go,
  wycheproof: vectors,
  rustCcatoken: rust,
  kernel,
};

const vitest = await startVitest('test', filters, {
  root,
  config: false,
  watch: false,
  include: ['test/interop/**/*.test.ts'],
  testTimeout: TEST_TIMEOUT_MS,
  hookTimeout: TEST_TIMEOUT_MS,
  provide: { interop },
});
const { failed, skipped } = printSummary(vitest);
await vitest.close();
process.exitCode = failed > 0 || (everyPeer && skipped > 0) ? 1 : 0;
