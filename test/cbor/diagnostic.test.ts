import { expect, test } from 'vitest';
import { hex, utf8 } from '../../src/bytes/index.ts';
import { type CborValue, type DiagnosticOptions, decode, diagnostic, encode, Tagged } from '../../src/cbor/index.ts';

const shown = (bytes: Uint8Array | string, options?: DiagnosticOptions): string => {
  const decoded = decode(typeof bytes === 'string' ? hex(bytes) : bytes);
  if (!decoded.ok) throw new Error(decoded.error.code);
  return diagnostic(decoded.item, options);
};

test.each([
  ['180a', '10_0'],
  ['19000a', '10_1'],
  ['1a0000000a', '10_2'],
  ['1b000000000000000a', '10_3'],
  ['3800', '-1_0'],
  ['580101', "h'01'_0"],
  ['780161', '"a"_0'],
  ['980101', '[_0 1]'],
  ['b9000101 02', '{_1 1: 2}'],
  ['9800', '[_0 ]'],
  ['d8010a', '1_0(10)'],
  ['fa3fc00000', '1.5_2'],
  ['fb3ff8000000000000', '1.5_3'],
  ['5f580101ff', "(_ h'01'_0)"],
  ['5fff', "''_"],
  ['7fff', '""_'],
  ['bfff', '{_ }'],
])('%s keeps how it was written: %s', (text, expected) => {
  expect(shown(text)).toBe(expected);
});

const token = encode(
  new Tagged(18, [
    encode(new Map([[1, -35]])),
    new Map(),
    encode(
      new Map<CborValue, CborValue>([
        [10, hex('00ff')],
        ['n', [1, []]],
      ]),
    ),
    hex('a0a0'),
  ]),
);

test('embedded CBOR is shown where it is asked for', () => {
  const all = shown(token, { embedded: () => true });
  expect(all).toBe(`18([<<{1: -35}>>, {}, <<{10: h'00ff', "n": [1, []]}>>, h'a0a0'])`);
  expect(shown(token)).toContain("h'a1013822'");
  expect(shown(token, { embedded: (_, { path }) => path.join() === '#18,[2]' })).toContain("18([h'a1013822', {}, <<");
});

test('members stand on lines of their own, with comments that know path and offset', () => {
  const lines = shown(token, {
    indent: 2,
    embedded: () => true,
    comment: (item, { path, offset }) => `${offset} ${path.join(' ')} ${item.type}`,
  });
  expect(lines).toBe(
    [
      '/ 0  tag / 18(/ 1 #18 array / [',
      '  / 2 #18 [0] bytes / <<',
      '    / 3 #18 [0] <<>> map / {',
      '      / 5 #18 [0] <<>> 1 nint / 1: -35',
      '    }',
      '  >>,',
      '  / 7 #18 [1] map / {},',
      '  / 8 #18 [2] bytes / <<',
      '    / 9 #18 [2] <<>> map / {',
      "      / 11 #18 [2] <<>> 10 bytes / 10: h'00ff',",
      '      / 16 #18 [2] <<>> "n" array / "n": [',
      '        / 17 #18 [2] <<>> "n" [0] uint / 1,',
      '        / 18 #18 [2] <<>> "n" [1] array / []',
      '      ]',
      '    }',
      '  >>,',
      "  / 19 #18 [3] bytes / h'a0a0'",
      '])',
    ].join('\n'),
  );
});

test('offsets of embedded CBOR are those of the whole', () => {
  const inner = (at: number) => shown(token.subarray(at, at + 1));
  shown(token, {
    embedded: () => true,
    comment: (item, { offset }) => {
      if (item.type === 'uint') expect(inner(offset)).toBe(String(item.value));
      return undefined;
    },
  });
  expect.assertions(1);
});

test('keys carry no comments', () => {
  expect(shown('a1820102f6', { comment: ({ type }) => type })).toBe('/ map / {/ simple / [1, 2]: null}');
});

test('a string in pieces is not shown as what it holds', () => {
  expect(shown('5f4100ff', { embedded: () => true })).toBe("(_ h'00')");
});

test('strings in strings are opened to a limit', () => {
  let bytes = utf8('\0');
  for (let level = 0; level < 20_000; level++) bytes = encode(bytes);
  const text = shown(bytes, { embedded: () => true });
  expect(text.startsWith(`${'<<'.repeat(8)}h'`)).toBe(true);
});

test('nothing in a token steers a terminal', () => {
  const hostile = 'a\u001b[31m\u009b2J\u007f\u202e\u2066\u2028\u200b\u{e0041}\n"';
  const text = shown(encode(new Map([[hostile, hostile]])), { comment: () => `${hostile}/ 1, /` });
  expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(text).toContain(String.raw`"a\u001b[31m\u009b2J\u007f\u202e\u2066\u2028\u200b\udb40\udc41\n\""`);
  expect(text.match(/(?<!\\)\//g)).toHaveLength(4);
});
