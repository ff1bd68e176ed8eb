/**
 * Builds `dist`: the library as modules with their types, then the command line as a bundle that starts fast.
 * Everything is built aside and put in place at the end, so that nobody ever sees half a build.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const aside = join(root, 'node_modules', '.cache', 'swcca', `dist-${process.pid}`);

const compileLibrary = () => {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', aside], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('tsc failed');
};

/**
 * `yaml` and `cbor-x` have a build without CommonJS and native add-ons, behind conditions that Node does not set. The
 * bundle takes those: they need no `require`, and all their code is in one file that loads at once.
 */
const alias = {
  yaml: join(root, 'node_modules', 'yaml', 'browser', 'index.js'),
  'cbor-x': join(root, 'node_modules', 'cbor-x', 'index.js'),
};

/** One chunk for each command and for what commands share, so that a run loads only what it uses. */
const bundleCommandLine = () =>
  build({
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts', 'src/cli/corpus/worker.ts'],
    outdir: join(aside, 'cli'),
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    alias,
    // Loaded only when `--log-level` asks for it, and it starts threads from files of its own.
    external: ['pino'],
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none', // see writeLicences
    metafile: true,
    logLevel: 'warning',
  });

const packageOf = (input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input.split(sep).join('/'))?.[1];

/** The bundle contains other people's code; their licences go with it. */
const writeLicences = ({ inputs }) => {
  const bundled = [...new Set(Object.keys(inputs).map(packageOf))].filter(Boolean).sort();
  const sections = bundled.map((name) => {
    const folder = join(root, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} is bundled but has no licence file`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  });
  writeFileSync(join(aside, 'cli', 'THIRD-PARTY-LICENSES'), sections.join(`\n${'-'.repeat(80)}\n\n`));
};

const putInPlace = () => {
  const old = `${aside}-old`;
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(aside, dist);
  rmSync(old, { recursive: true, force: true });
};

try {
  mkdirSync(dirname(aside), { recursive: true });
  compileLibrary();
  const { metafile } = await bundleCommandLine();
  writeLicences(metafile);
  chmodSync(join(aside, 'cli', 'main.js'), 0o755);
  putInPlace();
} catch (error) {
  rmSync(aside, { recursive: true, force: true });
  console.error(`build: ${error.message}`);
  process.exitCode = 1;
}
