import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { arm64Image } from './linux-image.mjs';
import { Unavailable } from './preparation.mjs';
import { lastWords, run } from './run.mjs';

const META_PACKAGE = 'linux-image-cloud-arm64';
const SOURCES = ['/etc/apt/sources.list.d/debian.sources', '/etc/apt/sources.list'];

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
  const apt = aptFor('arm64', directory);

  say("reading Debian's list of packages for arm64");
  await asked(apt('apt-get', 'update'));
  const { name, version } = await packageWithKernel(apt, META_PACKAGE);

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

/** Follows dependencies to the package that holds the kernel: `linux-binary-…` where there is one, else `linux-image-…`. */
async function packageWithKernel(apt, name) {
  const shown = await asked(apt('apt-cache', 'show', name));
  const depends = /^Depends: (.+)$/m.exec(shown.stdout)?.[1] ?? '';
  const next = /linux-(?:image|binary)-\S+/.exec(depends)?.[0];
  if (next !== undefined) return packageWithKernel(apt, next);
  return { name, version: /^Version: (.+)$/m.exec(shown.stdout)?.[1] };
}

/** apt for a foreign architecture, confined to a directory: no list, status or cache of the system is written. */
function aptFor(architecture, directory) {
  const sources = SOURCES.find((file) => existsSync(file));
  if (sources === undefined) throw new Unavailable('this machine has no Debian package sources');
  for (const part of ['lists/partial', 'archives/partial']) mkdirSync(join(directory, part), { recursive: true });
  writeFileSync(join(directory, 'status'), '');
  const settings = {
    'Dir::State': directory,
    'Dir::State::lists': join(directory, 'lists'),
    'Dir::State::status': join(directory, 'status'),
    'Dir::Cache': directory,
    'Dir::Etc::sourcelist': sources,
    'Dir::Etc::sourceparts': '/dev/null',
    'APT::Architecture': architecture,
    'APT::Architectures::': architecture,
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
    'Acquire::Retries': '2',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  return (command, ...words) => run(command, [...options, ...words], { cwd: directory });
}

async function asked(answering) {
  const answer = await answering;
  if (!answer.found) throw new Unavailable("Debian's package tools (apt-get, apt-cache, dpkg-deb) are missing");
  if (answer.status !== 0) throw new Unavailable(`Debian's packages did not give it: ${lastWords(answer)}`);
  return answer;
}
