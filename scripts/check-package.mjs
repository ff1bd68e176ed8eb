/**
 * Looks at the package as its users get it: what is in it, whether its `exports` lead somewhere, whether its types
 * resolve (publint, attw). Exits non-zero when something is wrong, and says what.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** What may be in the package. Anything else got in by accident. */
const ALLOWED = [
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/,
  /^dist\/cli\/(main\.js|corpus\/worker\.js|chunks\/[\w.-]+\.js|THIRD-PARTY-LICENSES)$/,
  /^dist\/(?!cli\/)[\w./-]+\.(js|js\.map|d\.ts|d\.ts\.map)$/,
  // The maps in dist lead to these.
  /^src\/(?!cli\/)[\w./-]+\.ts$/,
  // The client in C, which is used as source.
  /^src\/clients\/c\/[\w./-]+\.[ch]$/,
  /^firmware-fixtures\/[\w./-]+$/,
];
const MOST_BYTES = 8 << 20;

/** Each file that `exports` and `bin` promise, and what the licence asks for. */
const required = () => [
  'LICENSE',
  'README.md',
  'dist/cli/THIRD-PARTY-LICENSES',
  'src/clients/c/swcca.h',
  'src/clients/c/swcca.c',
  ...['client.c', 'client.h', 'fuzz.c', 'live.c'].map((name) => `src/clients/c/examples/${name}`),
  ...Object.values(manifest.bin),
  ...Object.values(manifest.exports).flatMap((target) => (typeof target === 'string' ? target : Object.values(target))),
];

const npm = (...args) => {
  const { status, stdout, stderr } = spawnSync('npm', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed:\n${stderr}`);
  return stdout;
};

const contentProblems = ({ files, size }) => {
  const paths = files.map(({ path }) => path);
  const wanted = required().map((path) => path.replace(/^\.\//, ''));
  return [
    ...paths
      .filter((path) => !ALLOWED.some((rule) => rule.test(path)))
      .map((path) => `${path}: does not belong in the package`),
    ...wanted.filter((path) => !paths.includes(path)).map((path) => `${path}: is missing from the package`),
    ...(size > MOST_BYTES ? [`the package has ${size} bytes packed, at most ${MOST_BYTES} are expected`] : []),
  ];
};

const publintProblems = async () => {
  const { messages, pkg } = await publint({ pkgDir: root, strict: true, pack: 'npm' });
  return messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
};

/** attw reads the archive that npm makes, so that `files` counts. */
const typeProblems = (folder, archive) => {
  const attw = join(root, 'node_modules', '@arethetypeswrong', 'cli', 'dist', 'index.js');
  // ESM only: what a CommonJS `require` sees is out of question.
  const args = [attw, join(folder, archive), '--profile', 'esm-only', '--format', 'ascii', '--no-emoji', '--no-color'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return status === 0 ? [] : [`types do not resolve:\n${stdout}${stderr}`];
};

const folder = mkdtempSync(join(tmpdir(), 'swcca-pack-'));
try {
  const [packed] = JSON.parse(npm('pack', '--json', '--ignore-scripts', '--pack-destination', folder));
  const problems = [...contentProblems(packed), ...(await publintProblems()), ...typeProblems(folder, packed.filename)];
  for (const problem of problems) console.error(`check-package: ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
  else
    console.log(`check-package: ${packed.files.length} files, ${packed.size} bytes packed, exports and types resolve`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
