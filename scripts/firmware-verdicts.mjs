/**
 * Writes docs/firmware-verdicts.md: what the verifiers of test/interop say of the token of each firmware set. It needs
 * `npm run build`, and the toolchains of Go and Rust.
 *
 *     node scripts/firmware-verdicts.mjs
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firmwareVerdicts, pageFile, tablePeers, writePage } from './lib/interop/firmware-verdicts.mjs';
import { goCcatoken } from './lib/interop/go.mjs';
import { titles } from './lib/interop/peers.mjs';
import { preparation } from './lib/interop/preparation.mjs';
import { rustCcatoken } from './lib/interop/rust.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, 'node_modules/.cache/swcca-interop');
mkdirSync(cache, { recursive: true });
const participants = {
  goCcatoken: await preparation('go-ccatoken', (say) => goCcatoken(root, cache, say)),
  rustCcatoken: await preparation('rust-ccatoken', (say) => rustCcatoken(root, cache, say)),
};
const missing = Object.values(participants).find(({ ready }) => !ready);
if (missing !== undefined) {
  console.error(`firmware-verdicts: ${missing.reason}; nothing was written`);
  process.exit(1);
}
const directory = mkdtempSync(join(tmpdir(), 'swcca-verdicts-'));
try {
  const cli = join(root, 'dist/cli/main.js');
  writePage(root, firmwareVerdicts({ cli, directory, peers: tablePeers(participants, titles(root)) }));
  console.log(`wrote ${pageFile(root)}`);
} finally {
  rmSync(directory, { recursive: true });
}
