import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { opensslEnvironment } from './openssl.mjs';
import { run } from './run.mjs';
import { built, fetched, toolchain } from './toolchain.mjs';

let environment;

/** Where everything on top of OpenSSL is built: one folder, one profile and one OpenSSL for all, so that all is built once. */
const environmentOf = async (cache, say) => {
  environment ??= opensslEnvironment(cache, say);
  return { ...(await environment), CARGO_TARGET_DIR: join(cache, 'rust-target') };
};

/**
 * Runs cargo on a package of ours, with what its lock file pins.
 *
 * @returns {Promise<{ env: Readonly<Record<string, string>>, cwd: string }>} for cargo to be run again
 */
export async function cargoOnOpenssl(cwd, cache, say, ...args) {
  await toolchain('cargo', ['--version'], 'the Rust toolchain (cargo)', say);
  const env = await environmentOf(cache, say);
  const options = { cwd, env: { ...process.env, ...env } };
  say('fetching crates');
  const host = /^host: (.+)$/m.exec((await run('rustc', ['-vV'])).stdout)?.[1];
  await fetched(await run('cargo', ['fetch', '--locked', ...(host ? ['--target', host] : [])], options));
  say('building (about a minute and a half the first time)');
  built(await run('cargo', [...args, '--locked', '--offline'], options));
  return { env, cwd };
}

const DRIVER = 'rust-ccatoken';
const folderOf = (root, driver) => join(root, 'test/interop', driver);

/** The crate `ccatoken`, and the crate `cose-rust` below it, driven by test/interop/rust-ccatoken. */
export async function rustCcatoken(root, cache, say) {
  const { env } = await cargoOnOpenssl(folderOf(root, DRIVER), cache, say, 'build');
  return { command: [join(env.CARGO_TARGET_DIR, 'debug', DRIVER)] };
}

/** The command line of the crate `ccatoken`: the crate that the driver has, and nothing is built twice. */
export async function ccatokenCli(root, cache, say) {
  const { env } = await cargoOnOpenssl(folderOf(root, DRIVER), cache, say, 'build', '-p', 'ccatoken', '--bins');
  return { command: [join(env.CARGO_TARGET_DIR, 'debug/ccatoken')] };
}

/** The crate `configfs-tsm`, driven by test/interop/rust-configfs-tsm. */
export async function rustConfigfsTsm(root, cache, say) {
  await toolchain('cargo', ['--version'], 'the Rust toolchain (cargo)', say);
  const target = join(cache, 'rust-configfs-tsm-target');
  const options = { cwd: folderOf(root, 'rust-configfs-tsm'), env: { ...process.env, CARGO_TARGET_DIR: target } };
  say('fetching the crate');
  await fetched(await run('cargo', ['fetch', '--locked'], options));
  say('building');
  built(await run('cargo', ['build', '--locked', '--offline'], options));
  return { command: [join(target, 'debug/rust-configfs-tsm')] };
}

/** What the Rust peers are called, with their versions as the lock files pin them. */
export function rustTitles(root) {
  const lockOf = (driver) => readFileSync(join(folderOf(root, driver), 'Cargo.lock'), 'utf8');
  const version = (driver, crate) => new RegExp(`name = "${crate}"\nversion = "(.+)"`).exec(lockOf(driver))[1];
  const ccatoken = `ccatoken ${version(DRIVER, 'ccatoken')}`;
  return {
    rustCcatoken: `${ccatoken} (Rust)`,
    ccatokenCli: `${ccatoken}, its command line (Rust)`,
    rustConfigfsTsm: `configfs-tsm ${version('rust-configfs-tsm', 'configfs-tsm')} (Rust)`,
    rustCose: `cose-rust ${version(DRIVER, 'cose-rust')} (Rust)`,
  };
}
