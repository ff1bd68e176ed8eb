import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/bytes/index.ts';
import { UsageError } from '../../src/cli/exit.ts';
import { parseExtend, parsePayload, type RealmOptions } from '../../src/cli/options/realm.ts';
import { readRealm } from '../../src/cli/realm/index.ts';
import { folder } from './support/folder.ts';

const IMAGE = Uint8Array.from({ length: 5000 }, (_, i) => i % 256);

const NO_OPTIONS: RealmOptions = {
  file: undefined,
  payloads: [],
  hash: undefined,
  rpv: undefined,
  extends: [],
  challenge: undefined,
};

/** Reads a Realm file beside two payloads. */
const read = async (yaml: string | Uint8Array, options: Partial<RealmOptions> = {}) => {
  const { write, path } = folder({ Image: IMAGE, 'guest.dtb': 'dtb', 'initrd.cpio': 'initrd' });
  const notes: string[] = [];
  const file = write('realm.yaml', yaml);
  const realm = await readRealm({ ...NO_OPTIONS, ...options, file }, (note) => notes.push(note));
  return { ...realm, notes, path };
};

/** What a Realm file is refused with, from the file's name on. */
const refusal = async (yaml: string | Uint8Array): Promise<string> => {
  try {
    await read(yaml);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message.replace(/^.*realm\.yaml/, 'realm.yaml').replace(/: \/.*\/(?=[^/]*: cannot)/, ': ');
  }
  return 'accepted';
};

const CONTRACT = `
realm:
  hash: sha-512
  ipa_width: 41
  rpv: "00ff"
  features: { sve_vl: 256, num_bps: 3, num_wps: 4, pmu_ctrs: 5, lpa2: true }
  memory: { base: 0x40000000, size: 512MiB }
  ripas: [ { base: 0x40200000, size: 2MiB, block: 4KiB }, { base: 0x40000000, size: 2MiB, block: auto } ]
  tables: { start_level: 1, vmid: 7 }
  load:
    - { file: ./Image, at: 0x40200000, measured: true }
    - { file: ./guest.dtb, at: 0x4fe00000, measured: false }
  recs:
    - { pc: 0x40200000, gprs: { 0: 0x4fe00000, 7: 9 }, runnable: true }
    - { runnable: false }
  order: default
guest:
  - extend: { rem: 1, file: ./initrd.cpio }
  - extend: { rem: 4, hex: "aa55" }
  - attest: { challenge: "01" }
  - attest:
`;

