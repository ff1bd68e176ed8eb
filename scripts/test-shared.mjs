/**
 * Runs the tests that read the reference material kept beside the checkout (`SWCCA_SHARED`, by default `../shared`):
 * vectors and real tokens of other projects that are not ours to distribute. Says so and succeeds when it is absent.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const shared = resolve(root, process.env.SWCCA_SHARED ?? '../shared');

if (!existsSync(shared)) {
  console.log(
    `test:shared: ${shared} is not there, so there is nothing to compare with. Set SWCCA_SHARED to the folder.`,
  );
  process.exit(0);
}

const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'shared', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, SWCCA_SHARED: shared },
});
process.exit(status ?? 1);
