/**
 * Makes a fresh checkout ready: installs what the lock file says and, with `--build`, builds `dist`.
 * Silent when there is nothing to do. Needs nothing but Node, since nothing else is there on the first run.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const OLDEST_NODE = [20, 19];

/** When a file changed, in milliseconds; never (-Infinity) when it is not there. */
const changedMs = (path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? Number.NEGATIVE_INFINITY;

/** The latest change below a folder. Folders count too: theirs is the only trace of a deleted file. */
const newestBelow = (path) =>
  readdirSync(join(root, path), { withFileTypes: true, recursive: true }).reduce(
    (newest, entry) => Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs),
    changedMs(path),
  );

const run = (says, command, args) => {
  process.stderr.write(`swcca: ${says}\n`);
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    // The output of what runs here is news for people; standard output belongs to the script that comes after.
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    process.stderr.write(`swcca: ${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}\n`);
    process.exit(1);
  }
};

const checkNode = () => {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  process.stderr.write(`swcca: needs Node ${OLDEST_NODE.join('.')} or later, this is ${process.versions.node}\n`);
  process.exit(1);
};

const install = () => {
  // npm writes this file at the end of an installation.
  const installed = changedMs('node_modules/.package-lock.json');
  if (installed >= changedMs('package-lock.json')) return;
  run('installing dependencies (npm ci) …', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
};

const build = () => {
  const sources = ['src', 'scripts/build.mjs', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];
  const newest = Math.max(newestBelow('src'), ...sources.map(changedMs));
  // The bundle of the command line is the last thing that a build writes.
  if (changedMs('dist/cli/main.js') >= newest) return;
  run('building dist …', process.execPath, [join(root, 'scripts', 'build.mjs')]);
};

checkNode();
install();
if (process.argv.includes('--build')) build();
