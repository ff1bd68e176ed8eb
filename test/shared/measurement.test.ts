import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseVectors } from '../../scripts/lib/measurement/vectors.mjs';
import { measurementReplay } from '../support/measurement.ts';

const folder = resolve(process.env['SWCCA_SHARED'] ?? '../shared');
const { rim, rem } = parseVectors(readFileSync(join(folder, 'vectors/measurement.json'), 'utf8'));

test('there are vectors of both kinds', () => {
  expect(rim.length).toBeGreaterThanOrEqual(25);
  expect(rem.length).toBeGreaterThanOrEqual(10);
});

test.each([...rim, ...rem].map((vector) => [vector.id, vector] as const))('%s', (_, vector) => {
  expect(measurementReplay().run(vector)).toEqual({ id: vector.id, skipped: undefined, problems: [] });
});
