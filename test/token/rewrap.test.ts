import { describe, expect, test } from 'vitest';
import { describeToken } from '../../src/inspect/index.ts';
import { rewrapToken } from '../../src/token/index.ts';
import { verifyToken } from '../../src/verify/index.ts';
import { array, bytes, int, map, tag, text } from '../support/cbor-writer.ts';
import { CPAK, crypto, deviceClaims, forge, platformPart, publicOf, realmPart, record } from '../support/forge.ts';

const accepted = (token: Uint8Array): boolean => verifyToken(token, { crypto, key: publicOf(CPAK) }).accepted;

const rewrapped = (token: Uint8Array, outer: 399 | 907, entry?: 'bstr' | 'record'): Uint8Array => {
  const result = rewrapToken(token, { outer, entry });
  if (!result.ok) throw new Error(result.error);
  return result.token;
};

describe('a token in another wrapper', () => {
  test.each(['legacy', '2023', '2024', '2026'] as const)('keeps both signatures, and comes back: %s', (year) => {
    for (const [from, to] of [
      [399, 907],
      [907, 399],
    ] as const) {
      const token = forge({ year, outer: from });
      const other = rewrapped(token, to);
      expect(accepted(token)).toBe(true);
      expect(accepted(other)).toBe(true);
      expect(other).toEqual(forge({ year, outer: to }));
      expect(rewrapped(other, from)).toEqual(token);
      expect(describeToken(other).features.outer).toBe(String(to));
    }
  });

  test('has its device claims in the new form as well, which stay bound', () => {
    const token = forge({ year: '2024', entries: { 44258: record(deviceClaims(), 601) } });
    const other = rewrapped(token, 399);
    expect(describeToken(other).stops).toEqual([]);
    expect(rewrapped(other, 907)).toEqual(token);
  });

  test('keeps what stands in an entry byte by byte, broken or not, in its order', () => {
    const odd = tag(399, map([44241, bytes(Uint8Array.of(0xff))], [44234, bytes(platformPart())]));
    const expected = tag(907, map([44241, record(Uint8Array.of(0xff))], [44234, record(platformPart())]));
    expect(rewrapped(odd, 907)).toEqual(expected);
  });

  test('keeps the content format and the indicator of a record in a record', () => {
    const odd = tag(907, map([44234, array(int(10001), bytes(platformPart()), int(4))]));
    expect(rewrapped(odd, 907)).toEqual(odd);
    expect(rewrapped(odd, 399)).toEqual(tag(399, map([44234, bytes(platformPart())])));
  });

  test('takes the form of entries that does not go with the tag, when it is asked for', () => {
    const mixed = rewrapped(forge(), 399, 'record');
    expect(mixed).toEqual(tag(399, map([44234, record(platformPart())], [44241, record(realmPart())])));
    expect(accepted(mixed)).toBe(false);
    expect(rewrapped(mixed, 399)).toEqual(forge());
  });

  test('leaves entries alone that it does not know, and names them', () => {
    const token = forge({ entries: { 99: bytes(Uint8Array.of(1)) } });
    expect(rewrapToken(token, { outer: 907 })).toMatchObject({ ok: true, untouched: [99] });
    expect(accepted(rewrapped(token, 907))).toBe(true);
  });

  test('may come from any tag, or none', () => {
    const entries = map([44234, bytes(platformPart())], [44241, bytes(realmPart())]);
    for (const odd of [entries, tag(400, entries), tag(55799, tag(399, entries))]) {
      expect(rewrapped(odd, 399)).toEqual(forge());
    }
  });
});

describe('what cannot be wrapped again', () => {
  const entry = [44234, bytes(platformPart())] as const;
  test.each([
    ['a token that is cut off', forge().subarray(0, 100), 'is not one whole token'],
    ['nothing', new Uint8Array(), 'is not one whole token'],
    ['a platform token alone', platformPart(), 'holds no collection'],
    [
      'a collection without tokens',
      tag(399, map([1, bytes(new Uint8Array())])),
      'holds no platform and no Realm token',
    ],
    ['an entry that stands there twice', tag(399, map([...entry], [...entry])), 'has an entry twice'],
    ['an entry of neither form', tag(399, map([44234, text('x')])), 'has an entry 44234 of neither form'],
  ])('%s', (_, token, says) => {
    const result = rewrapToken(token, { outer: 907 });
    expect(result).toMatchObject({ ok: false, error: expect.stringContaining(says) });
  });
});
