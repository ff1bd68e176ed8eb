import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { assemble, encodeScript } from '../../src/response/index.ts';
import { FINDINGS, MISTAKES, seedFiles, verdictOf } from './support/c-clients.ts';
import { interop, needs } from './support/context.ts';
import { swcca } from './support/swcca.ts';

const { aflClients, cClients } = interop;
/** Seconds for each client: five of them, so half a minute at the most. */
const SECONDS = 5;

interface Campaign {
  /** Inputs that crashed the client. */
  readonly crashes: readonly string[];
  readonly execs: number;
}

/** Lets AFL++ loose on a client for a short time, with the same random numbers each time, until it crashes. */
const campaign = (program: string, scripts: ReadonlyMap<string, Uint8Array>): Campaign => {
  const folder = mkdtempSync(join(tmpdir(), 'swcca-afl-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'in'));
  for (const [name, bytes] of scripts) writeFileSync(join(folder, 'in', name), bytes);
  const { dictionaryFile } = seedFiles();
  const args = ['-i', join(folder, 'in'), '-o', join(folder, 'out'), '-x', dictionaryFile, '-s', '1', '-G', '256'];
  const run = spawnSync('afl-fuzz', [...args, '-V', String(SECONDS), '--', program], {
    encoding: 'utf8',
    timeout: 60_000,
    killSignal: 'SIGINT',
    env: {
      ...process.env,
      AFL_BENCH_UNTIL_CRASH: '1',
      AFL_NO_UI: '1',
      AFL_NO_AFFINITY: '1',
      AFL_SKIP_CPUFREQ: '1',
      AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES: '1',
    },
  });
  const stats = join(folder, 'out/default/fuzzer_stats');
  if (!existsSync(stats))
    throw new Error(`afl-fuzz did not begin:\n${run.stdout.slice(-2000)}${run.stderr.slice(-500)}`);
  const found = join(folder, 'out/default/crashes');
  return {
    crashes: readdirSync(found)
      .filter((name) => name.startsWith('id:'))
      .map((name) => join(found, name)),
    execs: Number(/execs_done\s*: (\d+)/.exec(readFileSync(stats, 'utf8'))?.[1]),
  };
};

/** One script without a rule: whatever AFL++ finds it has put together itself. */
const SOUND = new Map([['sound', encodeScript(assemble(''))]]);

describe('AFL++ on response scripts', () => {
  test.for(Object.keys(MISTAKES) as (keyof typeof MISTAKES)[])(
    'finds the client with the mistake %s from a sound script',
    (mistake, context) => {
      const { programs } = needs(context, aflClients);
      const { programs: checked } = needs(context, cClients);
      const { crashes, execs } = campaign(programs[mistake] ?? '', SOUND);
      const [crash] = crashes;
      if (crash === undefined) throw new Error(`nothing was found in ${SECONDS} s and ${execs} runs`);
      const verdict = verdictOf(checked[mistake] ?? '', crash);
      expect(verdict).toMatch(FINDINGS[mistake]);
      const shown = swcca('fuzz', 'show', crash);
      expect(shown.status, shown.stderr).toBe(0);
      expect(verdictOf(checked['client'] ?? '', crash)).toBe(undefined);
      context.task.meta.counted = `${verdict} after ${execs} runs`;
    },
  );

  test('finds nothing in the worked client, from all seeds', (context) => {
    const { programs } = needs(context, aflClients);
    const { files } = seedFiles();
    const { crashes, execs } = campaign(
      programs['client'] ?? '',
      new Map(files.map(({ name, path }) => [name, readFileSync(path)])),
    );
    expect(crashes.map((crash) => swcca('fuzz', 'show', crash).stdout)).toEqual([]);
    expect(execs).toBeGreaterThan(1000);
    context.task.meta.counted = `${execs} runs`;
  });
});
