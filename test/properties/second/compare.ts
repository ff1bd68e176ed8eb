import assert from 'node:assert/strict';
import { tryRmi } from '../../../src/host/index.ts';
import type { Platform } from '../../../src/platform/index.ts';
import { createRandom } from '../random.ts';
import { addRec, changeRipas, extend, fillTable, load, reachPages, touchTables } from './acts.ts';
import { codeOf, createTwin, type Twin } from './twin.ts';

const measurement = (twin: Twin, index: number): Uint8Array | undefined =>
  twin.platform.rmm.state.realm(twin.rd).measurements[index];

/**
 * The life of one Realm, drawn from a seed, on a machine of `TWIN_MACHINE` and beside the second account.
 *
 * @throws {Error} where the two differ.
 */
export const compareTwins = (platform: Platform, seed: number): void => {
  const random = createRandom(seed);
  const twin = createTwin(platform, random);
  assert.deepEqual(measurement(twin, 0), twin.rim);

  // While the Realm is NEW, everything but tables is measured.
  reachPages(twin, 0n);
  reachPages(twin, 1n << BigInt(twin.stage2.width - 1));
  if (random.chance(30)) fillTable(twin);
  for (let i = 0; i < 60; i += 1) touchTables(twin, true);
  const rec = addRec(twin, 0, true);
  for (const index of [1, 2]) addRec(twin, index, random.chance(50));
  for (let i = 0; i < 30; i += 1) touchTables(twin, true);
  assert.deepEqual(measurement(twin, 0), twin.rim);

  assert.equal(codeOf(tryRmi(platform, 'REALM_ACTIVATE', twin.rd)), 'OK');
  const rems = Array.from({ length: 4 }, () => new Uint8Array(64));
  for (let i = 0; i < 40; i += 1) {
    touchTables(twin, false);
    if (random.chance(30)) changeRipas(twin, rec);
    if (random.chance(30)) load(twin, rec);
    if (random.chance(10)) extend(twin, rec, rems);
  }
  for (const [i, rem] of rems.entries()) assert.deepEqual(measurement(twin, 1 + i), rem);
  assert.deepEqual(measurement(twin, 0), twin.rim);
};
