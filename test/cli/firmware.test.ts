import { createHash, generateKeyPairSync } from 'node:crypto';
import { cpSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { committedSets, fixturesFolder } from '../../src/cli/firmware-dir.ts';
import { folder } from './support/folder.ts';
import { swcca } from './support/swcca.ts';

const json = (...args: readonly string[]) => {
  const { code, out, err } = swcca([...args, '--json']);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out);
};

const refused = (args: readonly string[]): string => {
  const { code, out, err } = swcca(args);
  expect([code, out], err).toEqual([2, '']);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
  return err;
};

test('list has every committed set, and tells those that no firmware emits', () => {
  const sets: { name: string; synthetic: boolean; summary: string }[] = json('firmware', 'list');
  expect(sets.map(({ name }) => name)).toEqual(committedSets());
  expect(sets.filter(({ synthetic }) => synthetic).map(({ name }) => name)).toEqual([
    'claim-debug-rmsd',
    'claim-debug-root',
    'claim-decommissioned',
  ]);
});

test('show tells what is wrong with a set', () => {
  const { out } = swcca(['firmware', 'show', 'tampered-bl31']);
  expect(out).toMatch(/A strict verifier must refuse it and name AP_BL31/);
  expect(json('firmware', 'show', 'tampered-bl31').components).toHaveLength(13);
});

test('measure gives slots, keys and reference values that the token of the set meets, and that of another does not', () => {
  const { at } = folder();
  const measured = json('firmware', 'measure', 'good-1.0', '--reference', at('good.json'));
  const manifest = JSON.parse(readFileSync(join(fixturesFolder(), 'good-1.0', 'manifest.json'), 'utf8'));
  expect(measured).toMatchObject({
    slots: manifest.expected.slots,
    cpak: manifest.expected.cpak,
    rak: manifest.expected.rak,
  });
  writeFileSync(at('cpak.pem'), measured.cpak_pem);
  const verdict = (set: string): number | null => {
    expect(swcca(['token', '--firmware', set, '-o', at('token.cbor')]).code).toBe(0);
    return swcca(['verify', at('token.cbor'), '--key', at('cpak.pem'), '--reference', at('good.json')]).code;
  };
  expect([verdict('good-1.0'), verdict('tampered-bl31')]).toEqual([0, 1]);
});

test.each(committedSets())('check finds nothing to mend in %s', (set) => {
  expect(json2('firmware', 'check', set)).toEqual({ ok: true, problems: [] });
});

/** Islet's set warns, as it must. */
const json2 = (...args: readonly string[]) => JSON.parse(swcca([...args, '--json']).out);

test('check names each value that does not hold, with exit code 1', () => {
  const { path, at } = folder();
  cpSync(join(fixturesFolder(), 'good-1.0'), path, { recursive: true });
  writeFileSync(at('images/rmm.bin'), 'another RMM');
  const { code, out } = swcca(['firmware', 'check', path]);
  expect(code).toBe(1);
  expect(out).toMatch(
    /^.*manifest\.json: expected\.slots\.14 is not what the images give, [0-9a-f]{64}\n.*expected\.rak/,
  );
  expect(out).not.toMatch(/cpak/);
});

