import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { EXIT } from '../../src/cli/index.ts';
import { folder, scratchFolder } from './support/folder.ts';
import { swcca } from './support/swcca.ts';

const made = scratchFolder();
afterAll(made.remove);
const bundle = made.at('bundle');
const ran = swcca(['token', '--bundle', bundle, '--seed', '7', '--hash', 'sha-512', '--extend', '2=aa55']);
const file = (...path: string[]): string => join(bundle, ...path);
const token = file('token.cbor');
const corim = (name: string): string => file('endorsements', 'corim-2025', name);
const oneLine = (text: string): string => {
  expect(text.trimEnd().split('\n')).toHaveLength(1);
  return text;
};

describe('swcca endorse', () => {
  test('writes into a bundle what it writes by itself, byte for byte', () => {
    expect(ran.code).toBe(EXIT.ok);
    const { path, at } = folder();
    const fromBundle = swcca(['endorse', bundle, '--out', at('a')]);
    const fromMachine = swcca(['endorse', '--seed', '7', '--hash', 'sha-512', '--extend', '2=aa55', '-o', at('b')]);
    const fromToken = swcca(['endorse', token, '--key', file('cpak.pem'), '-o', at('c'), '--json']);
    expect([fromBundle.code, fromMachine.code, fromToken.code]).toEqual([EXIT.ok, EXIT.ok, EXIT.ok]);
    const { says } = JSON.parse(fromToken.out) as { says: Readonly<Record<string, string>> };
    expect(Object.keys(says).length).toBeGreaterThan(30);
    for (const name of Object.keys(says)) {
      const expected = readFileSync(file('endorsements', name));
      expect(readFileSync(join(path, 'a', name)), name).toEqual(expected);
      expect(readFileSync(join(path, 'b', name)), name).toEqual(expected);
    }
  });

  test('takes a bad form, and the index says what is wrong and where', () => {
    const { at } = folder();
    const run = swcca(['endorse', bundle, '--bad', 'realm-wrong-rem', '-o', at('wrong')]);
    expect(run.code).toBe(EXIT.ok);
    const index = JSON.parse(readFileSync(at('wrong/bundle.json'), 'utf8'));
    expect(index.bad).toMatchObject({
      id: 'realm-wrong-rem',
      class: 'appraisal',
      veraison: { realm: { executables: 3 } },
    });
    expect(index.bad.differs).toContain('corim-2025/realm.cbor');
    const judged = swcca([
      'verify',
      token,
      '--key',
      file('cpak.pem'),
      '--reference',
      at('wrong/corim-2025/realm.cbor'),
    ]);
    expect(judged.code).toBe(EXIT.no);
    expect(judged.out).toContain('REM_MISMATCH realm/44239/0');
  });

  test('lists the bad forms', () => {
    const { code, out } = swcca(['endorse', '--list-bad', '--json']);
    expect(code).toBe(EXIT.ok);
    const forms = JSON.parse(out) as { id: string; class: string; error?: string }[];
    expect(forms.find(({ id }) => id === 'platform-bad-no-class')).toMatchObject({
      class: 'load',
      error: 'environment.class is required',
    });
  });

  test.for([
    [['endorse'], '--out is missing'],
    [['endorse', '--bad', 'realm-wrong-rom', '-o', 'x'], 'did you mean realm-wrong-rim?'],
    [['endorse', token, '-o', 'x'], 'name its key with --key'],
    [['endorse', bundle, '--seed', '8', '-o', 'x'], '--seed describes a machine to boot'],
    [['endorse', '--key', file('cpak.pem'), '-o', 'x'], '--key belongs to a token'],
    [['endorse', token, '--key', file('rak.pub.pem'), '-o', 'x'], 'not a token that this key verifies'],
    [['endorse', file('challenge.bin'), '--key', file('cpak.pem'), '-o', 'x'], 'not a token that this key verifies'],
    [['endorse', made.path, '-o', 'x'], 'is not a bundle'],
    [['endorse', bundle, '-o', made.path], 'exists and is not a bundle'],
  ] as const)('%j is wrong use: one line, and nothing is written', ([args, says]) => {
    const { path, names } = folder();
    const { code, out, err } = swcca(args, { cwd: path });
    expect({ code, out }).toEqual({ code: EXIT.usage, out: '' });
    expect(oneLine(err)).toContain(says);
    expect(names()).toEqual([]);
  });
});

describe('swcca verify with CoRIMs', () => {
  const verify = (...args: string[]) => swcca(['verify', token, ...args]);

  test.for([
    [['--key', corim('platform.cbor'), '--reference', corim('platform.cbor'), '--reference', corim('realm.cbor')]],
    [['--key', file('cpak.pem'), '--reference', file('endorsements/corim-ssd-1/platform.cbor')]],
    [['--key', file('endorsements/cpak.cose-key.cbor'), '--reference', file('endorsements/corim-ssd-1/realm.cbor')]],
    [['--key', file('cpak.pem'), '--reference', corim('platform-versions.cbor')]],
  ])('accepts with %j', ([args = []]) => {
    expect(verify(...args)).toMatchObject({ code: EXIT.ok, err: '' });
  });

  test('holds a signed one against its signer, and says when it does not', () => {
    const signed = ['--key', corim('platform.signed.cbor'), '--reference', corim('realm.signed.cbor')];
    const checked = verify(...signed, '--corim-key', file('endorsements/corim-signer.pem'));
    expect(checked).toMatchObject({ code: EXIT.ok, err: '' });
    const unchecked = verify(...signed);
    expect(unchecked.code).toBe(EXIT.ok);
    expect(unchecked.err).toContain('its signature is not checked');
    const other = verify(...signed, '--corim-key', file('cpak.pem'));
    expect(other.code).toBe(EXIT.usage);
    expect(oneLine(other.err)).toContain('is not signed by the key that --corim-key names');
  });

  test.for([
    [['--reference', file('reference-values.json'), '--reference', corim('realm.cbor')], 'stands alone'],
    [['--reference', token], 'is not a CoRIM'],
    [['--key', corim('realm.cbor')], 'a CoRIM without trust anchors'],
    [['--reference', corim('realm.cbor'), '--corim-key', file('cpak.pem')], 'is not signed, and --corim-key'],
  ] as const)('%j is one line', ([args, says]) => {
    const { code, err } = verify(...args);
    expect(code).toBe(EXIT.usage);
    expect(oneLine(err)).toContain(says);
  });
});
