import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { armCcaGuest, ok, serveFolder } from '../../src/tsm/index.ts';

let folder = '';
let serving: { stop(): void };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swcca-shadow-'));
  serving = serveFolder(
    folder,
    armCcaGuest((challenge) => ok(challenge.map((byte) => byte ^ 0xff))),
  );
});
afterEach(() => {
  serving.stop();
  rmSync(folder, { recursive: true, force: true });
});

const until = async (holds: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 400 && !holds(); tries++) await new Promise((resolve) => setTimeout(resolve, 25));
  expect(holds()).toBe(true);
};
const path = (name: string): string => join(folder, 'r', name);
const read = (name: string): string => (existsSync(path(name)) ? readFileSync(path(name), 'latin1') : '');

describe('a plain folder', () => {
  test('becomes a report, and answers each inblob with an outblob before its generation moves', async () => {
    mkdirSync(join(folder, 'r'));
    await until(() => read('generation') === '0\n');
    expect(read('provider')).toBe('arm_cca_guest\n');
    for (const [i, byte] of [1, 2].entries()) {
      writeFileSync(path('inblob'), new Uint8Array(64).fill(byte));
      await until(() => read('generation') === `${i + 1}\n`);
      expect(new Uint8Array(readFileSync(path('outblob')))).toEqual(new Uint8Array(64).fill(byte ^ 0xff));
    }
  });

  test('has no outblob for an inblob that the driver does not take', async () => {
    mkdirSync(join(folder, 'r'));
    writeFileSync(path('inblob'), new Uint8Array(64).fill(1));
    await until(() => existsSync(path('outblob')));
    writeFileSync(path('inblob'), new Uint8Array(31).fill(1));
    await until(() => !existsSync(path('outblob')));
  });

  test('can be removed and made again', async () => {
    mkdirSync(join(folder, 'r'));
    await until(() => existsSync(path('provider')));
    rmSync(join(folder, 'r'), { recursive: true });
    mkdirSync(join(folder, 'other'));
    await until(() => existsSync(join(folder, 'other', 'provider')));
    mkdirSync(join(folder, 'r'));
    await until(() => existsSync(path('provider')));
  });

  test('follows no link out of itself', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'swcca-outside-'));
    try {
      writeFileSync(join(outside, 'secret'), new Uint8Array(64));
      symlinkSync(outside, join(folder, 'linked'));
      mkdirSync(join(folder, 'r'));
      symlinkSync(join(outside, 'secret'), path('inblob'));
      await until(() => read('generation') === '0\n');
      expect(existsSync(join(outside, 'provider'))).toBe(false);
      expect(existsSync(path('outblob'))).toBe(false);
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
  });
});
