import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { aptFor, asked, sourcesFor } from './debian.mjs';
import { Unavailable } from './preparation.mjs';
import { run } from './run.mjs';
import { built, toolchain } from './toolchain.mjs';

/** What the crate `cose-rust` asks of OpenSSL: an older one has no deterministic signatures. */
const LEAST = '3.2';
/** The first release of Debian that has it. */
const SUITE = 'trixie';

/** All that Debian's static library asks of a C library that is newer than that of the release before. */
const SHIM = `#include <stdlib.h>
long __isoc23_strtol(const char *text, char **end, int base) { return strtol(text, end, base); }
`;
/** What it asks of others, by the names that are there without their headers. */
const LIBRARIES = ['-l:libz.so.1', '-l:libzstd.so.1'];

/**
 * Variables that make the crate `openssl-sys` take an OpenSSL that is there: this machine's where it is new enough, else the
 * static library of a newer release of Debian. Where there is neither, the crate builds its own, which takes long.
 *
 * @returns {Promise<Readonly<Record<string, string>>>}
 */
export async function opensslEnvironment(cache, say) {
  const system = await run('pkg-config', ['--atleast-version', LEAST, 'openssl']);
  if (system.found && system.status === 0) return { OPENSSL_NO_VENDOR: '1' };
  try {
    return await debianOpenssl(join(cache, 'openssl'), say);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    say(`${error.message}: OpenSSL is built from its sources, which takes long`);
    for (const program of ['perl', 'make'])
      await toolchain(program, ['--version'], `${program}, which builds OpenSSL,`, () => undefined);
    return {};
  }
}

async function debianOpenssl(directory, say) {
  const home = join(directory, 'usr');
  const shim = join(directory, 'shim.o');
  if (!existsSync(shim)) await download(directory, home, shim, say);
  const lib = dirname(find(home, 'libcrypto.a'));
  const flags = [shim, ...LIBRARIES].flatMap((each) => ['-C', `link-arg=${each}`]);
  return {
    OPENSSL_NO_VENDOR: '1',
    OPENSSL_STATIC: '1',
    OPENSSL_LIB_DIR: lib,
    OPENSSL_INCLUDE_DIR: join(home, 'include'),
    CARGO_ENCODED_RUSTFLAGS: flags.join('\x1f'),
  };
}

const find = (folder, name) => {
  const found = readdirSync(folder, { recursive: true }).find((file) => basename(file) === name);
  if (found === undefined) throw new Unavailable(`Debian's OpenSSL has no ${name}`);
  return join(folder, found);
};

async function download(directory, home, shim, say) {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const sources = sourcesFor(join(directory, 'sources.list'), [SUITE]);
  const { stdout: architecture } = await asked(run('dpkg', ['--print-architecture']));
  const apt = aptFor(architecture.trim(), directory, sources);
  say(`fetching libssl-dev of ${SUITE}`);
  await asked(apt('apt-get', 'update'));
  await asked(apt('apt-get', 'download', 'libssl-dev'));
  const archive = readdirSync(directory).find((file) => file.endsWith('.deb'));
  await asked(run('dpkg-deb', ['--extract', join(directory, archive), directory]));
  // Headers that differ between architectures lie apart; the crate looks in one folder.
  cpSync(dirname(find(home, 'configuration.h')), join(home, 'include/openssl'), { recursive: true });
  for (const leftover of [archive, 'lists', 'archives']) rmSync(join(directory, leftover), { recursive: true });
  await toolchain('cc', ['--version'], 'a C compiler', () => undefined);
  writeFileSync(join(directory, 'shim.c'), SHIM);
  // The last of it: with this file the rest is there.
  built(await run('cc', ['-c', '-O1', join(directory, 'shim.c'), '-o', shim]));
}
