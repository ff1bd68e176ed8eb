import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UsageError } from '../../src/cli/exit.ts';
import { firmwareFolder, fixturesFolder, readFirmwareFolder } from '../../src/cli/firmware-dir.ts';
import { nodeCrypto as crypto } from '../../src/crypto/node.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swcca-firmware-'));
  cpSync(join(fixturesFolder(), 'good-1.0'), folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const refusal = async (): Promise<string> => {
  const error = await readFirmwareFolder(folder, crypto).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UsageError);
  const { message } = error as UsageError;
  expect(message).not.toContain('\n');
  return message;
};

const rmm = (): string => join(folder, 'images/rmm.bin');

describe('a folder of firmware', () => {
  test('is read whole, and what is measured is what the files hold', async () => {
    const before = await readFirmwareFolder(folder, crypto);
    expect(before.components).toHaveLength(13);
    writeFileSync(rmm(), 'another RMM');
    const after = await readFirmwareFolder(folder, crypto);
    expect(after.components[12]?.digest).toEqual(
      crypto.hash('sha-256').digest(new TextEncoder().encode('another RMM')),
    );
    expect(after.components.slice(0, 12)).toEqual(before.components.slice(0, 12));
  });

  test('may have its images behind symbolic links that stay inside', async () => {
    rmSync(rmm());
    symlinkSync('rse_s.bin', rmm());
    const { components } = await readFirmwareFolder(folder, crypto);
    expect(components[12]?.digest).toEqual(components[2]?.digest);
  });

  test('is refused when a symbolic link leads out of it', async () => {
    rmSync(rmm());
    symlinkSync('/etc/hosts', rmm());
    expect(await refusal()).toMatch(
      /manifest\.json: components\[12\]\.image leads out of the folder: images\/rmm\.bin$/,
    );
  });

  test('is refused when a folder inside is a link that leads out', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'swcca-outside-'));
    cpSync(join(folder, 'images'), outside, { recursive: true });
    rmSync(join(folder, 'images'), { recursive: true });
    symlinkSync(outside, join(folder, 'images'));
    expect(await refusal()).toMatch(/components\[0\]\.image leads out/);
    rmSync(outside, { recursive: true });
  });

  test.each<[string, () => void, RegExp]>([
    ['without manifest', () => rmSync(join(folder, 'manifest.json')), /manifest\.json: cannot be read: no such file/],
    ['with an empty manifest', () => truncateSync(join(folder, 'manifest.json')), /manifest\.json: is empty/],
    [
      'with a manifest of 2 MiB',
      () => truncateSync(join(folder, 'manifest.json'), 2 << 20),
      /manifest\.json: is larger/,
    ],
    [
      'with a manifest cut short',
      () => truncateSync(join(folder, 'manifest.json'), 100),
      /manifest\.json: is not JSON/,
    ],
    ['with lines that are no JSON', () => writeFileSync(join(folder, 'manifest.json'), '{\n a\n b }'), /is not JSON/],
    [
      'with a manifest that says nothing',
      () => writeFileSync(join(folder, 'manifest.json'), '7'),
      /the manifest is not/,
    ],
    [
      'with a member that is wrong',
      () => writeFileSync(join(folder, 'manifest.json'), '{"colour": 1}'),
      /colour is no key/,
    ],
    [
      'with a missing image',
      () => rmSync(rmm()),
      /components\[12\]\.image cannot be read: images\/rmm\.bin: no such file/,
    ],
    ['with an empty image', () => truncateSync(rmm()), /rmm\.bin: is empty/],
    ['with an image of 300 MB', () => truncateSync(rmm(), 300e6), /rmm\.bin: is larger than a firmware image can be/],
    [
      'with a folder for an image',
      () => {
        rmSync(rmm());
        mkdirSync(rmm());
      },
      /components\[12\]\.image is not a regular file/,
    ],
  ])('%s is refused in one line', async (_, spoil, says) => {
    spoil();
    expect(await refusal()).toMatch(says);
  });
});

test('a committed set is found by its name, anything else is a path', () => {
  expect(firmwareFolder('good-1.0')).toBe(join(fixturesFolder(), 'good-1.0'));
  for (const path of ['payload', './good-1.0', 'no-such-set', '..', '']) expect(firmwareFolder(path)).toBe(path);
});
