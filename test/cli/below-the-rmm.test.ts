import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixturesFolder } from '../../src/cli/firmware-dir.ts';
import { folder } from './support/folder.ts';
import { swcca } from './support/swcca.ts';

const plan = (name: string): string => join(fixturesFolder(), 'faults', `${name}.yaml`);

/** Runs and gives the token, which has to come out. */
const tokenOf = (...args: readonly string[]): Buffer => {
  const { code, bytes, err } = swcca(['token', '-o', '-', ...args]);
  expect([code, err]).toEqual([0, '']);
  return bytes;
};

const refused = (code: number, ...args: readonly string[]): string => {
  const run = swcca(['token', '-o', '-', ...args]);
  expect(run.code, run.err).toBe(code);
  expect(run.out).toBe('');
  expect(run.err.trimEnd().split('\n')).toHaveLength(1);
  return run.err;
};

describe('--set', () => {
  test('turns switches of HES, EL3 and RMM; what the token says does not depend on how it travels', () => {
    const plain = tokenOf();
    expect(tokenOf('--set', 'el3.hunks=100').equals(plain)).toBe(true);
    expect(tokenOf('--set', 'el3.tokenSign=on', '--set', 'rmm.attestSigning=el3').equals(plain)).toBe(true);
    expect(tokenOf('--set', 'hes.swTypeStyle=rse').equals(plain)).toBe(false);
  });

  test.each([
    ['hes.keyhash=raw', /there is no hes\.keyhash \(did you mean hes\.keyHash\?\)/],
    ['hes.keyHash', /hes\.keyHash takes a value/],
    ['hes.keyHash=x', /hes\.keyHash: "x" is not one of/],
    ['el3.hunks=0', /el3\.hunks: "0" is not a number from 1 to 4096/],
    ['el3.tokenSign=yes', /el3\.tokenSign: "yes" is not one of on, off/],
    ['hes.keyHash=raw', /HES hashes keys as raw \(hes\.keyHash\), the dialect rmm-1\.0 as cose-key/],
  ])('%s is refused by name', (setting, says) => {
    expect(refused(2, '--set', setting)).toMatch(says);
  });
});

describe('--hes', () => {
  test('islet has the published keys, and says so', () => {
    const { code, err } = swcca(['token', '--hes', 'islet', '-o', '-']);
    expect([code, err]).toEqual([0, expect.stringMatching(/^swcca token: warning: Islet's HES .*\n$/)]);
  });

  test('static serves the files of a folder: the key that the token was made for is bound, another is not', () => {
    const { path, at, write } = folder();
    expect(swcca(['token', '--bundle', at('bundle')]).code).toBe(0);
    write('static/platform-token.cbor', readFileSync(at('bundle/platform-token.cbor')));
    expect(refused(2, '--hes', `static:${at('static')}`)).toMatch(/rak\.hex: cannot be read/);
    write('static/rak.hex', '01'.repeat(47));
    expect(refused(2, '--hes', `static:${at('static')}`)).toMatch(/rak\.hex: is not a private key of P-384/);
    write('static/rak.hex', '01'.repeat(48));
    const { code, bytes, err } = swcca(['token', '--hes', `static:${at('static')}`, '-o', '-']);
    expect([code, err]).toEqual([0, expect.stringMatching(/serves one token whatever it is asked/)]);
    writeFileSync(at('token.cbor'), bytes);
    const verdict = swcca(['verify', at('token.cbor'), '--key', at('bundle/cpak.pem')], { cwd: path });
    expect(verdict.code).toBe(1);
    expect(verdict.out).toMatch(/bind/);
  });
});

describe('--faults', () => {
  test('ends in exit code 1 and the reason where no token comes out', () => {
    expect(refused(1, '--faults', plan('h01-key-timeout'))).toBe(
      'swcca token: no token: attestation: EL3 gave no realm key\n',
    );
    expect(refused(1, '--faults', plan('h09-measurement-refused'))).toMatch(/measured-boot: HES does not measure/);
  });

  test('fails a run in which a fault that has to act does not', () => {
    expect(refused(1, '--faults', plan('h14-queue-full'))).toMatch(
      /faults that had to act did not: el3\.RMM_EL3_TOKEN/,
    );
  });

  test('gives the token that the fault made', () => {
    expect(tokenOf('--faults', plan('h06-token-cut')).length).toBeLessThan(tokenOf().length);
  });

  test('is refused with file, line and key', () => {
    const { write } = folder();
    const file = write('plan.yaml', 'version: 1\nmodel: rmm\nfaults:\n  - at: hes.nothing\n    act: { skip: yes }\n');
    expect(refused(2, '--faults', file)).toMatch(/plan\.yaml:4: faults\[0\]\.at/);
  });
});

describe('--state', () => {
  const chipIn = (path: string) => {
    const [name = ''] = readdirSync(path);
    const { generation, chip } = JSON.parse(readFileSync(join(path, name), 'utf8'));
    return { generation, chip, file: join(path, name) };
  };

  test('keeps the chip: each run boots it once more, and its log has no gap', () => {
    const state = folder().at('chip');
    const first = tokenOf('--state', state, '--seed', '7');
    expect(tokenOf('--state', state).equals(first)).toBe(true);
    const { generation, chip } = chipIn(state);
    expect(generation).toBe(2);
    expect(chip.epoch).toEqual({ boot: 1, lfa: 0 });
    expect(chip.log.map(({ seq }: { seq: number }) => seq)).toEqual([...chip.log.keys()]);
    expect(refused(2, '--state', state, '--seed', '8')).toMatch(/is the chip with seed "7", not "8"/);
  });

  test('reports damage and resets nothing', () => {
    const state = folder().at('chip');
    tokenOf('--state', state);
    const { file } = chipIn(state);
    const wrong = readFileSync(file, 'utf8').replace('"SE"', '"DM"');
    writeFileSync(file, wrong);
    expect(refused(2, '--state', state)).toMatch(/is damaged: its checksum does not hold/);
    expect(readFileSync(file, 'utf8')).toBe(wrong);
  });
});
