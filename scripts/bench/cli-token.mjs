import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interleave } from './interleave.mjs';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

const node = (...args) => {
  const { status, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status !== 0) throw new Error(`node ${args.join(' ')} failed: ${stderr}`);
};

/** `swcca token` from process start to written file, by a process of Node that does nothing. */
export const cliToken = () => {
  const folder = mkdtempSync(join(tmpdir(), 'swcca-bench-'));
  try {
    const measured = interleave(
      { repetitions: 25, warmUp: 3 },
      () => () => node(MAIN, 'token', '-o', join(folder, 'token.cbor')),
      () => () => node('-e', '0'),
    );
    return [{ id: 'cli-token', what: 'swcca token, by node -e 0', limit: 3.5, ...measured }];
  } finally {
    rmSync(folder, { recursive: true });
  }
};
