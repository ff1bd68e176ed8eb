import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { equalBytes, toHex } from '../../src/bytes/index.ts';
import {
  committedSets,
  firmwareFolder,
  fixturesFolder,
  readFirmwareFolder,
  readFirmwareManifest,
} from '../../src/cli/firmware-dir.ts';
import { coseKeyBytes } from '../../src/cose/index.ts';
import { parseSpkiPem, spkiDer } from '../../src/crypto/index.ts';
import { nodeCrypto as crypto } from '../../src/crypto/node.ts';
import { componentsOf, createHes, HES_PRESETS, isSynthetic } from '../../src/hes/index.ts';
import { DIALECTS } from '../../src/token/index.ts';
import { keyRequest } from './support/chip.ts';

const fixtures = fixturesFolder();
const committed = committedSets();

/** What a set must give, from digests of its images: written with node:crypto alone, apart from the sources. */
const { expectedOf } = (await import(new URL('../../scripts/lib/fixtures/derivation.mjs', import.meta.url).href)) as {
  expectedOf: (
    set: { lcs: string; dcu: string; hes?: string | undefined },
    seed: string,
    components: readonly object[],
    bl12: Uint8Array,
  ) => { slots: Record<string, string>; cpak: string; rak: string };
};

test('the sets are those that are promised', () => {
  expect(committed).toEqual([
    'claim-debug-rmsd',
    'claim-debug-root',
    'claim-decommissioned',
    'good-1.0',
    'good-1.1',
    'islet',
    'missing-rmm',
    'multi-signer',
    'old-rmm-0.9',
    'rma',
    'rogue-signer-rmm',
    'stale-token',
    'tampered-bl31',
  ]);
});

test('those are synthetic whose lifecycle no life-cycle state yields, and no others', async () => {
  const sets = await Promise.all(committed.map((name) => readFirmwareFolder(firmwareFolder(name), crypto)));
  expect(sets.filter(isSynthetic).map(({ name }) => name)).toEqual([
    'claim-debug-rmsd',
    'claim-debug-root',
    'claim-decommissioned',
  ]);
});

describe.each(committed)('%s', (name) => {
  const folder = firmwareFolder(name);

  test('is found by its name, which its manifest bears, and says what there is to know', async () => {
    const manifest = await readFirmwareManifest(folder);
    expect(folder).toBe(join(fixtures, name));
    expect(manifest.name).toBe(name);
    expect(manifest.summary.length).toBeGreaterThan(30);
    // What is wrong, what a strict verifier must conclude, what known ones do conclude.
    expect(manifest.about).toMatch(/strict verifier.*must.*[Kk]nown verifiers/s);
  });

  test('has the slots, the CPAK and the RAK that its manifest expects, by either account', async () => {
    const manifest = await readFirmwareManifest(folder);
    const { expected, lcs, dcu, defaults, signers } = manifest;
    const sha256 = (bytes: Uint8Array): Uint8Array => crypto.hash('sha-256').digest(bytes);
    const components = manifest.components.map((each) => ({
      ...each,
      id: toHex(signers.get(each.signer)?.id ?? new Uint8Array()),
      digest: Buffer.from(each.digest ?? sha256(readFileSync(join(folder, each.image ?? '')))),
    }));
    const independent = expectedOf(
      { lcs, dcu: toHex(dcu), hes: defaults.hes },
      expected?.seed ?? '',
      components,
      components[0]?.digest ?? new Uint8Array(),
    );
    const hexed = (values: ReadonlyMap<string, Uint8Array> | undefined) =>
      Object.fromEntries([...(values ?? [])].map(([slot, value]) => [slot, toHex(value)]));
    expect(hexed(expected?.slots)).toEqual(independent.slots);
    expect(expected && [toHex(expected.cpak), toHex(expected.rak)]).toEqual([independent.cpak, independent.rak]);

    const { dialect = 'rmm-1.0', hes: preset = 'rse', ...switches } = defaults;
    const hes = createHes({
      crypto,
      firmware: await readFirmwareFolder(folder, crypto),
      device: { ...HES_PRESETS[preset].device, seed: expected?.seed ?? '' },
      dialect: DIALECTS[dialect],
      switches: { ...HES_PRESETS[preset].switches, ...switches },
    });
    hes.getDelegatedKey(keyRequest);
    const { cpak, rak, slots, refused } = hes.status();
    expect(refused).toEqual([]);
    const values = slots.flatMap((slot, i) => (slot === undefined ? [] : [[`${i}`, toHex(slot.measurement_value)]]));
    expect(Object.fromEntries(values)).toEqual(independent.slots);
    expect(toHex(coseKeyBytes(cpak))).toBe(independent.cpak);
    expect(rak && toHex(coseKeyBytes(rak))).toBe(independent.rak);
  });

  test('has the keys of its signers beside it, whose hashes are their ids', async () => {
    const manifest = await readFirmwareManifest(folder);
    const foreign = componentsOf(manifest).filter(([, { image }]) => image === undefined);
    for (const [signer, { id, key }] of manifest.signers) {
      if (key === undefined) expect(foreign.some(([, each]) => each.signer === signer)).toBe(true);
      else {
        const publicKey = parseSpkiPem(readFileSync(join(folder, key), 'utf8'));
        expect(publicKey && crypto.hash('sha-256').digest(spkiDer(publicKey))).toEqual(id);
      }
    }
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
  const byHand = (file: string): boolean => file === 'README.md' || file.startsWith('faults');

  test('is what its script makes, file for file', () => {
    const script = fileURLToPath(new URL('../../scripts/make-firmware-fixtures.mjs', import.meta.url));
    expect(spawnSync(process.execPath, [script, made], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    expect(filesOf(made)).toEqual(filesOf(fixtures).filter((file) => !byHand(file)));
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

  test('has a row for each set in its README', () => {
    const readme = readFileSync(join(fixtures, 'README.md'), 'utf8');
    for (const name of committed) expect(readme).toContain(`| \`${name}\` |`);
  });
});
