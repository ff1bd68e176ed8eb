import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex, toBigEndian, toHex, utf8 } from '../../src/bytes/index.ts';
import { type CborValue, DEFAULT_LIMITS, decode, encode, Simple, Tagged } from '../../src/cbor/index.ts';
import {
  ALGORITHM_ID,
  decodeSign1,
  encodeSign1,
  HEADER,
  SIGN1_TAG,
  type Sign1,
  signatureAlgorithmOf,
  sigStructure,
} from '../../src/cose/index.ts';
import type { PublicKey, SignatureAlgorithm } from '../../src/crypto/index.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';

const ES384 = encode(new Map([[HEADER.alg, ALGORITHM_ID.ES384]]));
const SIGNATURE = new Uint8Array(96).fill(7);

const sign1 = (...parts: CborValue[]) => encode(new Tagged(SIGN1_TAG, parts));
const read = (bytes: Uint8Array): Sign1 => {
  const decoded = decodeSign1(bytes);
  if (!decoded.ok) throw new Error(decoded.error.code);
  return decoded.value;
};
const errorOf = (bytes: Uint8Array) => {
  const decoded = decodeSign1(bytes);
  return decoded.ok ? undefined : decoded.error;
};
const header = (...entries: (readonly [CborValue, CborValue])[]) => encode(new Map(entries));
const deviationsOf = (protectedBytes: Uint8Array, unprotected: CborValue = new Map()) =>
  read(sign1(protectedBytes, unprotected, new Uint8Array(), SIGNATURE)).deviations.map(({ code }) => code);

test('the example of RFC 9052 C.2.1 is read and verified', () => {
  const bytes = hex(
    'd28443a10126a10442313154546869732069732074686520636f6e74656e742e58408eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36',
  );
  const key: PublicKey = {
    curve: 'P-256',
    x: hex('bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff'),
    y: hex('20138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e'),
  };
  const message = read(bytes);
  const { protectedBytes, payload, signature, algorithm, kid, deviations, problems, tagged } = message;
  expect({ payload, algorithm, kid, deviations, problems, tagged }).toEqual({
    payload: utf8('This is the content.'),
    algorithm: -7,
    kid: utf8('11'),
    deviations: [],
    problems: [],
    tagged: true,
  });
  const toBeSigned = sigStructure(protectedBytes, payload);
  expect(nodeCrypto.verify(signatureAlgorithmOf(algorithm) as SignatureAlgorithm, key, toBeSigned, signature)).toBe(
    true,
  );
});

describe('encodeSign1', () => {
  const privateKey = { curve: 'P-384', scalar: toBigEndian(0xc0ffeen, 48) } as const;
  const parts = { protected: new Map([[1, -35]]), payload: utf8('payload') };

  test('signs the protected header and the payload', () => {
    const seen: Uint8Array[] = [];
    const bytes = encodeSign1(parts, (toBeSigned) => {
      seen.push(toBeSigned);
      return nodeCrypto.sign('ES384', privateKey, toBeSigned);
    });
    expect(seen.map(toHex)).toEqual([`846a5369676e61747572653144a101382240${toHex(encode(utf8('payload')))}`]);
    const { signature } = read(bytes);
    expect(
      nodeCrypto.verify('ES384', nodeCrypto.publicKey(privateKey) as PublicKey, seen[0] as Uint8Array, signature),
    ).toBe(true);
    expect(toHex(bytes)).toBe(`d28444a1013822a0${toHex(encode(utf8('payload')))}5860${toHex(signature)}`);
  });

  test('writes an unprotected header when there is one, and an empty protected header as no bytes', () => {
    const sign = () => hex('01');
    expect(toHex(encodeSign1({ ...parts, unprotected: new Map([[4, hex('aa')]]) }, sign))).toContain(
      'a1013822a10441aa47',
    );
    expect(toHex(encodeSign1({ protected: new Map(), payload: hex('') }, sign))).toBe('d28440a0404101');
  });

  test('what it writes is read as it was given', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), fc.uint8Array(), (payload, signature, kid) => {
        const bytes = encodeSign1({ ...parts, payload, unprotected: new Map([[HEADER.kid, kid]]) }, () => signature);
        expect(read(bytes)).toMatchObject({ payload, signature, kid, algorithm: -35, deviations: [], problems: [] });
      }),
    );
  });
});

