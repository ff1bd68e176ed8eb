// Runs other people's verifiers on what this project makes, and other people's vectors and kernels through it.
//
//   npm run test:interop                      every peer that this machine can run
//   npm run test:interop -- --all             a peer that cannot run is a failure
//   npm run test:interop -- wycheproof        only the tests whose file name contains the word
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startVitest } from 'vitest/node';
import { aflClients, cClients } from './lib/interop/clients.mjs';
import { goExample, jestExample, pythonExample, rustExample } from './lib/interop/examples.mjs';
import { goCcatoken, goCcatokenNext, goConfigfsTsm, goCorim, goVeraison, wycheproof } from './lib/interop/go.mjs';
import { debianKernel } from './lib/interop/kernel.mjs';
import { debianGuest, qemuForArm64 } from './lib/interop/linux-guest.mjs';
import { ccatokenCli, chromium, openssl, rustCcatoken, rustConfigfsTsm, titles } from './lib/interop/peers.mjs';
import { preparation } from './lib/interop/preparation.mjs';
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

const pinned = titles(root);
console.log(`Preparing the peers: ${Object.values(pinned).join(', ')}`);
mkdirSync(cache, { recursive: true });
const preparations = {
  openssl: preparation('openssl', (say) => openssl(say)),
  goCcatoken: preparation('go-ccatoken', (say) => goCcatoken(root, cache, say)),
  goCcatokenNext: preparation('go-ccatoken-b26aba0', (say) => goCcatokenNext(root, cache, say)),
  goCorim: preparation('go-corim', (say) => goCorim(root, cache, say)),
  goVeraison: preparation('go-veraison', (say) => goVeraison(root, cache, say)),
  goConfigfsTsm: preparation('go-configfs-tsm', (say) => goConfigfsTsm(root, cache, say)),
  wycheproof: preparation('wycheproof', (say) => wycheproof(cache, say)),
  rustCcatoken: preparation('rust-ccatoken', (say) => rustCcatoken(root, cache, say)),
  rustConfigfsTsm: preparation('rust-configfs-tsm', (say) => rustConfigfsTsm(root, cache, say)),
  ccatokenCli: preparation('ccatoken', (say) => ccatokenCli(root, cache, say)),
  cClients: preparation('c-clients', (say) => cClients(root, cache, say)),
  aflClients: preparation('afl', (say) => aflClients(root, cache, say)),
  chromium: preparation('chromium', (say) => chromium(say)),
  kernel: preparation('kernel', (say) => debianKernel(cache, say)),
  linuxGuest: preparation('linux-guest', (say) => debianGuest(cache, join(root, 'test/interop/linux/init'), say)),
  qemu: preparation('qemu', (say) => qemuForArm64(say)),
};
Object.assign(preparations, {
  goExample: preparation('example in Go', (say) => goExample(root, cache, say)),
  rustExample: preparation('example in Rust', (say) => rustExample(root, cache, say, preparations.rustCcatoken)),
  pythonExample: preparation('example in Python', (say) => pythonExample(root, cache, say)),
  jestExample: preparation('example for jest', (say) => jestExample(root, cache, say)),
});
const participants = Object.fromEntries(
  await Promise.all(Object.entries(preparations).map(async ([name, prepared]) => [name, await prepared])),
);

const vitest = await startVitest('test', filters, {
  root,
  project: ['interop'],
  watch: false,
  provide: { interop: { titles: pinned, ...participants } },
});
const { failed, skipped } = printSummary(vitest);
await vitest.close();
process.exitCode = failed > 0 || (options.includes('--all') && skipped > 0) ? 1 : 0;
