import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { PSA_ALG, PSA_ECC_FAMILY_SECP_R1 } from '../../src/abi/index.ts';
import { equalBytes, toHex } from '../../src/bytes/index.ts';
import {
  firmwareFolder,
  fixturesFolder,
  readFirmwareFolder,
  readFirmwareManifest,
} from '../../src/cli/firmware-dir.ts';
import { coseKeyBytes } from '../../src/cose/index.ts';
import { nodeCrypto as crypto } from '../../src/crypto/node.ts';
import { createHes } from '../../src/hes/index.ts';

const fixtures = fixturesFolder();
const committed = readdirSync(fixtures, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'payload')
  .map((entry) => entry.name);

describe.each(committed)('%s', (name) => {
  test('is found by its name, which its manifest bears', async () => {
    expect(firmwareFolder(name)).toBe(join(fixtures, name));
    expect((await readFirmwareManifest(firmwareFolder(name))).name).toBe(name);
  });

  test('gives the slots, the CPAK and the RAK that node:crypto alone computes from the images', async () => {
    const { expected } = await readFirmwareManifest(firmwareFolder(name));
    const firmware = await readFirmwareFolder(firmwareFolder(name), crypto);
    const hes = createHes({ crypto, firmware, device: { seed: expected?.seed ?? '' } });
    hes.getDelegatedKey({
      ecc_curve: PSA_ECC_FAMILY_SECP_R1,
      key_bits: 384,
      hash_algo: PSA_ALG['sha-256'],
      key_buf_size: 48,
    });
    const { cpak, rak, slots, refused } = hes.status();
    expect(refused).toEqual([]);
    const values = slots.flatMap((slot, i) => (slot === undefined ? [] : [[`${i}`, slot.measurement_value] as const]));
    expect(new Map(values)).toEqual(expected?.slots);
    expect(coseKeyBytes(cpak)).toEqual(expected?.cpak);
    expect(rak && coseKeyBytes(rak)).toEqual(expected?.rak);
  });
});

describe('the committed folder', () => {
  const made = mkdtempSync(join(tmpdir(), 'swcca-fixtures-'));
  afterAll(() => rmSync(made, { recursive: true }));

  const filesOf = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort();

  test('is what its script makes, file for file', () => {
    const script = fileURLToPath(new URL('../../scripts/make-firmware-fixtures.mjs', import.meta.url));
    expect(spawnSync(process.execPath, [script, made], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    expect(filesOf(made)).toEqual(filesOf(fixtures).filter((file) => file !== 'README.md'));
    const differs = filesOf(made).filter(
      (file) => !equalBytes(readFileSync(join(made, file)), readFileSync(join(fixtures, file))),
    );
    expect(differs).toEqual([]);
  });

  test('names every payload with its size and digest', () => {
    const { payloads } = JSON.parse(readFileSync(join(fixtures, 'payload/payloads.json'), 'utf8'));
    for (const { file, size, sha256 } of payloads) {
      const bytes = readFileSync(join(fixtures, 'payload', file));
      expect([bytes.length, toHex(crypto.hash('sha-256').digest(bytes))]).toEqual([size, sha256]);
    }
    expect(payloads).toHaveLength(1);
  });
});