describe('a Realm file', () => {
  test('says every part of a plan', async () => {
    const { plan, guest, notes } = await read(CONTRACT);
    const { loads, rpv, ...rest } = plan;
    expect(rest).toEqual({
      hash: 'sha-512',
      ipaWidth: 41,
      features: { sveVl: 256, numBps: 3, numWps: 4, pmuCtrs: 5, lpa2: true },
      memory: { base: 0x4000_0000n, size: 0x2000_0000n },
      ripas: [
        { base: 0x4020_0000n, size: 0x20_0000n, block: 4096 },
        { base: 0x4000_0000n, size: 0x20_0000n, block: 'auto' },
      ],
      tables: { startLevel: 1, vmid: 7 },
      recs: [
        { pc: 0x4020_0000n, gprs: [0x4fe0_0000n, 0n, 0n, 0n, 0n, 0n, 0n, 9n], runnable: true },
        { pc: 0x4020_0000n, gprs: [0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n], runnable: false },
      ],
      order: [
        { build: 'ripas', index: 1 },
        { build: 'ripas', index: 0 },
        { build: 'load', index: 0 },
        { build: 'load', index: 1 },
        { build: 'rec', index: 0 },
        { build: 'rec', index: 1 },
      ],
    });
    expect(toHex(rpv)).toBe(`00ff${'00'.repeat(62)}`);
    expect(loads.map(({ read: _, ...load }) => load)).toEqual([
      { name: './Image', at: 0x4020_0000n, measured: true, size: 5000 },
      { name: './guest.dtb', at: 0x4fe0_0000n, measured: false, size: 3 },
    ]);
    expect(loads[0]?.read(4096, 904)).toEqual(IMAGE.slice(4096));
    const digest = new Uint8Array(createHash('sha512').update('initrd').digest());
    const challenge = new Uint8Array(64);
    challenge[0] = 1;
    expect(guest).toEqual([
      { do: 'extend', rem: 1, value: digest },
      { do: 'extend', rem: 4, value: Uint8Array.of(0xaa, 0x55) },
      { do: 'attest', challenge },
      { do: 'attest', challenge: undefined },
    ]);
    expect(notes).toEqual(['the challenge has 1 byte: zero-padded at the tail to 64']);
  });

  test('that says nothing is the default Realm', async () => {
    const { plan, guest } = await read('realm: {}');
    expect(plan).toMatchObject({
      hash: 'sha-256',
      ipaWidth: 40,
      features: { sveVl: 0, numBps: 2, numWps: 2, pmuCtrs: 0, lpa2: false },
      memory: { base: 0x8000_0000n, size: 0x1000_0000n },
      ripas: [{ base: 0x8000_0000n, size: 0x1000_0000n, block: 'auto' }],
      tables: { startLevel: 'auto', vmid: 1 },
      loads: [],
      recs: [{ pc: 0x8000_0000n, runnable: true }],
      order: [{ build: 'ripas' }, { build: 'rec' }],
    });
    expect(toHex(plan.rpv)).toBe('00'.repeat(64));
    expect(guest).toEqual([{ do: 'attest', challenge: undefined }]);
  });

  test('may be JSON, with addresses as text', async () => {
    const { plan } = await read('{"realm": {"memory": {"base": "0x40000000", "size": 4096}}}');
    expect(plan.memory).toEqual({ base: 0x4000_0000n, size: 4096n });
  });

  test('may state the order of construction', async () => {
    const { plan } = await read(CONTRACT.replace('order: default', 'order: [ load: 1, ripas, recs, load: 0 ]'));
    expect(plan.order.map(({ build, index }) => `${build} ${index}`)).toEqual([
      'load 1',
      'ripas 1',
      'ripas 0',
      'rec 0',
      'rec 1',
      'load 0',
    ]);
  });
});

describe('options', () => {
  const digest = (hash: string, text: string | Uint8Array) => new Uint8Array(createHash(hash).update(text).digest());

  test('speak louder than the file, also in digests of files', async () => {
    const rpv = new Uint8Array(64).fill(7);
    const challenge = { from: 'bytes', bytes: new Uint8Array(64).fill(9) } as const;
    const { plan, guest, notes } = await read(CONTRACT, { hash: 'sha-256', rpv, challenge });
    expect(plan).toMatchObject({ hash: 'sha-256', rpv });
    expect(guest[0]).toMatchObject({ value: digest('sha256', 'initrd') });
    expect(guest.slice(2)).toEqual([
      { do: 'attest', challenge: challenge.bytes },
      { do: 'attest', challenge: challenge.bytes },
    ]);
    expect(notes).toEqual([]);
  });

  test('add payloads after those of the file', async () => {
    const { at } = folder({ more: 'x' });
    const { plan } = await read(CONTRACT, { payloads: [parsePayload(`${at('more')}@0x51000000`)] });
    expect(plan.loads.map(({ at, size, measured }) => ({ at, size, measured }))[2]).toEqual({
      at: 0x5100_0000n,
      size: 1,
      measured: true,
    });
  });

  test('extend after the file and before the first token', async () => {
    const { at } = folder({ log: 'log' });
    const added = [parseExtend('2=00ff'), parseExtend(`3=@${at('log')}`)];
    const { guest } = await read(CONTRACT, { extends: added });
    expect(guest.map((step) => (step.do === 'extend' ? step.rem : 'attest'))).toEqual([1, 4, 2, 3, 'attest', 'attest']);
    expect(guest[3]).toMatchObject({ value: digest('sha512', 'log') });
  });

  test('alone make a Realm: the first payload at the base of memory, where it starts', async () => {
    const { at } = folder({ image: IMAGE });
    const { plan, guest } = await readRealm({ ...NO_OPTIONS, payloads: [parsePayload(at('image'))] }, () => undefined);
    expect(plan).toMatchObject({
      memory: { base: 0x8000_0000n, size: 0x1000_0000n },
      loads: [{ at: 0x8000_0000n, size: 5000, measured: true }],
      recs: [{ pc: 0x8000_0000n }],
    });
    expect(guest).toEqual([{ do: 'attest', challenge: undefined }]);
  });

  test.each([
    [
      ['image', 'image'],
      '--payload image: only the first payload goes to the base of memory by itself; write FILE@IPA',
    ],
    [['image@1'], '--payload image@1: 0x1 to 0x2001 is not made of whole blocks of 0x1000 bytes'],
    [
      ['image@0x80000000', 'image@0x80001000'],
      '--payload image@0x80001000: 0x80001000 to 0x80003000 overlaps --payload image@0x80000000, 0x80000000 to 0x80002000',
    ],
    [
      ['image@0x8000000000'],
      '--payload image@0x8000000000: 0x8000000000 to 0x8000002000 leaves the protected half of the 40-bit IPA space, which ends at 0x8000000000',
    ],
    [['none'], '--payload none: none: cannot be read: no such file or directory'],
  ])('payloads %j are refused by the option', async (texts, says) => {
    const { path, at } = folder({ image: IMAGE });
    const payloads = texts.map((text) => parsePayload(at(text)));
    const message = await readRealm({ ...NO_OPTIONS, payloads }, () => undefined).catch(
      (error: Error) => error.message,
    );
    expect(String(message).replaceAll(`${path}/`, '')).toBe(says);
  });

  test.each([
    ['1', 'is written N=HEX or N=@FILE'],
    ['0=aa', 'there is no REM "0"; N is 1 to 4'],
    ['5=aa', 'there is no REM "5"; N is 1 to 4'],
    ['=aa', 'there is no REM ""; N is 1 to 4'],
    ['1=', 'takes 1 to 64 bytes, 0 are given'],
    [`1=${'00'.repeat(65)}`, 'takes 1 to 64 bytes, 65 are given'],
    ['1=xx', 'hexadecimal has something else than 0-9 and a-f'],
    ['1=@', 'needs a file after @'],
  ])('--extend %s is refused', (text, says) => {
    expect(() => parseExtend(text)).toThrow(says);
  });

  test('--payload takes what is no address as part of the name', () => {
    expect(parsePayload('a@b')).toMatchObject({ path: 'a@b', at: undefined });
    expect(parsePayload('a@0x10@16')).toMatchObject({ path: 'a@0x10', at: 16n });
  });
});

