import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Unavailable } from './preparation.mjs';
import { lastWords, run } from './run.mjs';

/** A kernel for arm64 with few drivers, by the name that always leads to the newest. */
export const KERNEL_PACKAGE = 'linux-image-cloud-arm64';
const SOURCES = ['/etc/apt/sources.list.d/debian.sources', '/etc/apt/sources.list'];
const KEYRINGS = ['gpg', 'pgp'].map((ending) => `/usr/share/keyrings/debian-archive-keyring.${ending}`);

/** Follows dependencies to the package that holds the kernel: `linux-binary-…` where there is one, else `linux-image-…`. */
export async function packageWithKernel(apt, name) {
  const shown = await asked(apt('apt-cache', 'show', name));
  const depends = /^Depends: (.+)$/m.exec(shown.stdout)?.[1] ?? '';
  const next = /linux-(?:image|binary)-\S+/.exec(depends)?.[0];
  if (next !== undefined) return packageWithKernel(apt, next);
  return { name, version: /^Version: (.+)$/m.exec(shown.stdout)?.[1] };
}

/** What this machine itself takes its packages from. */
export function systemSources() {
  const sources = SOURCES.find((file) => existsSync(file));
  if (sources === undefined) throw new Unavailable('this machine has no Debian package sources');
  return sources;
}

/**
 * Writes sources for other suites, from where this machine takes its own packages.
 *
 * @param {string} file where they go
 * @param {readonly string[]} suites
 */
export function sourcesFor(file, suites) {
  const own = readFileSync(systemSources(), 'utf8');
  const archive = /^URIs:\s*(\S+)|^deb (?:\[.*\] )?(\S+)/m
    .exec(own)
    ?.slice(1)
    .find((uri) => uri !== undefined);
  const keys = KEYRINGS.find((keyring) => existsSync(keyring));
  if (archive === undefined || keys === undefined)
    throw new Unavailable('this machine has no Debian archive, or not its keys');
  writeFileSync(file, suites.map((suite) => `deb [signed-by=${keys}] ${archive} ${suite} main\n`).join(''));
  return file;
}

/**
 * apt for a foreign architecture, confined to a directory: no list, status or cache of the system is written.
 *
 * @param {string} architecture
 * @param {string} directory
 * @param {string} sources a file
 */
export function aptFor(architecture, directory, sources) {
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

export async function asked(answering) {
  const answer = await answering;
  if (!answer.found) throw new Unavailable("Debian's package tools (apt-get, apt-cache, dpkg-deb) are missing");
  if (answer.status !== 0) throw new Unavailable(`Debian's packages did not give it: ${lastWords(answer)}`);
  return answer;
}