describe('decodeSign1 finds no COSE_Sign1', () => {
  const good: readonly CborValue[] = [ES384, new Map(), hex('01'), SIGNATURE];
  const withPart = (i: number, part: CborValue) => sign1(...good.map((each, at) => (at === i ? part : each)));

  test.each([
    ['another tag', encode(new Tagged(98, good)), 'WRONG_TAG', 0],
    ['another tag outside', encode(new Tagged(61, new Tagged(SIGN1_TAG, good))), 'WRONG_TAG', 0],
    ['the tag twice', encode(new Tagged(SIGN1_TAG, new Tagged(SIGN1_TAG, good))), 'NOT_ARRAY_OF_4', 1],
    ['a map', sign1().fill(0xa0, 1), 'NOT_ARRAY_OF_4', 1],
    ['three parts', sign1(...good.slice(0, 3)), 'NOT_ARRAY_OF_4', 1],
    ['five parts', sign1(...good, 0), 'NOT_ARRAY_OF_4', 1],
    ['no parts', sign1(), 'NOT_ARRAY_OF_4', 1],
    ['a protected header that is a map', withPart(0, new Map()), 'PROTECTED_NOT_BYTES', 2],
    ['a protected header that is text', withPart(0, 'a'), 'PROTECTED_NOT_BYTES', 2],
    ['a protected header that holds an array', withPart(0, hex('80')), 'PROTECTED_NOT_MAP', 3],
    ['an unprotected header that is bytes', withPart(1, hex('a0')), 'UNPROTECTED_NOT_MAP', 7],
    ['a nil payload', withPart(2, null), 'PAYLOAD_DETACHED', 8],
    ['an undefined payload', withPart(2, undefined), 'PAYLOAD_NOT_BYTES', 8],
    ['a payload that is a map', withPart(2, new Map()), 'PAYLOAD_NOT_BYTES', 8],
    ['a payload in a tag', withPart(2, new Tagged(24, hex('01'))), 'PAYLOAD_NOT_BYTES', 8],
    ['a nil signature', withPart(3, null), 'SIGNATURE_NOT_BYTES', 10],
    ['a text signature', withPart(3, 'a'), 'SIGNATURE_NOT_BYTES', 10],
    ['a simple value', encode(new Simple(0)), 'NOT_ARRAY_OF_4', 0],
  ])('in %s', (_, bytes, code, offset) => {
    expect(errorOf(bytes)).toEqual({ code, offset });
  });

  test('in bytes that are not CBOR, and says why', () => {
    expect(errorOf(new Uint8Array())).toEqual({ code: 'NOT_CBOR', offset: 0, cbor: { code: 'EMPTY', offset: 0 } });
    expect(errorOf(hex('d284'))).toMatchObject({ code: 'NOT_CBOR', cbor: { code: 'TRUNCATED' } });
  });

  test('in a protected header that is not one item, with the offset in the whole', () => {
    expect(errorOf(withPart(0, hex('a101')))).toEqual({
      code: 'PROTECTED_NOT_CBOR',
      offset: 3,
      cbor: { code: 'TRUNCATED', offset: 3 },
    });
    expect(errorOf(withPart(0, hex('a000')))).toMatchObject({
      code: 'PROTECTED_NOT_CBOR',
      offset: 4,
      cbor: { code: 'TRAILING_BYTES' },
    });
  });
});

describe('decodeSign1 tells deviations', () => {
  test('none where there is none', () => {
    expect(deviationsOf(ES384)).toEqual([]);
    expect(
      deviationsOf(
        ES384,
        new Map<CborValue, CborValue>([
          [HEADER.kid, hex('00')],
          [99, 1],
          ['x', 2],
        ]),
      ),
    ).toEqual([]);
  });

  test('a missing tag and trailing bytes', () => {
    const bytes = sign1(ES384, new Map(), new Uint8Array(), SIGNATURE);
    expect(read(bytes.subarray(1))).toMatchObject({ tagged: false, deviations: [{ code: 'UNTAGGED', offset: 0 }] });
    const longer = Uint8Array.of(...bytes, 0);
    expect(read(longer).deviations).toEqual([{ code: 'TRAILING_BYTES', offset: bytes.length }]);
  });

  test.each<[string, Uint8Array, CborValue, string[]]>([
    ['no alg', header(), new Map(), ['ALG_MISSING']],
    ['no header bytes', new Uint8Array(), new Map(), ['ALG_MISSING']],
    ['alg unprotected', new Uint8Array(), new Map([[1, -35]]), ['ALG_MISSING', 'ALG_UNPROTECTED']],
    ['alg in both', ES384, new Map([[1, -35]]), ['LABEL_DUPLICATE', 'ALG_UNPROTECTED']],
    ['alg twice', hex('a2013822180126'), new Map(), ['LABEL_DUPLICATE']],
    ['kid in both', header([1, -35], [4, hex('00')]), new Map([[4, hex('00')]]), ['LABEL_DUPLICATE']],
    ['a byte string for a label', header([1, -35], [hex('00'), 0]), new Map(), ['LABEL_MALFORMED']],
    ['crit of known labels', header([1, -35], [2, [1]]), new Map(), []],
    ['crit of an unknown label', header([1, -35], [2, [99]], [99, 0]), new Map(), ['CRIT_UNKNOWN']],
    ['crit of an unknown text', header([1, -35], [2, ['x']], ['x', 0]), new Map(), ['CRIT_UNKNOWN']],
    ['crit of an absent label', header([1, -35], [2, [4]]), new Map([[4, hex('00')]]), ['CRIT_ABSENT']],
    ['an empty crit', header([1, -35], [2, []]), new Map(), ['CRIT_MALFORMED']],
    ['a crit that is no array', header([1, -35], [2, 1]), new Map(), ['CRIT_MALFORMED']],
    ['a crit of bytes', header([1, -35], [2, [hex('01')]]), new Map(), ['CRIT_MALFORMED']],
    ['crit unprotected', ES384, new Map([[2, [1]]]), ['CRIT_UNPROTECTED']],
  ])('%s', (_, protectedBytes, unprotected, codes) => {
    expect(deviationsOf(protectedBytes, unprotected)).toEqual(codes);
  });

  test('an algorithm of any kind is handed on', () => {
    const algorithmOf = (alg: CborValue) => read(sign1(header([1, alg]), new Map(), hex(''), hex(''))).algorithm;
    expect([-35, -7, 5, 'ES384', -(2n ** 60n), hex('00'), null].map(algorithmOf)).toEqual([
      -35,
      -7,
      5,
      'ES384',
      -(2n ** 60n),
      undefined,
      undefined,
    ]);
  });
});

