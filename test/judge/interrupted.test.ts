import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { folder } from '../cli/support/folder.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const MISBEHAVING = fileURLToPath(new URL('./support/misbehaving.mjs', import.meta.url));
const PATIENCE = { timeout: 60_000, interval: 50 };

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const ended = (child: ChildProcess): Promise<string | null> =>
  new Promise((resolve) => {
    child.once('close', (_, signal) => resolve(signal));
  });

const PROGRAM = [process.execPath, MISBEHAVING, 'hang-beside', 'pid', '{token}'];

/** Every command that starts verifiers and has files of its own while it does. */
test.each([
  ['judge', ['judge', '--only', 'V01', '--jobs', '1', '--timeout', '600000', '--', ...PROGRAM]],
  ['corpus --shrink', ['corpus', '--out', 'c', '--random', '1', '--shrink', 'random-1', '--', ...PROGRAM]],
])(
  'swcca %s that is interrupted leaves no process and no file behind',
  async (_, args) => {
    const { path, at, names } = folder();
    mkdirSync(at('tmp'));
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: path,
      stdio: 'ignore',
      env: { ...process.env, TMPDIR: at('tmp') },
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const end = ended(child);
    const started = await vi.waitFor(() => {
      const pid = Number(readFileSync(at('pid'), 'utf8'));
      expect(pid).toBeGreaterThan(0);
      return pid;
    }, PATIENCE);
    expect(readdirSync(at('tmp')).length).toBe(1);
    child.kill('SIGINT');
    expect(await end).toBe('SIGINT');
    await vi.waitFor(() => expect(isAlive(started)).toBe(false), PATIENCE);
    expect(readdirSync(at('tmp'))).toEqual([]);
    expect(names()).toEqual(['pid', 'tmp']);
  },
  150_000,
);
