import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));
const PROBE = pathToFileURL(fileURLToPath(new URL('./peak-memory.mjs', import.meta.url))).href;

export interface Run {
  readonly code: number | null;
  readonly out: string;
  /** The same as bytes. */
  readonly bytes: Buffer;
  readonly err: string;
  readonly ms: number;
  readonly peakMiB: number;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the built command line as a person does, and waits for it. */
export const swcca = (args: readonly string[], { cwd, input = '', env = {} }: RunOptions = {}): Run => {
  const scratch = mkdtempSync(join(tmpdir(), 'swcca-run-'));
  const peak = join(scratch, 'peak');
  const startMs = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', PROBE, MAIN, ...args], {
    cwd,
    input,
    env: { PATH: process.env['PATH'] ?? '', PEAK_MEMORY_FILE: peak, ...env },
    maxBuffer: 1 << 28,
  });
  const ms = performance.now() - startMs;
  const peakMiB = Number(readFileSync(peak, 'utf8')) / 1024;
  rmSync(scratch, { recursive: true });
  return { code: status, out: stdout.toString(), bytes: stdout, err: stderr.toString(), ms, peakMiB };
};
