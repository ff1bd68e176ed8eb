import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Unavailable } from './preparation.mjs';
import { lastWords, run } from './run.mjs';

/** Of the Go module that carries Project Wycheproof's vectors: its version and the hash that Go computes of its files. */
const WYCHEPROOF = {
  path: 'github.com/c2sp/wycheproof',
  version: 'v0.0.0-20260625212325-ee7b4f7e6119',
  sum: 'h1:jOCu6erj86P93+eFn8Qxp6XLwftn1nW0C9RUx7xZwZg=',
};

/** The Go module `github.com/veraison/ccatoken`, driven by test/interop/go-ccatoken. */
export async function goCcatoken(root, cache, say) {
  await toolchain('go', ['version'], 'the Go toolchain', say);
  const source = join(root, 'test/interop/go-ccatoken');
  say('fetching modules');
  await fetched(await run('go', ['mod', 'download'], { cwd: source }));
  say('building');
  const program = join(cache, 'go-ccatoken');
  built(await run('go', ['build', '-buildvcs=false', '-o', program, '.'], { cwd: source }));
  return { command: [program] };
}

/** The Go module `github.com/google/go-configfs-tsm`, driven by test/interop/go-configfs-tsm. */
export async function goConfigfsTsm(root, cache, say) {
  await toolchain('go', ['version'], 'the Go toolchain', say);
  const source = join(root, 'test/interop/go-configfs-tsm');
  say('fetching modules');
  await fetched(await run('go', ['mod', 'download'], { cwd: source }));
  say('building');
  const program = join(cache, 'go-configfs-tsm');
  built(await run('go', ['build', '-buildvcs=false', '-o', program, '.'], { cwd: source }));
  return { command: [program] };
}

/** The crate `ccatoken`, and the crate `cose-rust` below it, driven by test/interop/rust-ccatoken. */
export async function rustCcatoken(root, cache, say) {
  await toolchain('cargo', ['--version'], 'the Rust toolchain (cargo)', say);
  await toolchain('pkg-config', ['--modversion', 'openssl'], 'pkg-config with the headers of OpenSSL', say);
  const source = join(root, 'test/interop/rust-ccatoken');
  const target = join(cache, 'rust-target');
  const options = { cwd: source, env: { ...process.env, CARGO_TARGET_DIR: target } };
  say('fetching crates');
  const host = /^host: (.+)$/m.exec((await run('rustc', ['-vV'])).stdout)?.[1];
  await fetched(await run('cargo', ['fetch', '--locked', ...(host ? ['--target', host] : [])], options));
  say('building (about a minute and a half the first time)');
  built(await run('cargo', ['build', '--locked', '--offline'], options));
  return { command: [join(target, 'debug/rust-ccatoken')] };
}

/** The command line of the crate `ccatoken`, in the version that the driver beside it has. */
export async function ccatokenCli(root, cache, say) {
  await toolchain('cargo', ['--version'], 'the Rust toolchain (cargo)', say);
  await toolchain('pkg-config', ['--modversion', 'openssl'], 'pkg-config with the headers of OpenSSL', say);
  const home = join(cache, 'ccatoken-cli');
  const program = join(home, 'bin/ccatoken');
  if (existsSync(program)) return { command: [program] };
  say('fetching and building (about two minutes the first time)');
  const version = crateVersions(root)('ccatoken');
  const env = { ...process.env, CARGO_TARGET_DIR: join(cache, 'ccatoken-cli-target') };
  await fetched(await run('cargo', ['install', '--root', home, '--version', version, 'ccatoken'], { env }));
  return { command: [program] };
}

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

/** The command line of OpenSSL. */
export async function openssl(say) {
  const version = await toolchain('openssl', ['version'], 'the command line of OpenSSL', say);
  return { version: version.split(' (')[0] };
}

/** A browser with a headless mode. */
export async function chromium(say) {
  for (const program of ['chromium', 'chromium-browser', 'google-chrome']) {
    const answer = await run(program, ['--version']);
    if (!answer.found || answer.status !== 0) continue;
    say(answer.stdout.trim());
    return { program, version: answer.stdout.trim() };
  }
  throw new Unavailable('a browser is missing: there is no program chromium or google-chrome');
}

/** The names under which the peers are reported: what they are, and which version is pinned. */
export function titles(root) {
  const goMod = readFileSync(join(root, 'test/interop/go-ccatoken/go.mod'), 'utf8');
  const goVersion = /github\.com\/veraison\/ccatoken (v\S+)/.exec(goMod)[1];
  const tsmMod = readFileSync(join(root, 'test/interop/go-configfs-tsm/go.mod'), 'utf8');
  const tsmVersion = /github\.com\/google\/go-configfs-tsm (v\S+)/.exec(tsmMod)[1];
  const crateVersion = crateVersions(root);
  return {
    goCcatoken: `github.com/veraison/ccatoken ${goVersion} (Go)`,
    goConfigfsTsm: `github.com/google/go-configfs-tsm ${tsmVersion} (Go)`,
    rustCcatoken: `ccatoken ${crateVersion('ccatoken')} (Rust)`,
    ccatokenCli: `ccatoken ${crateVersion('ccatoken')}, its command line (Rust)`,
    rustCose: `cose-rust ${crateVersion('cose-rust')} (Rust)`,
    wycheproof: `Project Wycheproof ${WYCHEPROOF.version.split('-').slice(1).join('-')}`,
  };
}

/** Versions of crates as the driver pins them. */
function crateVersions(root) {
  const cargoLock = readFileSync(join(root, 'test/interop/rust-ccatoken/Cargo.lock'), 'utf8');
  return (name) => new RegExp(`name = "${name}"\nversion = "(.+)"`).exec(cargoLock)[1];
}

async function toolchain(command, args, what, say) {
  const answer = await run(command, args);
  if (!answer.found) throw new Unavailable(`${what} is missing: there is no program ${command}`);
  if (answer.status !== 0) throw new Unavailable(`${what} is missing: ${lastWords(answer)}`);
  say(answer.stdout.trim());
  return answer.stdout.trim();
}

function fetched(answer) {
  if (answer.status !== 0) throw new Unavailable(`the registry did not give it: ${lastWords(answer)}`);
}

function built(answer) {
  if (answer.status !== 0) throw new Error(`the build failed:\n${answer.stderr}`);
}
