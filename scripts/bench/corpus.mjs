import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { openMint, planCorpus, tokenMaker } from '../../dist/corpus/index.js';
import { signBatch } from '../../dist/crypto/batch.js';
import { nodeCrypto } from '../../dist/crypto/node.js';
import { DIALECTS } from '../../dist/token/index.js';
import { medianOf } from './interleave.mjs';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const MAIN = at('../../dist/cli/main.js');
const GO_SIGNER = at('./go-signer');

const run = (command, args, options = {}) => {
  const { error, status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (error !== undefined || status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
};

/** Milliseconds of processor time that one of `count` things takes: other programs do not count. */
const processorMs = (count, act) => {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / count;
};

const inTurn = (rounds, subject, yardstick) => {
  const times = Array.from({ length: rounds }, () => [subject(), yardstick()]);
  const [subjectMs, yardstickMs] = [0, 1].map((i) => medianOf(times.map((pair) => pair[i])));
  return { subjectMs, yardstickMs, ratio: subjectMs / yardstickMs, repetitions: rounds };
};

/** A token of the default machine, with keys that sign it again. */
const baseOf = (folder) => {
  run(process.execPath, [MAIN, 'token', '--bundle', join(folder, 'made')]);
  const read = (name) => Uint8Array.from(readFileSync(join(folder, 'made', name)));
  const key = (byte) => ({ curve: 'P-384', scalar: new Uint8Array(48).fill(byte) });
  const keys = { cpak: key(1), rak: key(2) };
  return { token: read('token.cbor'), challenge: read('challenge.bin'), dialect: DIALECTS['rmm-1.0'], keys };
};

const BATCH = 64;
/** A corpus of thousands is what takes time: by then everything is compiled. */
const PER_ROUND = 32 * BATCH;

/** Makes good tokens with challenges of their own, both tokens in each signed anew (RFC 6979). */
const corpusTokens = (base) => {
  const plan = planCorpus({ only: ['V01'], count: 1_000_000 });
  const make = tokenMaker(nodeCrypto, { base, seed: 'bench', edited: false }, (requests) =>
    signBatch(nodeCrypto, requests),
  );
  let position = 0;
  return () =>
    processorMs(PER_ROUND, () => {
      for (const end = position + PER_ROUND; position < end; position += BATCH) {
        make(Array.from({ length: BATCH }, (_, i) => plan.at(position + i)));
      }
    });
};

/** What signs tokens in Go, or undefined without its toolchain or its modules. */
const goSigner = (folder, token) => {
  const program = join(folder, 'go-signer');
  try {
    run('go', ['build', '-buildvcs=false', '-o', program, '.'], { cwd: GO_SIGNER });
  } catch (error) {
    console.error(
      `bench: Go's ccatoken is missing, the signatures of Node are the yardstick: ${error.message.split('\n')[0]}`,
    );
    return undefined;
  }
  return () => Number(run(program, [token, String(PER_ROUND)], { env: { ...process.env, GOMAXPROCS: '1' } }));
};

const message = new Uint8Array(700).fill(7);

/** Tokens of a corpus, by those that Go's ccatoken signs; without Go, by two signatures of the back end. */
const signing = (folder, base) => {
  const go = goSigner(folder, join(folder, 'made/token.cbor'));
  const ours = corpusTokens(base);
  const twoSignatures = () =>
    processorMs(PER_ROUND, () => {
      for (let i = 0; i < 2 * PER_ROUND; i += 1) nodeCrypto.sign('ES384', base.keys.rak, message);
    });
  ours();
  const [what, yardstick, limit] =
    go === undefined
      ? ['a signed token of a corpus, by two signatures of Node', twoSignatures, 1.1]
      : ["a signed token of a corpus, by one of Go's ccatoken", go, 1 / 1.5];
  return { id: 'corpus', what, limit: Number(limit.toFixed(2)), ...inTurn(5, ours, yardstick) };
};

/** Verifiers that one core is to feed. */
const FED = 16;
const VERIFIED = 512;

/** A minted token, by the two signatures that whoever judges it verifies at least. */
const minting = (base) => {
  const mint = openMint(nodeCrypto, base, 'bench');
  const key = nodeCrypto.publicKey(base.keys.rak);
  const signature = nodeCrypto.sign('ES384', base.keys.rak, message);
  const mintAll = () => processorMs(2 * PER_ROUND, () => mint.next(2 * PER_ROUND));
  const verifyAll = () =>
    processorMs(VERIFIED, () => {
      for (let i = 0; i < 2 * VERIFIED; i += 1) nodeCrypto.verify('ES384', key, message, signature);
    });
  mintAll();
  const what = `a minted token, by the two verifications it costs (${FED} verifiers)`;
  return { id: 'mint-fast', what, limit: Number((1 / FED).toFixed(4)), ...inTurn(5, mintAll, verifyAll) };
};

const PROBE = pathToFileURL(at('../../test/cli/support/peak-memory.mjs')).href;
const FEW = 1000;
const MANY = 8000;

/** Peak memory of swcca corpus with two threads, for many tokens by that for few. */
const memory = (folder) => {
  const peakMiB = (count) => {
    const env = { ...process.env, PEAK_MEMORY_FILE: join(folder, 'peak') };
    const args = ['corpus', '--out', join(folder, `corpus-${count}`), '--random', String(count), '--jobs', '2'];
    run(process.execPath, ['--import', PROBE, MAIN, ...args], { env });
    return Number(readFileSync(join(folder, 'peak'), 'utf8')) / 1024;
  };
  const [yardstickMiB, subjectMiB] = [peakMiB(FEW), peakMiB(MANY)];
  const what = `memory of a corpus of ${MANY} random tokens, by one of ${FEW}`;
  return { id: 'corpus-memory', what, limit: 1.25, subjectMiB, yardstickMiB, ratio: subjectMiB / yardstickMiB };
};

export const corpus = () => {
  const folder = mkdtempSync(join(tmpdir(), 'swcca-bench-'));
  try {
    const base = baseOf(folder);
    return [signing(folder, base), minting(base), memory(folder)];
  } finally {
    rmSync(folder, { recursive: true });
  }
};
