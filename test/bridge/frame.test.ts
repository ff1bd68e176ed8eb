import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFrameReader, decodeFrame, encodeFrame, FRAME_SIZE } from '../../src/bridge/frame.ts';
import { concatBytes } from '../../src/bytes/index.ts';

const registers = fc.array(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), { minLength: 18, maxLength: 18 });

describe('a frame', () => {
  test('is 144 bytes: X0 to X17, each little-endian', () => {
    const frame = encodeFrame([0xc400_0190n, 0x1_0000n]);
    expect(frame).toHaveLength(144);
    expect([...frame.subarray(0, 12)]).toEqual([0x90, 0x01, 0x00, 0xc4, 0, 0, 0, 0, 0, 0, 1, 0]);
    expect(frame.subarray(16).every((byte) => byte === 0)).toBe(true);
  });

  test('carries any registers', () => {
    fc.assert(
      fc.property(registers, (x) => {
        expect(decodeFrame(encodeFrame(x))).toEqual(x);
      }),
    );
  });
});

describe('a frame reader', () => {
  test('finds the same frames in a stream, however it is cut', () => {
    const streams = fc.tuple(
      fc.array(registers, { maxLength: 4 }),
      fc.nat({ max: FRAME_SIZE - 1 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 200 })),
    );
    fc.assert(
      fc.property(streams, ([sent, rest, cuts]) => {
        const bytes = concatBytes(...sent.map(encodeFrame), new Uint8Array(rest));
        const reader = createFrameReader();
        const got: bigint[][] = [];
        for (let at = 0; at < bytes.length; ) {
          const size = cuts.next().value ?? 1;
          reader.push(bytes.subarray(at, at + size));
          at += size;
          for (let frame = reader.next(); frame !== undefined; frame = reader.next()) got.push(decodeFrame(frame));
        }
        expect(got).toEqual(sent);
        expect(reader.left).toBe(rest);
      }),
    );
  });
});
