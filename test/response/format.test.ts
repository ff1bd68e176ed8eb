import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utf8 } from '../../src/bytes/index.ts';
import { seededEntropy } from '../../src/crypto/index.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import {
  assemble,
  CONTINUE_ACTS,
  decodeScript,
  dictionary,
  disassemble,
  encodeScript,
  INIT_ACTS,
  namedVersion,
  RESPONSE_SCRIPT_VERSION,
  ResponseScriptError,
  randomScript,
  seeds,
  simplerScripts,
} from '../../src/response/index.ts';
import { narrow, widen } from '../../src/response/wide.ts';

const anyBytes = fc.uint8Array({ maxLength: 80 });

describe('a response script', () => {
  test('is whatever bytes there are, and has one form in which it is written', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const script = decodeScript(bytes);
        const written = encodeScript(script);
        expect(decodeScript(written)).toEqual(script);
        expect(encodeScript(decodeScript(written))).toEqual(written);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  test('is the same as text', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const script = decodeScript(bytes);
        expect(assemble(disassemble(script))).toEqual(script);
      }),
      { seed: 2, numRuns: 1000 },
    );
  });

  test('of no bytes is a sound RMM with a token of one granule', () => {
    expect(decodeScript(new Uint8Array())).toEqual({ total: 4096, chunk: 4096, rules: [] });
  });

  test('is read byte for byte as the format says', () => {
    const bytes = Uint8Array.of(
      0x52,
      0x53,
      0x49,
      1,
      0x01,
      0x20,
      0x07,
      0x00,
      0x21,
      0x02,
      0x09,
      0,
      0x43,
      0,
      0xff,
      0,
      0x82,
      0xff,
      0x80,
      56,
    );
    expect(decodeScript(bytes)).toEqual({
      total: 8193,
      chunk: 7,
      rules: [
        {
          call: 'CONTINUE',
          times: 3,
          acts: [
            { name: 'piece', value: 9n },
            { name: 'register', x: 5, value: 255n },
          ],
        },
        { call: 'INIT', times: Number.POSITIVE_INFINITY, acts: [{ name: 'bound', value: 1n << 63n }] },
      ],
    });
    expect(disassemble(decodeScript(bytes))).toBe(
      'response script 1\ntotal 8193\nchunk 7\ncontinue piece 9 + x5 255 times 3\ninit bound 0x8000000000000000 for ever\n',
    );
    expect(encodeScript(decodeScript(bytes))).toEqual(bytes);
  });

  test('joins acts about one command, whatever stands between them about the other', () => {
    const apart = Uint8Array.of(0, 0, 0, 0, 0x20, 0, 0, 0, 0x80, 0, 1, 0, 0x40, 0, 1, 0);
    expect(decodeScript(apart).rules.map(({ call, acts }) => [call, acts.length])).toEqual([
      ['CONTINUE', 2],
      ['INIT', 1],
    ]);
  });

  test('names its version in its header, and bytes without one have none', () => {
    expect(namedVersion(encodeScript(decodeScript(Uint8Array.of(1, 2, 3))))).toBe(RESPONSE_SCRIPT_VERSION);
    expect(namedVersion(Uint8Array.of(0x52, 0x53, 0x49, 9))).toBe(9);
    expect(namedVersion(Uint8Array.of(0x52, 0x53, 0x49))).toBe(undefined);
  });

  test('has an end, whatever follows', () => {
    const long = new Uint8Array(100_000).fill(0x40);
    expect(decodeScript(long)).toEqual(decodeScript(long.subarray(0, 0x1_0000)));
  });
});

describe('numbers of 64 bits in 16', () => {
  test('hold every boundary that clients compute with', () => {
    const powers = Array.from({ length: 64 }, (_, bit) => 1n << BigInt(bit));
    for (const value of [...powers.flatMap((p) => [p - 1n, p, p + 1n, -p]), 255n, 12288n, 12289n, -1n]) {
      expect(widen(narrow(value) ?? -1)).toBe(BigInt.asUintN(64, value));
    }
  });
});