describe('docs/realm-file.md', () => {
  const page = readFileSync(new URL('../../docs/realm-file.md', import.meta.url), 'utf8');
  const [defaults = '', ...others] = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml = '']) => yaml);

  test('states the defaults', async () => {
    const stated = await read(defaults);
    const unsaid = await read('realm: {}');
    expect({ ...stated.plan, loads: [] }).toEqual({ ...unsaid.plan, loads: [] });
    expect(stated.guest).toEqual(unsaid.guest);
  });

  test.each(others)('has examples that can be read: %#', async (yaml) => {
    expect((await read(yaml)).plan.order.length).toBeGreaterThan(0);
  });
});

const line = (...lines: string[]): string => ['realm:', ...lines.map((text) => `  ${text}`)].join('\n');

describe('a Realm file is refused by file, line and key', () => {
  test.each([
    [line('hsh: sha-256'), 'realm.yaml:2: realm.hsh: unknown key (did you mean hash?)'],
    ['relm: {}', 'realm.yaml:1: relm: unknown key (did you mean realm?)'],
    ['guest: []', 'realm.yaml:1: lacks the key realm'],
    [line('hash: sha-384'), 'realm.yaml:2: realm.hash: takes one of sha-256, sha-512, not "sha-384"'],
    [line('hash: [sha-256]'), 'realm.yaml:2: realm.hash: takes one of sha-256, sha-512, not a list'],
    [line('ipa_width: 31'), 'realm.yaml:2: realm.ipa_width: takes a whole number from 32 to 52, not 31'],
    [line('ipa_width: "40"'), 'realm.yaml:2: realm.ipa_width: takes a whole number from 32 to 52, not "40"'],
    [line('ipa_width: 40.5'), 'realm.yaml:2: realm.ipa_width: takes a whole number from 32 to 52, not 40.5'],
    [line('ipa_width:'), 'realm.yaml:2: realm.ipa_width: has no value; it takes a whole number from 32 to 52'],
    [line('rpv: 00'), 'realm.yaml:2: realm.rpv: takes hexadecimal in quotes, such as "00ff", not 0'],
    [line(`rpv: "${'00'.repeat(65)}"`), 'realm.yaml:2: realm.rpv: takes 0 to 64 bytes, 65 are given'],
    [
      line('features: 1'),
      'realm.yaml:2: realm.features: takes keys (sve_vl, num_bps, num_wps, pmu_ctrs, lpa2), not a single value',
    ],
    [line('features:', '  lpa2: yes'), 'realm.yaml:3: realm.features.lpa2: takes true or false, not "yes"'],
    [
      line('features: { sve_vl: 100 }'),
      'realm.yaml:2: realm.features.sve_vl: takes a vector length in bits, a multiple of 128, not 100',
    ],
    [
      line('features: { num_bps: 0 }'),
      'realm.yaml:2: realm.features.num_bps: takes a whole number from 1 to 64, not 0',
    ],
    [
      line('memory: { size: 12XB }'),
      'realm.yaml:2: realm.memory.size: takes a size such as 256MiB, 4KiB or a number of bytes, not "12XB"',
    ],
    [line('memory: { base: -1 }'), 'realm.yaml:2: realm.memory.base: takes a 64-bit number such as 0x80000000, not -1'],
    [
      line('memory: { base: 0x80000800 }'),
      'realm.yaml:2: realm.memory: 0x80000800 to 0x90000800 is not made of whole blocks of 0x1000 bytes',
    ],
    [
      line('ipa_width: 32'),
      'realm.yaml:1: realm.memory: 0x80000000 to 0x90000000 leaves the protected half of the 32-bit IPA space, which ends at 0x80000000',
    ],
    [line('ripas: [ { base: 0x80000000 } ]'), 'realm.yaml:2: realm.ripas[0]: lacks the key size'],
    [
      line('ripas:', '  - { base: 0x80001000, size: 2MiB, block: 2MiB }'),
      'realm.yaml:3: realm.ripas[0]: 0x80001000 to 0x80201000 is not made of whole blocks of 0x200000 bytes',
    ],
    [
      line('ripas:', '  - { base: 0, size: 2MiB, block: 1MiB }'),
      'realm.yaml:3: realm.ripas[0].block: takes auto, 4KiB, 2MiB, 1GiB',
    ],
    [
      line('ripas:', '  - { base: 0, size: 2MiB }', '  - { base: 0x1000, size: 4KiB }'),
      'realm.yaml:4: realm.ripas[1]: 0x1000 to 0x2000 overlaps realm.ripas[0], 0x0 to 0x200000',
    ],
    [
      line('tables: { start_level: 4 }'),
      'realm.yaml:2: realm.tables.start_level: takes a whole number from -1 to 3, not 4',
    ],
    [
      line('load:', '  - { file: ./none, at: 0 }'),
      'realm.yaml:3: realm.load[0].file: none: cannot be read: no such file or directory',
    ],
    [line('load:', '  - { at: 0 }'), 'realm.yaml:3: realm.load[0]: lacks the key file'],
    [
      line('load:', '  - { file: Image, at: 1 }'),
      'realm.yaml:3: realm.load[0].at: 0x1 to 0x2001 is not made of whole blocks of 0x1000 bytes',
    ],
    [
      line('load:', '  - { file: Image, at: 0x7fffffffff000 }'),
      'realm.yaml:3: realm.load[0].at: 0x7fffffffff000 to 0x8000000001000 leaves the protected half of the 40-bit IPA space, which ends at 0x8000000000',
    ],
    [
      line('load:', '  - { file: Image, at: 0x80001000 }', '  - { file: guest.dtb, at: 0x80002000 }'),
      'realm.yaml:4: realm.load[1].at: 0x80002000 to 0x80003000 overlaps realm.load[0].at, 0x80001000 to 0x80003000',
    ],
    [
      line('load:', '  - { file: Image, at: 0x8ffff000 }'),
      'realm.yaml:3: realm.load[0].at: 0x8ffff000 to 0x90001000 is not inside the memory of the Realm, 0x80000000 to 0x90000000',
    ],
    [line('recs: [ { gprs: { 8: 1 } } ]'), 'realm.yaml:2: realm.recs[0].gprs.8: keys are numbers from 0 to 7'],
    [line('order: [ rec: 1 ]'), 'realm.yaml:2: realm.order[0]: there is no rec with index 1'],
    [line('order: [ recs, recs ]'), 'realm.yaml:2: realm.order[1]: rec 0 is already in the order'],
    [line('order: [ recs ]'), 'realm.yaml:2: realm.order: leaves out ripas 0; name each part once'],
    [line('order: reverse'), 'realm.yaml:2: realm.order: takes one of default, not "reverse"'],
    [
      'realm: {}\nguest:\n  - extend: { rem: 0, hex: "aa" }',
      'realm.yaml:3: guest[0].extend.rem: takes a whole number from 1 to 4, not 0',
    ],
    [
      'realm: {}\nguest:\n  - extend: { rem: 5, hex: "aa" }',
      'realm.yaml:3: guest[0].extend.rem: takes a whole number from 1 to 4, not 5',
    ],
    ['realm: {}\nguest:\n  - extend: { rem: 1 }', 'realm.yaml:3: guest[0].extend: takes either file or hex'],
    [
      'realm: {}\nguest:\n  - extend: { rem: 1, hex: "" }',
      'realm.yaml:3: guest[0].extend.hex: takes 1 to 64 bytes, 0 are given',
    ],
    [
      'realm: {}\nguest:\n  - extnd: { rem: 1 }',
      'realm.yaml:3: guest[0].extnd: unknown key; known here: extend or attest',
    ],
    [
      'realm: {}\nguest:\n  - attest: { challenge: "zz" }',
      'realm.yaml:3: guest[0].attest.challenge: "zz" is not hexadecimal; write base64url:… or @FILE for other forms',
    ],
    [
      'realm: {}\nguest:\n  - attest: { challenge: "@none" }',
      'realm.yaml:3: guest[0].attest.challenge: none: cannot be read: no such file or directory',
    ],
    ['', 'realm.yaml: is empty, a Realm file is needed'],
    ['# nothing', 'realm.yaml:1: takes keys (realm, guest), not nothing'],
    ['hello', 'realm.yaml:1: takes keys (realm, guest), not a single value'],
    ['realm: {}\nrealm: {}', 'realm.yaml:2: realm: is given twice'],
    ['realm: {', 'realm.yaml:1: Flow map in block collection must be sufficiently indented and end with a }'],
    ['realm: {}\n---\nrealm: {}', 'realm.yaml:2: a second document begins; one is read'],
    ['realm: &a {}\nguest: *a', 'realm.yaml:1: &a: anchors are not read; leave it out'],
    ['realm: {}\nguest: *a', 'realm.yaml:2: *a: aliases are not read; write the value'],
    ['realm: !x {}', 'realm.yaml:1: Unresolved tag: !x'],
    ['? [a]\n: 1', 'realm.yaml:1: a key is a word or a number'],
    [Uint8Array.of(0xff, 0xfe, 0x00), 'realm.yaml: is not text (UTF-8), a Realm file is needed'],
  ])('%j', async (yaml, says) => {
    expect(await refusal(yaml)).toBe(says);
  });

  test('when it is a bomb, before it goes off', async () => {
    const doubling = Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`);
    expect(await refusal(['a0: &a0 x', ...doubling].join('\n'))).toMatch(/anchors are not read|aliases are not read/);
  });

  test.each([
    ['flow lists', '['.repeat(100_000)],
    ['flow maps', '{a: '.repeat(60_000)],
    ['block lists', '- '.repeat(100_000)],
    ['explicit keys', '? '.repeat(100_000)],
    ['closed lists', `${'['.repeat(2000)}${']'.repeat(2000)}`],
    ['many keys', Array.from({ length: 20_000 }, (_, i) => `k${i}:`).join('\n')],
    ['indented maps', Array.from({ length: 700 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ])('when it is absurd: %s', async (_, yaml) => {
    const started = process.cpuUsage();
    expect(await refusal(yaml)).toMatch(/^realm\.yaml:\d+: /);
    // Milliseconds of the processor: how many share it is not what this is about.
    expect(process.cpuUsage(started).user / 1e3).toBeLessThan(10_000);
  });

  test('whatever is in it', async () => {
    const word = fc.constantFrom(
      'realm',
      'hash',
      ':',
      ' ',
      '\n',
      '  ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '0x8',
      '&a',
      '*a',
      '!',
      '|',
      '#',
      '\t',
      'é',
    );
    const anything = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 60 }).map((words) => words.join('')),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (yaml) => {
        expect(await refusal(yaml)).toMatch(/^(accepted|realm\.yaml(:\d+)?: [^\n]+)$/);
      }),
      { numRuns: 300 },
    );
  });
});
