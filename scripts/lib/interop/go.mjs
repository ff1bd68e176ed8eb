import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';
import { built, fetched, toolchain } from './toolchain.mjs';

/** Of the Go module that carries Project Wycheproof's vectors: its version and the hash that Go computes of its files. */
const WYCHEPROOF = {
  path: 'github.com/c2sp/wycheproof',
  version: 'v0.0.0-20260625212325-ee7b4f7e6119',
  sum: 'h1:jOCu6erj86P93+eFn8Qxp6XLwftn1nW0C9RUx7xZwZg=',
};

/** The drivers in Go by name: their folder of test/interop and, where two versions share their sources, the module file. */
const DRIVERS = {
  'go-ccatoken': { folder: 'go-ccatoken', modfile: 'go.mod' },
  'go-ccatoken-b26aba0': { folder: 'go-ccatoken', modfile: 'b26aba0.mod' },
  'go-configfs-tsm': { folder: 'go-configfs-tsm', modfile: 'go.mod' },
  'go-corim': { folder: 'go-corim', modfile: 'go.mod' },
  'go-veraison': { folder: 'go-veraison', modfile: 'go.mod' },
};

/**
 * Builds a driver with the module that it drives, both as its module file pins them.
 *
 * @param {keyof typeof DRIVERS} name also of the program in the cache
 * @returns {Promise<{ command: readonly string[] }>}
 */
async function goDriver(name, root, cache, say) {
  await toolchain('go', ['version'], 'the Go toolchain', say);
  const { folder, modfile } = DRIVERS[name];
  const options = { cwd: join(root, 'test/interop', folder) };
  say('fetching modules');
  await fetched(await run('go', ['mod', 'download', `-modfile=${modfile}`], options));
  say('building');
  const program = join(cache, name);
  built(await run('go', ['build', `-modfile=${modfile}`, '-buildvcs=false', '-o', program, '.'], options));
  return { command: [program] };
}

/** The Go module `github.com/veraison/ccatoken`. */
export const goCcatoken = (root, cache, say) => goDriver('go-ccatoken', root, cache, say);

/** The same after its last release that can be had: the commit that Veraison's services pin. */
export const goCcatokenNext = (root, cache, say) => goDriver('go-ccatoken-b26aba0', root, cache, say);

/** The Go module `github.com/google/go-configfs-tsm`. */
export const goConfigfsTsm = (root, cache, say) => goDriver('go-configfs-tsm', root, cache, say);

/** The release of `github.com/veraison/corim`: profiles before 2025. */
export const goCorim = (root, cache, say) => goDriver('go-corim', root, cache, say);

/** What came after that release, with the profiles of 2025, and `github.com/veraison/ear`. */
export const goVeraison = (root, cache, say) => goDriver('go-veraison', root, cache, say);

/** Project Wycheproof's vectors: the directory of its Go module. */
export async function wycheproof(cache, say) {
  await toolchain('go', ['version'], 'the Go toolchain', say);
  say('fetching the module');
  const answer = await run('go', ['mod', 'download', '-json', `${WYCHEPROOF.path}@${WYCHEPROOF.version}`], {
    cwd: cache,
  });
  await fetched(answer);
  const { Dir, Sum } = JSON.parse(answer.stdout);
  if (Sum !== WYCHEPROOF.sum) throw new Error(`${WYCHEPROOF.path}: hash ${Sum}, expected ${WYCHEPROOF.sum}`);
  return { directory: Dir };
}

/** What the Go peers are called, with their versions as the module files pin them. */
export function goTitles(root) {
  const pinned = (driver, module) => {
    const { folder, modfile } = DRIVERS[driver];
    const text = readFileSync(join(root, 'test/interop', folder, modfile), 'utf8');
    return `github.com/${module} ${new RegExp(`github\\.com/${module} (v\\S+)`).exec(text)[1]} (Go)`;
  };
  return {
    goCcatoken: pinned('go-ccatoken', 'veraison/ccatoken'),
    goCcatokenNext: pinned('go-ccatoken-b26aba0', 'veraison/ccatoken'),
    goConfigfsTsm: pinned('go-configfs-tsm', 'google/go-configfs-tsm'),
    goCorim: pinned('go-corim', 'veraison/corim'),
    goCorimNext: pinned('go-veraison', 'veraison/corim'),
    goEar: pinned('go-veraison', 'veraison/ear'),
    wycheproof: `Project Wycheproof ${WYCHEPROOF.version.split('-').slice(1).join('-')}`,
  };
}
