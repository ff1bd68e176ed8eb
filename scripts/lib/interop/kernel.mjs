import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { aptFor, asked, KERNEL_PACKAGE, packageWithKernel, systemSources } from './debian.mjs';
import { arm64Image } from './linux-image.mjs';
import { Unavailable } from './preparation.mjs';
import { run } from './run.mjs';

/**
 * A Linux kernel for arm64 out of Debian's packages, whatever this machine's own architecture is. apt works on lists,
 * status and cache of its own under `cache`, with the sources this machine has: nothing on the system changes.
 *
 * @returns {Promise<{ image: string, package: string }>} the file with the uncompressed Image, and what it came from
 */
export async function debianKernel(cache, say) {
  const directory = join(cache, 'kernel');
  const image = join(directory, 'Image');
  const label = join(directory, 'package');
  if (existsSync(image) && existsSync(label)) {
    say('in the cache');
    return { image, package: readFileSync(label, 'utf8') };
  }
  rmSync(directory, { recursive: true, force: true });
  const apt = aptFor('arm64', directory, systemSources());

  say("reading Debian's list of packages for arm64");
  await asked(apt('apt-get', 'update'));
  const { name, version } = await packageWithKernel(apt, KERNEL_PACKAGE);

  say(`downloading ${name} ${version}`);
  await asked(apt('apt-get', 'download', `${name}=${version}`));
  const archive = readdirSync(directory).find((file) => file.endsWith('.deb'));
  const unpacked = join(directory, 'unpacked');
  await asked(run('dpkg-deb', ['--extract', join(directory, archive), unpacked]));

  const kernel = readdirSync(unpacked, { recursive: true }).find((file) => /^vmlinuz(-|$)/.test(basename(file)));
  const bytes = kernel && arm64Image(readFileSync(join(unpacked, kernel)));
  if (!bytes) throw new Unavailable(`${name} ${version} holds no kernel in a known form`);
  writeFileSync(`${image}.part`, bytes);
  writeFileSync(label, `${name} ${version}`);
  renameSync(`${image}.part`, image);
  for (const leftover of [unpacked, join(directory, archive), join(directory, 'lists')]) {
    rmSync(leftover, { recursive: true });
  }
  return { image, package: `${name} ${version}` };
}
