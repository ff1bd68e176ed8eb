import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cpio } from './cpio.mjs';
import { aptFor, asked, KERNEL_PACKAGE, packageWithKernel, sourcesFor } from './debian.mjs';
import { arm64Image } from './linux-image.mjs';
import { Unavailable } from './preparation.mjs';
import { run } from './run.mjs';

/** Suites that may have a kernel that runs as a Realm: the first release with `arm-cca-guest` is 6.13. */
const SUITES = ['trixie', 'trixie-backports'];
const FIRST_RELEASE = [6, 13];
/** What the driver takes, in the order in which it has to be loaded. */
const MODULES = ['configfs', 'tsm_report', 'arm-cca-guest'];

/**
 * A kernel for arm64 with the driver `arm-cca-guest`, and a first file system with that driver, a shell and our script,
 * both out of Debian's packages.
 *
 * @param {string} init the script that the kernel runs
 * @returns {Promise<{ image: string, initrd: string, package: string }>}
 */
export async function debianGuest(cache, init, say) {
  const directory = join(cache, 'linux-guest');
  const label = join(directory, 'package');
  if (!existsSync(label)) await download(directory, label, say);
  else say('in the cache');
  const initrd = join(directory, 'initrd.cpio');
  const file = (name) => readFileSync(join(directory, name));
  const entries = [
    ...['bin', 'dev', 'proc', 'sys', 'tmp', 'lib'].map((name) => ({ name, kind: 'directory' })),
    { name: 'init', kind: 'program', data: readFileSync(init) },
    { name: 'bin/busybox', kind: 'program', data: file('busybox') },
    ...MODULES.map((name) => ({ name: `lib/${name}.ko`, kind: 'file', data: file(`${name}.ko`) })),
  ];
  writeFileSync(initrd, cpio(entries));
  return { image: join(directory, 'Image'), initrd, package: readFileSync(label, 'utf8') };
}

async function download(directory, label, say) {
  rmSync(directory, { recursive: true, force: true });
  const apt = aptFor('arm64', directory, join(directory, 'sources.list'));
  sourcesFor(join(directory, 'sources.list'), SUITES);
  say(`reading Debian's lists of packages for arm64 in ${SUITES.join(' and ')}`);
  await asked(apt('apt-get', 'update'));

  const version = await newestKernel(apt);
  const { name } = await packageWithKernel(apt, `${KERNEL_PACKAGE}=${version}`);
  // Newer packages have the modules apart from the kernel.
  const apart = name.replace(/^linux-binary-/, 'linux-modules-');
  say(`downloading ${name} ${version}`);
  const wanted = [...new Set([name, apart])].map((each) => `${each}=${version}`);
  await asked(apt('apt-get', 'download', ...wanted, 'busybox-static'));

  const unpacked = join(directory, 'unpacked');
  for (const archive of readdirSync(directory).filter((file) => file.endsWith('.deb'))) {
    await asked(run('dpkg-deb', ['--extract', join(directory, archive), unpacked]));
    rmSync(join(directory, archive));
  }
  const files = readdirSync(unpacked, { recursive: true });
  const find = (pattern) => {
    const found = files.find((file) => pattern.test(basename(file)));
    if (found === undefined) throw new Unavailable(`${name} ${version} has no ${pattern.source}`);
    return join(unpacked, found);
  };
  const image = arm64Image(readFileSync(find(/^vmlinuz(-|$)/)));
  if (image === undefined) throw new Unavailable(`${name} ${version} holds no kernel in a known form`);
  writeFileSync(join(directory, 'Image'), image);
  renameSync(find(/^busybox$/), join(directory, 'busybox'));
  for (const module of MODULES)
    await takeModule(find(new RegExp(`^${module}\\.ko(\\.xz)?$`)), join(directory, `${module}.ko`));
  for (const leftover of [unpacked, join(directory, 'lists')]) rmSync(leftover, { recursive: true });
  writeFileSync(label, `${name} ${version}`);
}

/** The newest version that is new enough. */
async function newestKernel(apt) {
  const { stdout } = await asked(apt('apt-cache', 'madison', KERNEL_PACKAGE));
  const versions = stdout.split('\n').flatMap((line) => line.split('|')[1]?.trim() ?? []);
  const enough = versions.find((version) => {
    const [major, minor] = version.split(/[.-]/).map(Number);
    return major > FIRST_RELEASE[0] || (major === FIRST_RELEASE[0] && minor >= FIRST_RELEASE[1]);
  });
  if (enough === undefined) {
    throw new Unavailable(
      `no ${KERNEL_PACKAGE} of ${SUITES.join(', ')} is ${FIRST_RELEASE.join('.')} or newer: ${versions}`,
    );
  }
  return enough;
}

async function takeModule(from, to) {
  if (from.endsWith('.xz')) {
    const answer = await run('xz', ['--decompress', from]);
    if (!answer.found) throw new Unavailable('xz is missing: the modules of this kernel are compressed by it');
    await asked(answer);
  }
  renameSync(from.replace(/\.xz$/, ''), to);
}

/** QEMU for arm64, as `swcca linux` starts it. */
export async function qemuForArm64(say) {
  const program = 'qemu-system-aarch64';
  const { found, status, stdout } = await run(program, ['--version']);
  if (!found || status !== 0) throw new Unavailable(`${program} (Debian: qemu-system-arm) is missing`);
  const version = stdout.split('\n')[0].trim();
  say(version);
  return { program, version };
}
