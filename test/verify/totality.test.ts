import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  parseKeyFile,
  parsePolicy,
  parseReferenceValues,
  reportLines,
  reportToJson,
  verifyToken,
} from '../../src/verify/index.ts';
import { join } from '../support/cbor-writer.ts';
import { CPAK, crypto, forge, platformPart, publicOf } from '../support/forge.ts';

const key = publicOf(CPAK);
const judge = (token: Uint8Array) => verifyToken(token, { crypto, key });

/** What no input may do: throw, say yes, or leave a refusal without a reason. */
const refused = (token: Uint8Array): void => {
  const report = judge(token);
  expect(report.accepted).toBe(false);
  expect(report.findings.length).toBeGreaterThan(0);
  expect(reportLines(report).length).toBeGreaterThan(1);
  expect(() => JSON.stringify(reportToJson(report))).not.toThrow();
};

describe('any bytes give a report', () => {
  test('random ones', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 4096 }), refused), { numRuns: 2000 });
  });

  const tokens = [
    forge(),
    forge({ year: '2024' }),
    forge({ year: '2026' }),
    forge({ year: 'legacy', outer: 907 }),
    platformPart(),
  ];

  test('tokens cut anywhere', () => {
    for (const token of tokens) {
      for (let size = 0; size < token.length; size += 3) refused(token.subarray(0, size));
    }
  });

  test('tokens with one bit flipped', () => {
    fc.assert(
      fc.property(fc.constantFrom(...tokens), fc.nat(), fc.nat(7), (token, at, bit) => {
        const flipped = Uint8Array.from(token);
        const i = at % token.length;
        flipped[i] = (flipped[i] ?? 0) ^ (1 << bit);
        refused(flipped);
      }),
      { numRuns: 1000 },
    );
  });

  test('tokens spliced with others and with rubbish', () => {
    const part = fc.tuple(fc.constantFrom(...tokens), fc.nat(), fc.nat()).map(([token, a, b]) => {
      const [from, to] = [a % token.length, b % token.length];
      return token.subarray(Math.min(from, to), Math.max(from, to));
    });
    const spliced = fc.tuple(part, fc.uint8Array({ maxLength: 8 }), part).map((parts) => join(...parts));
    fc.assert(fc.property(spliced, refused), { numRuns: 1000 });
  });
});

describe('any bytes and texts give a key or a line', () => {
  const oneLine = (result: { ok: boolean; error?: string }): void => {
    if (!result.ok) expect(result.error).toMatch(/^[^\n]{1,400}$/);
  };

  test('as key files', () => {
    const dressed = fc
      .tuple(fc.constantFrom('-----BEGIN PUBLIC KEY-----', '-----BEGIN PRIVATE KEY-----', '{', '0'), fc.base64String())
      .map(([start, body]) => new TextEncoder().encode(`${start}${body}-----END PUBLIC KEY-----}`));
    const der = fc.uint8Array({ maxLength: 200 }).map((body) => Uint8Array.of(0x30, body.length, ...body));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), dressed, der), (file) => {
        oneLine(parseKeyFile(file, crypto));
      }),
      { numRuns: 3000 },
    );
  });

  test('as a policy with a member whose name is two lines', () => {
    oneLine(parsePolicy('{"version": 1, "warn\\ngs": "refuse"}'));
  });

  test('as reference values and policies', () => {
    const members = ['version', 'rim', 'rems', 'components', 'lifecycle', 'warnings', 'require', 'strict', 'config'];
    const likely = fc.dictionary(fc.constantFrom(...members), fc.oneof(fc.constant(1), fc.jsonValue()));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          likely.map((value) => JSON.stringify(value)),
        ),
        (json) => {
          oneLine(parseReferenceValues(json));
          oneLine(parsePolicy(json));
        },
      ),
      { numRuns: 3000 },
    );
  });
});
