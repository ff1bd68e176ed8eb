import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aflClients, cClients, libfuzzerClients } from './clients.mjs';
import { goExample, jestExample, pythonExample, rustExample } from './examples.mjs';
import { goCcatoken, goCcatokenNext, goConfigfsTsm, goCorim, goVeraison, wycheproof } from './go.mjs';
import { debianKernel } from './kernel.mjs';
import { debianGuest, qemuForArm64 } from './linux-guest.mjs';
import { chromium, openssl, otherHost } from './peers.mjs';
import { preparation } from './preparation.mjs';
import { ccatokenCli, rustCcatoken, rustConfigfsTsm } from './rust.mjs';

/**
 * Everybody who can take part: the name under which tests ask for it, a label for its progress, and how it is prepared from
 * the checkout, into the cache.
 *
 * @type {Readonly<Record<string, readonly [string, (root: string, cache: string, say: (words: string) => void) => Promise<object>]>>}
 */
const PARTICIPANTS = {
  openssl: ['openssl', (_root, _cache, say) => openssl(say)],
  goCcatoken: ['go-ccatoken', goCcatoken],
  goCcatokenNext: ['go-ccatoken-b26aba0', goCcatokenNext],
  goCorim: ['go-corim', goCorim],
  goVeraison: ['go-veraison', goVeraison],
  goConfigfsTsm: ['go-configfs-tsm', goConfigfsTsm],
  wycheproof: ['wycheproof', (_root, cache, say) => wycheproof(cache, say)],
  rustCcatoken: ['rust-ccatoken', rustCcatoken],
  rustConfigfsTsm: ['rust-configfs-tsm', rustConfigfsTsm],
  ccatokenCli: ['ccatoken', ccatokenCli],
  goExample: ['example in Go', goExample],
  rustExample: ['example in Rust', rustExample],
  pythonExample: ['example in Python', pythonExample],
  jestExample: ['example for jest', jestExample],
  cClients: ['c-clients', cClients],
  aflClients: ['afl', aflClients],
  libfuzzerClients: ['libfuzzer', libfuzzerClients],
  chromium: ['chromium', (_root, _cache, say) => chromium(say)],
  otherHost: ['other-host', (_root, _cache, say) => otherHost(say)],
  kernel: ['kernel', (_root, cache, say) => debianKernel(cache, say)],
  linuxGuest: ['linux-guest', (root, cache, say) => debianGuest(cache, join(root, 'test/interop/linux/init'), say)],
  qemu: ['qemu', (_root, _cache, say) => qemuForArm64(say)],
};

const FOLDER = 'test/interop';

/**
 * The test files whose name has one of the words in it, or all, and whether any of them names something.
 *
 * @param {string} root
 * @param {readonly string[]} words
 * @returns {{ files: readonly string[], names: (name: string) => boolean }} files from `root` on
 */
export function selection(root, words) {
  const files = readdirSync(join(root, FOLDER))
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `${FOLDER}/${file}`)
    .filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
  const sources = files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
  return { files, names: (name) => new RegExp(`\\b${name}\\b`).test(sources) };
}

/** Prepares the participants that are named, all at once: by name, each as it came out. */
export async function prepared(isNamed, root, cache) {
  const prepare = async (name) => {
    const [label, how] = PARTICIPANTS[name];
    return [name, await preparation(label, (say) => how(root, cache, say))];
  };
  return Object.fromEntries(await Promise.all(Object.keys(PARTICIPANTS).filter(isNamed).map(prepare)));
}
