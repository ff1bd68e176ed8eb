import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixturesFolder } from '../../src/cli/firmware-dir.ts';
import { nodeCrypto as crypto } from '../../src/crypto/node.ts';
import { FIRMWARE_SCHEMA, measureFirmware, parseFirmwareManifest } from '../../src/hes/index.ts';

type Json = { [key: string]: unknown };

const entry = (slot: number, changes: Json = {}): Json => ({
  slot,
  type: `THING_${slot}`,
  version: '1.0.0',
  signer: 'me',
  image: `images/${slot}.bin`,
  ...changes,
});

const manifest = (changes: Json = {}): Json => ({
  schema: FIRMWARE_SCHEMA,
  name: 'mine',
  summary: '',
  origin: '',
  licence: '',
  lcs: 'SE',
  signers: { me: { id: '11'.repeat(32) } },
  components: [entry(0), entry(14)],
  ...changes,
});

describe('a firmware manifest', () => {
  test('needs little: what is left out has a default', () => {
    const parsed = parseFirmwareManifest(manifest());
    if (!parsed.ok) throw new Error(parsed.problem.path);
    expect(parsed.value).toMatchObject({
      about: '',
      dcu: new Uint8Array(16),
      updates: [],
      script: [],
      defaults: {},
      lifecycle: undefined,
    });
    expect(parsed.value.components[1]).toEqual({
      ...entry(14),
      algorithm: 'sha-256',
      countersigners: [],
      lock: false,
      liveActivation: undefined,
      digest: undefined,
    });
  });

  test('becomes a set whose components carry the digest of their image and the id of their signer', () => {
    const updates = [entry(14, { version: '2', image: 'new.bin' })];
    const components = [entry(0, { algorithm: 'sha-512', lock: true }), entry(14)];
    const parsed = parseFirmwareManifest(
      manifest({ components, updates, lifecycle: 0x4000, defaults: { keyHash: 'raw' } }),
    );
    if (!parsed.ok) throw new Error(parsed.problem.path);
    const digestOf = (image: string, algorithm: 'sha-256' | 'sha-384' | 'sha-512') =>
      crypto.hash(algorithm).digest(new TextEncoder().encode(image));
    const set = measureFirmware(parsed.value, digestOf);
    expect(set).toMatchObject({
      name: 'mine',
      lifecycle: 0x4000,
      bl12Hash: digestOf('images/0.bin', 'sha-256'),
      defaults: { keyHash: 'raw' },
      components: [{ slot: 0, digest: digestOf('images/0.bin', 'sha-512'), lock: true }, { slot: 14 }],
      updates: [
        { slot: 14, version: '2', digest: digestOf('new.bin', 'sha-256'), signerId: new Uint8Array(32).fill(0x11) },
      ],
    });
    expect(set.components[0]).not.toHaveProperty('image');
  });

  test.each<[string, unknown, string, RegExp]>([
    ['nothing', undefined, '', /missing/],
    ['a list', [], '', /not an object/],
    ['another format', manifest({ schema: 'swcca/firmware-set/v2' }), 'schema', /swcca\/firmware-set\/v1/],
    ['an unknown key', manifest({ colour: 'red' }), 'colour', /no key/],
    ['an unknown key inside', manifest({ components: [entry(0, { size: 1 })] }), 'components[0].size', /no key/],
    ['no name', manifest({ name: undefined }), 'name', /missing/],
    ['a name that is a path', manifest({ name: '../up' }), 'name', /name/],
    ['an unknown life-cycle state', manifest({ lcs: 'XX' }), 'lcs', /CM, DM, SE, RMA/],
    ['a lifecycle of 17 bits', manifest({ lifecycle: 0x10000 }), 'lifecycle', /whole number/],
    ['a lifecycle as text', manifest({ lifecycle: '0x3000' }), 'lifecycle', /whole number/],
    ['15 bytes of debug bits', manifest({ dcu: '00'.repeat(15) }), 'dcu', /15 bytes, not 16/],
    ['debug bits that are no hexadecimal', manifest({ dcu: 'zz' }), 'dcu', /hexadecimal/],
    [
      'a signer id of 31 bytes',
      manifest({ signers: { me: { id: '11'.repeat(31) } } }),
      'signers.me.id',
      /31 bytes, not 32 to 64/,
    ],
    ['a signer without id', manifest({ signers: { me: {} } }), 'signers.me.id', /missing/],
    ['a signer with a strange name', manifest({ signers: { 'm e': { id: '' } } }), 'signers.m e', /name/],
    ['no components', manifest({ components: [] }), 'components', /0 entries/],
    ['33 components', manifest({ components: new Array(33).fill(entry(0)) }), 'components', /33 entries/],
    [
      'two components in one slot',
      manifest({ components: [entry(0), entry(3), entry(3)] }),
      'components[2].slot',
      /components\[1\]/,
    ],
    ['slot 32', manifest({ components: [entry(0), entry(32)] }), 'components[1].slot', /0 to 31/],
    ['half a slot', manifest({ components: [entry(0.5)] }), 'components[0].slot', /whole number/],
    ['no BL1_2', manifest({ components: [entry(1)] }), 'components', /slot 0/],
    [
      'a version of 15 characters',
      manifest({ components: [entry(0, { version: '123456789012345' })] }),
      'components[0].version',
      /15 bytes/,
    ],
    [
      'a type of 33 characters',
      manifest({ components: [entry(0, { type: 'x'.repeat(33) })] }),
      'components[0].type',
      /33 bytes/,
    ],
    [
      'a signer that is not named',
      manifest({ components: [entry(0, { signer: 'you' })] }),
      'components[0].signer',
      /you/,
    ],
    [
      'an algorithm that is no hash',
      manifest({ components: [entry(0, { algorithm: 'md5' })] }),
      'components[0].algorithm',
      /sha-256/,
    ],
    [
      'an absolute image',
      manifest({ components: [entry(0, { image: '/etc/passwd' })] }),
      'components[0].image',
      /below/,
    ],
    ['an image above', manifest({ components: [entry(0, { image: 'a/../../b' })] }), 'components[0].image', /below/],
    [
      'an image with a backslash',
      manifest({ components: [entry(0, { image: '..\\b' })] }),
      'components[0].image',
      /below/,
    ],
    ['an image with a NUL', manifest({ components: [entry(0, { image: 'a\0b' })] }), 'components[0].image', /below/],
    ['no image', manifest({ components: [entry(0, { image: undefined })] }), 'components[0].image', /missing/],
    [
      'a lock that is a number',
      manifest({ components: [entry(0, { lock: 1 })] }),
      'components[0].lock',
      /true or false/,
    ],
    ['an update of an empty slot', manifest({ updates: [entry(5)] }), 'updates[0].slot', /no component/],
    ['an update by nobody', manifest({ updates: [entry(14, { signer: 'you' })] }), 'updates[0].signer', /you/],
    ['an unknown dialect', manifest({ defaults: { dialect: 'rmm-9' } }), 'defaults.dialect', /rmm-1.0/],
    [
      'an expected slot by name',
      manifest({ expected: { seed: '', slots: { a: '' }, cpak: '00', rak: '00' } }),
      'expected.slots.a',
      /name/,
    ],
  ])('with %s is refused and names the place', (_, json, path, says) => {
    const parsed = parseFirmwareManifest(json);
    expect(parsed).toMatchObject({ ok: false, problem: { path } });
    if (!parsed.ok) expect(parsed.problem.says).toMatch(says);
  });

  test('gives an answer whatever the JSON is', () => {
    fc.assert(fc.property(fc.jsonValue(), (json) => typeof parseFirmwareManifest(json).ok === 'boolean'));
  });

  test('gives an answer whatever is put in place of any member', () => {
    const text = readFileSync(join(fixturesFolder(), 'good-1.0/manifest.json'), 'utf8');
    const whole = JSON.parse(text) as Json;
    const places: (string | number)[][] = [];
    const walk = (value: unknown, at: (string | number)[]): void => {
      places.push(at);
      if (typeof value !== 'object' || value === null) return;
      for (const [key, inner] of Object.entries(value)) walk(inner, [...at, key]);
    };
    walk(whole, []);
    const replaced = (value: unknown, [key, ...rest]: (string | number)[], by: unknown): unknown => {
      if (key === undefined) return by;
      const inner = replaced((value as Json)[key], rest, by);
      return Array.isArray(value)
        ? value.map((each, i) => (i === Number(key) ? inner : each))
        : { ...(value as Json), [key]: inner };
    };
    expect(parseFirmwareManifest(whole).ok).toBe(true);
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), (at, by) => {
        const parsed = parseFirmwareManifest(replaced(whole, at, by));
        return parsed.ok || typeof parsed.problem.path === 'string';
      }),
      { numRuns: 500 },
    );
  });
});
