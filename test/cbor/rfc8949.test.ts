import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../../src/bytes/index.ts';
import { type CborItem, decode, diagnostic, encode, problems, toValue } from '../../src/cbor/index.ts';
import appendixA from '../vectors/rfc8949-appendix-a.json' with { type: 'json' };

const itemOf = (text: string): CborItem => {
  const decoded = decode(hex(text));
  if (!decoded.ok) throw new Error(decoded.error.code);
  return decoded.item;
};

/** The appendix shows bignums as the numbers they stand for; here they stay what they are, tagged strings. */
const BIGNUMS: Readonly<Record<string, string>> = {
  c249010000000000000000: "2(h'010000000000000000')",
  c349010000000000000000: "3(h'010000000000000000')",
};

describe.each(appendixA.rows)('RFC 8949 appendix A: $hex', ({ hex: text, diagnostic: expected, preferred }) => {
  test('is shown as there', () => {
    // The appendix leaves out the indicators of floats that are wider than needed.
    const shown = diagnostic(itemOf(text));
    expect(preferred ? shown : shown.replace(/_\d$/, '')).toBe(BIGNUMS[text] ?? expected);
  });

  test('spans all its bytes', () => {
    const item = itemOf(text);
    expect([item.start, item.end]).toEqual([0, text.length / 2]);
  });

  test(
    preferred
      ? 'is what its value encodes to'
      : 'says the same as its preferred serialization, and is told not to be it',
    () => {
      const item = itemOf(text);
      const encoded = toHex(encode(toValue(item)));
      if (preferred) expect(encoded).toBe(text);
      else {
        expect(encoded).not.toBe(text);
        expect(encoded.length).toBeLessThanOrEqual(text.length);
        expect(toValue(itemOf(encoded))).toEqual(toValue(item));
      }
      expect(problems(item).length === 0).toBe(preferred);
    },
  );

  test('is truncated when a byte is missing, and followed by something when one is added', () => {
    for (let size = 1; size < text.length / 2; size++) {
      expect(decode(hex(text).subarray(0, size))).toMatchObject({ ok: false, error: { code: 'TRUNCATED' } });
    }
    expect(decode(hex(`${text}00`))).toEqual({ ok: false, error: { code: 'TRAILING_BYTES', offset: text.length / 2 } });
  });
});