test('problems of envelope and protected header are told by offset in the whole, those of the payload are not', () => {
  // 18([h'a1 1801 3822', {_ }, h'1801', h'']) as an array of indefinite length.
  const bytes = hex('d29f 45a118013822 bfff 421801 40 ff');
  expect(read(bytes).problems).toEqual([
    { code: 'INDEFINITE_LENGTH', offset: 1 },
    { code: 'NOT_SHORTEST', offset: 4 },
    { code: 'INDEFINITE_LENGTH', offset: 8 },
  ]);
});

test('the protected header is kept as it was written', () => {
  expect(toHex(read(hex('d284 45a118013822 a0 40 40')).protectedBytes)).toBe('a118013822');
  expect(toHex(read(hex('d284 5f42a10142 3822ff a0 40 40')).protectedBytes)).toBe('a1013822');
});

test('a COSE_Sign1 is read where it stands', () => {
  const inner = sign1(ES384, new Map(), hex('f6'), SIGNATURE);
  const outer = encode([0, inner, 0]);
  const decoded = decode(outer);
  if (!decoded.ok || decoded.item.type !== 'array' || decoded.item.items[1] === undefined)
    throw new Error('not the fixture');
  const { headEnd, end } = decoded.item.items[1];
  const result = decodeSign1(outer, { start: headEnd, end });
  expect(result).toMatchObject({
    ok: true,
    value: { deviations: [], item: { start: headEnd, end }, payload: hex('f6') },
  });
});

test('algorithm identifiers are those of RFC 9053, and nothing else is one', () => {
  expect([-7, -35, -36].map(signatureAlgorithmOf)).toEqual(['ES256', 'ES384', 'ES512']);
  for (const id of [0, -8, 35, '-35', 'ES384', -35n, undefined, null]) expect(signatureAlgorithmOf(id)).toBeUndefined();
});

test('any bytes give a COSE_Sign1 or an error, in time', () => {
  const good = sign1(ES384, new Map([[4, hex('00')]]), hex('a10a40'), SIGNATURE);
  const damaged = fc
    .tuple(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 }), fc.nat(10))
    .map(([changes, cut]) => {
      const bytes = Uint8Array.from(good);
      for (const [at, byte] of changes) bytes[at] = byte;
      return bytes.subarray(0, bytes.length - cut);
    });
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array()), (bytes) => {
      const decoded = decodeSign1(bytes);
      if (!decoded.ok) expect(decoded.error.offset).toBeLessThanOrEqual(bytes.length);
    }),
    { numRuns: 500 },
  );
});

test('a header and a crit as large as the limits allow are read in time', () => {
  // Three items for each label, and a few around them.
  const labels = Array.from({ length: Math.floor(DEFAULT_LIMITS.maxItems / 3) - 2 }, (_, i) => i + 100);
  const protectedBytes = encode(
    new Map<CborValue, CborValue>([[1, -35], [2, labels], ...labels.map((label) => [label, 0] as const)]),
  );
  expect(deviationsOf(protectedBytes)).toHaveLength(labels.length);
});
