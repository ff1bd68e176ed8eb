import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { goTitles } from './go.mjs';
import { Unavailable } from './preparation.mjs';
import { run } from './run.mjs';
import { built, fetched, toolchain } from './toolchain.mjs';

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

/** The crate `configfs-tsm`, driven by test/interop/rust-configfs-tsm. */
export async function rustConfigfsTsm(root, cache, say) {
  await toolchain('cargo', ['--version'], 'the Rust toolchain (cargo)', say);
  const target = join(cache, 'rust-configfs-tsm-target');
  const options = {
    cwd: join(root, 'test/interop/rust-configfs-tsm'),
    env: { ...process.env, CARGO_TARGET_DIR: target },
  };
  say('fetching the crate');
  await fetched(await run('cargo', ['fetch', '--locked'], options));
  say('building');
  built(await run('cargo', ['build', '--locked', '--offline'], options));
  return { command: [join(target, 'debug/rust-configfs-tsm')] };
}

/** The command line of the crate `ccatoken`, in the version that the driver beside it has. */
export async function ccatokenCli(root, cache, say) {
  await toolchain('cargo', ['--version'], 'the Rust toolchain (cargo)', say);
  await toolchain('pkg-config', ['--modversion', 'openssl'], 'pkg-config with the headers of OpenSSL', say);
  const home = join(cache, 'ccatoken-cli');
  const program = join(home, 'bin/ccatoken');
  if (existsSync(program)) return { command: [program] };
  say('fetching and building (about two minutes the first time)');
  const version = crateVersions(root, 'rust-ccatoken')('ccatoken');
  const env = { ...process.env, CARGO_TARGET_DIR: join(cache, 'ccatoken-cli-target') };
  await fetched(await run('cargo', ['install', '--root', home, '--version', version, 'ccatoken'], { env }));
  return { command: [program] };
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
  const crateVersion = crateVersions(root, 'rust-ccatoken');
  return {
    ...goTitles(root),
    rustCcatoken: `ccatoken ${crateVersion('ccatoken')} (Rust)`,
    ccatokenCli: `ccatoken ${crateVersion('ccatoken')}, its command line (Rust)`,
    rustConfigfsTsm: `configfs-tsm ${crateVersions(root, 'rust-configfs-tsm')('configfs-tsm')} (Rust)`,
    rustCose: `cose-rust ${crateVersion('cose-rust')} (Rust)`,
  };
}

/** Versions of crates as a driver pins them. */
function crateVersions(root, driver) {
  const cargoLock = readFileSync(join(root, 'test/interop', driver, 'Cargo.lock'), 'utf8');
  return (name) => new RegExp(`name = "${name}"\nversion = "(.+)"`).exec(cargoLock)[1];
}
