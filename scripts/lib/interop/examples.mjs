import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';
import { cargoOnOpenssl } from './rust.mjs';
import { built, fetched, toolchain } from './toolchain.mjs';

const folderOf = (root, name) => join(root, 'test/interop/examples', name);

/** The example in Go, built as a test program. */
export async function goExample(root, cache, say) {
  await toolchain('go', ['version'], 'the Go toolchain', say);
  const cwd = folderOf(root, 'go');
  await fetched(await run('go', ['mod', 'download'], { cwd }));
  const program = join(cache, 'go-example.test');
  built(await run('go', ['test', '-c', '-buildvcs=false', '-o', program, '.'], { cwd }));
  return { command: [program, '-test.v'], cwd };
}

/** The example in Rust: it has what rust-ccatoken is built from, so that nothing is built twice. */
export async function rustExample(root, cache, say) {
  const { env, cwd } = await cargoOnOpenssl(folderOf(root, 'rust'), cache, say, 'test', '--no-run');
  return { command: ['cargo', 'test', '--locked', '--offline'], cwd, env };
}

/** The example in Python, in an environment of its own. */
export async function pythonExample(root, cache, say) {
  await toolchain('python3', ['-m', 'venv', '--help'], 'Python with its module venv', () => undefined);
  const home = join(cache, 'python-examples');
  const cwd = folderOf(root, 'python');
  await fetched(await run('python3', ['-m', 'venv', home]));
  const python = join(home, 'bin/python');
  const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary=:all:'];
  say('fetching packages');
  await fetched(await run(python, [...args, '-r', 'requirements.txt'], { cwd }));
  const env = { PYTHONDONTWRITEBYTECODE: '1' };
  return { command: [python, '-m', 'pytest', '-v', '-p', 'no:cacheprovider'], cwd, env };
}

/** The example for jest, which is fetched into the cache; swcca is the checkout, as if it had been installed. */
export async function jestExample(root, cache, say) {
  const home = join(cache, 'jest-example');
  const cwd = folderOf(root, 'jest');
  const { jest } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8')).devDependencies;
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), JSON.stringify({ private: true }));
  say('fetching jest');
  const args = ['install', '--no-save', '--no-package-lock', '--no-audit', '--no-fund', `jest@${jest}`];
  await fetched(await run('npm', args, { cwd: home }));
  mkdirSync(join(cwd, 'node_modules'), { recursive: true });
  rmSync(join(cwd, 'node_modules/swcca'), { recursive: true, force: true });
  symlinkSync(root, join(cwd, 'node_modules/swcca'), 'dir');
  const env = { NODE_OPTIONS: '--experimental-vm-modules' };
  return { command: [process.execPath, join(home, 'node_modules/jest/bin/jest.js'), '--verbose'], cwd, env };
}