describe('a script as text', () => {
  test.each([
    ['continue nothing', 'line 1: continue has no act "nothing"'],
    ['\ninit bound', 'line 2: a number is missing after bound'],
    ['init bound 12345', 'line 1: bound 12345 is not of a form that 16 bits hold'],
    ['continue piece 65536', 'line 1: piece 65536 is not a number from 0 to 65535'],
    ['continue wait 3', 'line 1: wait takes no number'],
    ['continue wait times 0', 'line 1: a rule holds for 1 to 255 calls or for ever, not for 0'],
    ['continue x1 0', 'line 1: x1 cannot be set'],
    ['total 0', 'line 1: total takes a number from 1 to 65535'],
    ['response script 2', 'line 1: this reads response script 1'],
    ['wait', 'line 1: "wait" is not one of total, chunk, init, continue'],
  ])('%j is refused with its line', (text, says) => {
    expect(() => assemble(text)).toThrow(ResponseScriptError);
    expect(() => assemble(text)).toThrow(says);
  });

  test('may have comments, empty lines and negative numbers', () => {
    expect(assemble('# hello\n\n  continue   status -1   # NOT_SUPPORTED\n').rules[0]?.acts).toEqual([
      { name: 'status', value: (1n << 64n) - 1n },
    ]);
  });
});

describe('seeds', () => {
  test('use every act between them', () => {
    const used = new Set(
      [...seeds().values()].flatMap(({ rules }) =>
        rules.flatMap(({ call, acts }) => acts.map(({ name }) => `${call} ${name}`)),
      ),
    );
    const all = [
      ...Object.keys(CONTINUE_ACTS).map((name) => `CONTINUE ${name}`),
      ...Object.keys(INIT_ACTS).map((name) => `INIT ${name}`),
    ];
    expect(all.filter((act) => !used.has(act))).toEqual([]);
  });

  test('have tokens of whole granules, one byte less and one more', () => {
    const totals = new Set([...seeds().values()].map(({ total }) => total));
    for (const n of [1, 2, 3]) for (const d of [-1, 0, 1]) expect(totals).toContain(n * 4096 + d);
  });

  test('come with a dictionary in the form of AFL++', () => {
    const lines = dictionary().split('\n').slice(1, -1);
    for (const line of lines) expect(line).toMatch(/^\w+="(\\x[0-9a-f]{2})+"$/);
    const names = lines.map((line) => line.split('=')[0]);
    expect(new Set(names).size).toBe(names.length);
    const acts = [
      ...Object.keys(CONTINUE_ACTS).map((name) => `continue_${name}`),
      ...Object.keys(INIT_ACTS).map((name) => `init_${name}`),
    ];
    expect(acts.filter((name) => !names.includes(name) && !name.endsWith('_register'))).toEqual([]);
  });
});

describe('a random script', () => {
  const counter = () => {
    let n = 0;
    return (length: number) => Uint8Array.from({ length }, () => (n++ * 37) & 0xff);
  };

  test('is the same for the same bytes, and legal', () => {
    expect(randomScript(counter())).toEqual(randomScript(counter()));
    expect(decodeScript(encodeScript(randomScript(counter())))).toEqual(randomScript(counter()));
  });

  test('has every act, and sizes at boundaries, sooner or later', () => {
    const entropy = seededEntropy(nodeCrypto, utf8('every act'));
    const scripts = Array.from({ length: 500 }, () => randomScript((length) => entropy.bytes(length)));
    const used = new Set(
      scripts.flatMap(({ rules }) => rules.flatMap(({ call, acts }) => acts.map(({ name }) => `${call} ${name}`))),
    );
    for (const name of Object.keys(CONTINUE_ACTS)) expect(used).toContain(`CONTINUE ${name}`);
    for (const name of Object.keys(INIT_ACTS)) expect(used).toContain(`INIT ${name}`);
    for (const size of [1, 4095, 4096, 4097, 8193]) {
      expect(scripts.filter(({ total }) => total === size).length).toBeGreaterThan(5);
      expect(scripts.filter(({ chunk }) => chunk === size).length).toBeGreaterThan(5);
    }
  });

  test('has simpler ones, down to a sound RMM', () => {
    for (const start of seeds().values()) {
      let script = start;
      for (let next = simplerScripts(script).next(); !next.done; next = simplerScripts(script).next())
        script = next.value;
      expect(script).toEqual({ total: 4096, chunk: 4096, rules: [] });
    }
  });
});
