import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { committedSets, firmwareFolder, readFirmwareManifest } from '../../src/cli/firmware-dir.ts';
import { HES_PRESETS, HES_SWITCHES, parseFirmwareManifest } from '../../src/hes/index.ts';
import { DIALECTS } from '../../src/token/index.ts';

type Json = { [key: string]: unknown };
const schema = JSON.parse(
  readFileSync(new URL('../../docs/schemas/firmware-manifest.schema.json', import.meta.url), 'utf8'),
) as { properties: { defaults: { properties: { [name: string]: { enum: unknown[] } } } } };
const validate = new Ajv2020().compile(schema);

const textOf = (name: string): string => readFileSync(join(firmwareFolder(name), 'manifest.json'), 'utf8');
const good = (): Json & { components: Json[]; signers: { [name: string]: Json } } => JSON.parse(textOf('multi-signer'));

/** A manifest with one thing changed. */
const changed = (change: (manifest: ReturnType<typeof good>) => void): unknown => {
  const manifest = good();
  change(manifest);
  return manifest;
};

describe('the published schema of firmware sets', () => {
  test.each(committedSets())('takes %s', async (name) => {
    validate(JSON.parse(textOf(name)));
    expect(validate.errors).toBe(null);
    expect((await readFirmwareManifest(firmwareFolder(name))).name).toBe(name);
  });

  test('knows every switch and its values', () => {
    const { dialect, hes, ...switches } = schema.properties.defaults.properties;
    expect([dialect?.enum, hes?.enum]).toEqual([Object.keys(DIALECTS), Object.keys(HES_PRESETS)]);
    expect(Object.fromEntries(Object.entries(switches).map(([name, { enum: values }]) => [name, values]))).toEqual(
      Object.fromEntries(Object.entries(HES_SWITCHES).map(([name, { values }]) => [name, values])),
    );
  });

  test.each<[string, unknown]>([
    ['no object', 7],
    ['an unknown key', changed((m) => (m['colour'] = 'red'))],
    ['another format', changed((m) => (m['schema'] = 'swcca/firmware-set/v2'))],
    ['no name', changed((m) => delete m['name'])],
    ['a name that is a path', changed((m) => (m['name'] = '../x'))],
    ['an unknown life-cycle state', changed((m) => (m['lcs'] = 'XX'))],
    ['a lifecycle of 17 bits', changed((m) => (m['lifecycle'] = 0x10000))],
    ['15 bytes of debug bits', changed((m) => (m['dcu'] = '00'.repeat(15)))],
    ['a signer id of 31 bytes', changed((m) => (m.signers['owner']!['id'] = '11'.repeat(31)))],
    ['a signer key above', changed((m) => (m.signers['owner']!['key'] = '../key.pem'))],
    ['slot 32', changed((m) => (m.components[3]!['slot'] = 32))],
    ['a version of 15 characters', changed((m) => (m.components[3]!['version'] = '123456789012345'))],
    ['a type of 33 characters', changed((m) => (m.components[3]!['type'] = 'x'.repeat(33)))],
    ['an algorithm that is no hash', changed((m) => (m.components[3]!['algorithm'] = 'md5'))],
    ['an image that leaves the folder', changed((m) => (m.components[3]!['image'] = 'a/../../b'))],
    ['an absolute image', changed((m) => (m.components[3]!['image'] = '/b'))],
    ['an image with a backslash', changed((m) => (m.components[3]!['image'] = '..\\b'))],
    ['neither image nor digest', changed((m) => delete m.components[3]!['image'])],
    ['both image and digest', changed((m) => (m.components[3]!['digest'] = '11'.repeat(32)))],
    [
      'a digest of another algorithm',
      changed((m) => Object.assign(m.components[3]!, { image: undefined, digest: '11'.repeat(48) })),
    ],
    ['countersigners that are none', changed((m) => (m.components[3]!['countersigners'] = []))],
    ['a step at another moment', changed((m) => (m['script'] = [{ after: 'lunch', activate: m.components[0] }]))],
    ['an unknown default', changed((m) => (m['defaults'] = { colour: 'red' }))],
    ['an unknown value of a switch', changed((m) => (m['defaults'] = { kdf: 'md5' }))],
    ['a switch that is text', changed((m) => (m['defaults'] = { challengeCheck: 'off' }))],
    ['an expected slot 32', changed((m) => (m['expected'] = { seed: '', slots: { 32: '' }, cpak: '00', rak: '00' }))],
  ])('refuses %s, as the reader does', (_, manifest) => {
    // A member that is undefined is absent in a file.
    const json: unknown = JSON.parse(JSON.stringify(manifest));
    expect(validate(json)).toBe(false);
    expect(parseFirmwareManifest(json).ok).toBe(false);
  });

  test.each<[string, unknown]>([
    [
      'a digest in place of an image',
      changed((m) => Object.assign(m.components[3]!, { image: undefined, digest: '11'.repeat(32) })),
    ],
    [
      'a digest of SHA-512',
      changed((m) =>
        Object.assign(m.components[3]!, { image: undefined, algorithm: 'sha-512', digest: '11'.repeat(64) }),
      ),
    ],
    [
      'all switches',
      changed(
        (m) =>
          (m['defaults'] = Object.fromEntries(
            Object.entries(HES_SWITCHES).map(([name, { values }]) => [name, values[0]]),
          )),
      ),
    ],
    ['dots in a path', changed((m) => (m.components[3]!['image'] = 'a.b/..c/d..'))],
  ])('takes %s, as the reader does', (_, manifest) => {
    const json: unknown = JSON.parse(JSON.stringify(manifest));
    expect([validate(json), parseFirmwareManifest(json).ok]).toEqual([true, true]);
  });

  test('is what a script holds the committed folder against', () => {
    const script = fileURLToPath(new URL('../../scripts/check-firmware-fixtures.mjs', import.meta.url));
    const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/13 firmware sets and 20 fault plans/);
  });
});
