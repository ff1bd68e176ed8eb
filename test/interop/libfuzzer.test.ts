import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FINDINGS, MISTAKES, seedFiles, verdictOf } from './support/c-clients.ts';
import { interop, needs } from './support/context.ts';
import { scratch, swcca } from './support/swcca.ts';

const { cClients, libfuzzerClients } = interop;
/** Inputs that each mistake is given at most: it is found after a few thousand. */
const RUNS = 1_000_000;
/** Inputs that the sound client is given. */
const SOUND_RUNS = 20_000;
const MOST_SECONDS = 50;

/** Lets libFuzzer loose on a client, always with the same random numbers. @returns what it wrote, and inputs that crash. */
const fuzzed = (program: string, runs: number, corpus: readonly string[]) => {
  const folder = scratch();
  const { dictionaryFile } = seedFiles();
  const options = { seed: 1, runs, dict: dictionaryFile, max_len: 256, max_total_time: MOST_SECONDS };
  const args = Object.entries({ ...options, artifact_prefix: `${folder}/` }).map(
    ([name, value]) => `-${name}=${value}`,
  );
  const { stderr, status } = spawnSync(program, [...args, ...corpus], {
    encoding: 'utf8',
    timeout: 3000 * MOST_SECONDS,
    maxBuffer: 1 << 26,
  });
  return { stderr, status, crashes: readdirSync(folder).map((name) => join(folder, name)) };
};

describe('libFuzzer on response scripts', { timeout: 4000 * MOST_SECONDS }, () => {
  test.for(Object.keys(MISTAKES) as (keyof typeof MISTAKES)[])(
    'finds the client with the mistake %s from nothing',
    (mistake, context) => {
      const { programs } = needs(context, libfuzzerClients);
      const { programs: checked } = needs(context, cClients);
      const { crashes, stderr } = fuzzed(programs[mistake] ?? '', RUNS, []);
      const [crash] = crashes;
      if (crash === undefined) throw new Error(`nothing was found: ${stderr.slice(-1000)}`);
      const verdict = verdictOf(checked[mistake] ?? '', crash);
      expect(verdict).toMatch(FINDINGS[mistake]);
      const shown = swcca('fuzz', 'show', crash);
      expect(shown.status, shown.stderr).toBe(0);
      expect(verdictOf(checked['client'] ?? '', crash)).toBe(undefined);
      context.task.meta.counted = verdict ?? '';
    },
  );

  test('finds nothing in the worked client, from all seeds', (context) => {
    const { programs } = needs(context, libfuzzerClients);
    const { crashes, stderr, status } = fuzzed(programs['client'] ?? '', SOUND_RUNS, [seedFiles().folder]);
    expect({ crashes, status, stderr: stderr.slice(-500) }).toMatchObject({ crashes: [], status: 0 });
    context.task.meta.counted = `${SOUND_RUNS} runs`;
  });
});
