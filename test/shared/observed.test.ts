import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseRecording, replayRecording } from '../../scripts/lib/observed/observed.mjs';
import { bootAs, replayLibrary } from '../support/observed.ts';

const folder = resolve(process.env['SWCCA_SHARED'] ?? '../shared');
const recording = parseRecording(readFileSync(join(folder, 'vectors/tf-rmm-observed.json'), 'utf8'));

test('every step, token and call of the reference RMM is reproduced', () => {
  const results = replayRecording(replayLibrary(), bootAs('tf-rmm'), recording);
  expect(results.flatMap(({ lines }) => lines)).toEqual([]);
  expect(results.map(({ name, failed }) => ({ name, failed }))).toEqual([
    { name: 'rim_rem_scenarios', failed: 0 },
    { name: 'tokens', failed: 0 },
    { name: 'random_sessions', failed: 0 },
  ]);
  const passed = results.reduce((sum, section) => sum + section.passed, 0);
  expect(passed).toBeGreaterThanOrEqual(5390);
}, 120_000);

test('with the personality of the specification, some come out otherwise', () => {
  const results = replayRecording(replayLibrary(), bootAs('spec'), recording);
  expect(results.find(({ name }) => name === 'random_sessions')?.failed).toBeGreaterThan(0);
}, 120_000);
