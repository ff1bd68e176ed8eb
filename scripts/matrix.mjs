/**
 * Writes docs/verifier-matrix.md and .json: what verifiers make of the whole corpus in every dialect, and of every firmware
 * set. It needs `npm run build`; a verifier whose toolchain is missing ends it, so that no page is written with a gap.
 *
 *     npm run matrix
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { goCcatoken, goCcatokenNext } from './lib/interop/go.mjs';
import { matrixPage, measured, predicted, runMatrix } from './lib/interop/matrix.mjs';
import { titles } from './lib/interop/peers.mjs';
import { preparation } from './lib/interop/preparation.mjs';
import { rustCcatoken } from './lib/interop/rust.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, 'node_modules/.cache/swcca-interop');
mkdirSync(cache, { recursive: true });

const { MODELS, predict } = await import('../dist/explain/index.js');
const { parseJwk } = await import('../dist/crypto/index.js');
const { nodeCrypto } = await import('../dist/crypto/node.js');

/** Which others there are, and what came of asking for them. */
const ABSENT = [
  'veraison/services: the Go module proxy used here hands out no version (403 for v0.0.2509, v0.0.2512, v0.0.2605, v0.0.2606, v0.0.2608 and 6b88102)',
  'evcli: nor of v2.0.1 and 1685bf5; what it checks is Go ccatoken v1.3.1',
  'Go ccatoken 4f1244e: nor of that; it differs from b26aba0 in the version of psatoken that it asks for',
  'rust-ccatoken after 0.1.0, and Trustee: not published as crates',
  'iat-verifier: not published on PyPI',
  't_cose, QCBOR: not packaged by Debian',
];

const peers = {
  go: await preparation('go-ccatoken', (say) => goCcatoken(root, cache, say)),
  next: await preparation('go-ccatoken-b26aba0', (say) => goCcatokenNext(root, cache, say)),
  rust: await preparation('rust-ccatoken', (say) => rustCcatoken(root, cache, say)),
};
const missing = Object.values(peers).find(({ ready }) => !ready);
if (missing !== undefined) {
  console.error(`matrix: ${missing.reason}; nothing was written`);
  process.exit(1);
}
const names = titles(root);
const verifiers = [
  measured('go-ccatoken', names.goCcatoken, peers.go.command),
  measured('go-ccatoken-main', names.goCcatokenNext, peers.next.command),
  measured('rust-ccatoken-0.1.0', names.rustCcatoken, [...peers.rust.command, 'ccatoken']),
  ...MODELS.filter(({ evidence }) => evidence === 'predicted').map((model) =>
    predicted(model, { predict, parseJwk, crypto: nodeCrypto }),
  ),
];
const directory = mkdtempSync(join(tmpdir(), 'swcca-matrix-'));
try {
  const cli = join(root, 'dist/cli/main.js');
  const result = await runMatrix({ root, cli, directory, verifiers, say: (words) => console.log(`  ${words}`) });
  const about = verifiers.map(({ id, title, evidence }) => ({ id, title, evidence }));
  const facts = { format: 'swcca/verifier-matrix/v1', verifiers: about, ...result, absent: ABSENT };
  writeFileSync(join(root, 'docs/verifier-matrix.json'), `${JSON.stringify(facts, undefined, 1)}\n`);
  writeFileSync(join(root, 'docs/verifier-matrix.md'), matrixPage(result, verifiers, ABSENT));
  for (const { title, evidence } of verifiers) console.log(`${evidence === 'measured' ? 'ran' : 'predicted'} ${title}`);
  console.log('wrote docs/verifier-matrix.md and docs/verifier-matrix.json');
} finally {
  rmSync(directory, { recursive: true });
}
