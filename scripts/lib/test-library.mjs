// Parts of the test tree for scripts: Node 20 cannot run TypeScript, so they are built first, into a file of their own.
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const tests = join(root, 'test');
/** The build without CommonJS, which `require`s nothing. */
const alias = { yaml: join(root, 'node_modules', 'yaml', 'browser', 'index.js') };

/** Every file goes on knowing where it is, and so finds what it reads. */
const ownUrl = {
  name: 'own-url',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]test[\\/].*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      loader: 'ts',
    }));
  },
};

/**
 * Builds modules of `test/`.
 *
 * @param {string} name  what the file is called, apart from others that run at the same time.
 * @param {readonly string[]} modules  paths inside `test/`.
 * @returns {Promise<string>} the URL of a module that exports what all of them do. It is gone when the process ends.
 */
export const buildTestLibrary = async (name, modules) => {
  const outfile = join(tmpdir(), `swcca-${name}-${process.pid}.mjs`);
  process.on('exit', () => rmSync(outfile, { force: true }));
  await build({
    stdin: {
      contents: modules.map((path) => `export * from './${path}';`).join('\n'),
      resolveDir: tests,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    alias,
    plugins: [ownUrl],
    logLevel: 'error',
  });
  return pathToFileURL(outfile).href;
};