describe('new', () => {
  /** An image as MCUboot signs it, as far as it is read. */
  const signed = (keyHash: Buffer): Buffer => {
    const image = Buffer.alloc(32 + 16 + 4 + 4 + keyHash.length);
    image.writeUInt32LE(0x96f3_b83d, 0);
    image.writeUInt16LE(32, 8);
    image.writeUInt32LE(16, 12);
    image.set([2, 1], 20);
    image.writeUInt16LE(3, 22);
    image.writeUInt32LE(4, 24);
    image.writeUInt16LE(0x6907, 48);
    image.writeUInt16LE(8 + keyHash.length, 50);
    image.writeUInt16LE(0x01, 52);
    image.writeUInt16LE(keyHash.length, 54);
    image.set(keyHash, 56);
    return image;
  };

  test('makes a set out of a build: types by names, signers by keys and by what MCUboot wrote', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    const keyHash = Buffer.alloc(32, 7);
    const { path, at } = folder({
      'rotpk.pem': publicKey.export({ type: 'spki', format: 'pem' }) as string,
      'tf-a/bl1.bin': 'bl1',
      'tf-a/bl2.bin': 'bl2',
      'tf-a/bl31.bin': 'bl31',
      'tf-a/fvp_fw_config.dtb': 'config',
      'rmm/rmm.img': 'rmm',
      'tf-m/bl1_2.bin': 'bl1_2',
      'tf-m/bl2_signed.bin': 'rse bl2',
      'tf-m/tfm_s_signed.bin': signed(keyHash),
      'readme.txt': 'no firmware',
    });
    const { code, out, err } = swcca(['firmware', 'new', path]);
    expect([code, out, err]).toEqual([0, `wrote ${at('manifest.json')}\n`, '']);
    const { components, signers } = JSON.parse(readFileSync(at('manifest.json'), 'utf8'));
    expect(
      components.map(
        (each: Record<string, unknown>) => `${each['slot']} ${each['type']} ${each['version']} ${each['image']}`,
      ),
    ).toEqual([
      '0 RSE_BL1_2 0.0.0 tf-m/bl1_2.bin',
      '1 RSE_BL2 0.0.0 tf-m/bl2_signed.bin',
      '2 RSE_S 2.1.3+4 tf-m/tfm_s_signed.bin',
      '3 AP_BL1 0.0.0 tf-a/bl1.bin',
      '8 FW_CONFIG 0.0.0 tf-a/fvp_fw_config.dtb',
      '10 AP_BL2 0.0.0 tf-a/bl2.bin',
      '11 AP_BL31 0.0.0 tf-a/bl31.bin',
      '14 RMM 0.0.0 rmm/rmm.img',
    ]);
    expect(signers.firmware).toMatchObject({ id: createHash('sha256').update(spki).digest('hex'), key: 'rotpk.pem' });
    expect(signers['key-07070707'].id).toBe(keyHash.toString('hex'));
    expect(json('firmware', 'check', path)).toEqual({ ok: true, problems: [] });
    expect(swcca(['token', '--firmware', path, '-o', at('token.cbor')]).code).toBe(0);
    expect(refused(['firmware', 'new', path])).toMatch(/is there already; --force writes it anew/);
    expect(swcca(['firmware', 'new', path, '--force']).code).toBe(0);
  });

  test('tells what it does not know', () => {
    const { path, at } = folder({ 'bl31.bin': 'bl31', 'rmm.img': 'rmm' });
    const { code, err } = swcca(['firmware', 'new', path]);
    expect(code).toBe(0);
    expect(err).toMatch(/no file is BL1_2/);
    expect(err).toMatch(/signers\.unknown\.id: is zeros/);
    expect(swcca(['token', '--firmware', path, '-o', at('token.cbor')]).code).toBe(0);
  });

  test('takes no private key, no empty image and no folder without firmware', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    expect(refused(['firmware', 'new', folder({ 'a.pem': key, 'rmm.img': 'x' }).path])).toMatch(/is a private key/);
    expect(refused(['firmware', 'new', folder({ 'rmm.img': '' }).path])).toMatch(/rmm\.img: is empty/);
    expect(refused(['firmware', 'new', folder({ 'notes.txt': '' }).path])).toMatch(/holds no file with a name of TF-A/);
    expect(refused(['firmware', 'new', '/nowhere'])).toMatch(/there is no such folder/);
  });
});

describe('a wrong set is refused in one line that names file and member', () => {
  const set = (change: (manifest: Record<string, never>, at: (name: string) => string) => void): string => {
    const { path, at } = folder();
    cpSync(join(fixturesFolder(), 'good-1.0'), path, { recursive: true });
    const manifest = JSON.parse(readFileSync(at('manifest.json'), 'utf8'));
    change(manifest, at);
    writeFileSync(at('manifest.json'), JSON.stringify(manifest));
    return path;
  };
  // biome-ignore lint/suspicious/noExplicitAny: manifests that are wrong have no type
  type Manifest = any;
  const CASES: Readonly<Record<string, readonly [(manifest: Manifest, at: (name: string) => string) => void, RegExp]>> =
    {
      'an unknown key': [(m) => (m.components[0].colour = 'red'), /manifest\.json: components\[0\]\.colour is no key/],
      'a missing image': [
        (m) => (m.components[1].image = 'images/no.bin'),
        /components\[1\]\.image cannot be read: images\/no\.bin: no such file/,
      ],
      'two components in one slot': [
        (m) => (m.components[3].slot = 2),
        /components\[3\]\.slot is 2, which components\[2\] has already/,
      ],
      'a version of 15 characters': [
        (m) => (m.components[2].version = '1.0.0-very-long'),
        /components\[2\]\.version has 15 bytes, not 0 to 14/,
      ],
      'a signer id of 31 bytes': [
        (m) => (m.signers.firmware.id = 'ab'.repeat(31)),
        /signers\.firmware\.id has 31 bytes, not 32 to 64/,
      ],
      'a path that leaves the folder': [
        (m) => (m.components[2].image = '../x.bin'),
        /components\[2\]\.image is not a path of a file below/,
      ],
      'a symbolic link that leaves the folder': [
        (m, at) => {
          symlinkSync('/etc/hosts', at('images/link.bin'));
          m.components[2].image = 'images/link.bin';
        },
        /components\[2\]\.image leads out of the folder: images\/link\.bin/,
      ],
      'an image of 0 bytes': [(_, at) => truncateSync(at('images/rmm.bin'), 0), /rmm\.bin.* is empty/],
      'an image of 300 MB': [
        (_, at) => truncateSync(at('images/rmm.bin'), 300_000_000),
        /rmm\.bin: is larger than a firmware image can be/,
      ],
    };
  test.each(Object.keys(CASES))('%s', (name) => {
    const [change, says] = CASES[name] ?? [() => undefined, /never/];
    const path = set(change);
    for (const action of ['check', 'measure']) {
      const err = refused(['firmware', action, path]);
      expect(err).toMatch(says);
      expect(err).toContain(path);
    }
  });

  test('an action or a set that does not exist', () => {
    expect(refused(['firmware', 'mesure', 'good-1.0'])).toMatch(/did you mean measure\?/);
    expect(refused(['firmware', 'show'])).toMatch(/show takes a set or a folder/);
    expect(refused(['firmware', 'measure', 'good-1.2'])).toMatch(/no set of that name.*did you mean good-1\.[01]\?/);
  });
});
