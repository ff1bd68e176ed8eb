import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChipStore } from '../../../src/cli/state/chip-store.ts';
import { scratchFolder } from '../support/folder.ts';
import { chipAfter } from './record.ts';

const KILLS = 210;
const CHIPS = 10;

const scratch = scratchFolder();
const writer = scratch.at('writer.mjs');

beforeAll(async () => {
  await build({
    entryPoints: [fileURLToPath(new URL('./writer.ts', import.meta.url))],
    outfile: writer,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
  });
});
afterAll(scratch.remove);

/** Runs the writer until it has reported a change, kills it some time later, and says what it reported last. */
const runAndKill = (folder: string, afterMs: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [writer, folder], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    let armed = false;
    child.stderr.on('data', (data) => (err += String(data)));
    child.stdout.on('data', (data) => {
      out += String(data);
      if (armed) return;
      armed = true;
      setTimeout(() => child.kill('SIGKILL'), afterMs);
    });
    child.on('error', reject);
    child.on('close', (_, signal) => {
      const whole = out.slice(0, out.lastIndexOf('\n')).split('\n');
      if (signal === 'SIGKILL' && err === '') resolve(Number(whole.at(-1)));
      else reject(new Error(`the writer ended by itself: ${err}`));
    });
  });

const killAgainAndAgain = async (folder: string, times: number): Promise<void> => {
  const store = openChipStore(folder);
  let before = 0;
  for (let kill = 0; kill < times; kill += 1) {
    const reported = await runAndKill(folder, (kill * 7) % 23);
    const { generation, chip } = await store.load();
    // What was reported is kept; at most one change more was about to be reported.
    expect(reported).toBeGreaterThan(before);
    expect([reported, reported + 1]).toContain(generation);
    expect(chip).toEqual(chipAfter(generation, Math.min(generation, 400)));
    before = generation;
  }
  // The next change takes away what killed runs left.
  store.save(before, chipAfter(before + 1));
  expect(readdirSync(folder)).toHaveLength(1);
};

test(`${KILLS} runs that are killed lose no change that they reported, and no change is half there`, async () => {
  await Promise.all(
    Array.from({ length: CHIPS }, (_, chip) => killAgainAndAgain(scratch.at(`chip-${chip}`), KILLS / CHIPS)),
  );
}, 180_000);
