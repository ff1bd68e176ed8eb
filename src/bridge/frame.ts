import { SMC_REGISTERS } from '../abi/index.ts';
import { fromDoublewords, toDoublewords } from '../bytes/index.ts';

/** Bytes of a frame: X0 to X17, little-endian. The guest sends one for each SMC and gets one back. */
export const FRAME_SIZE = 8 * SMC_REGISTERS;

/** One frame as this machine keeps numbers. Where that is little-endian, a frame is read and written whole. */
const words = new BigUint64Array(SMC_REGISTERS);
const bytes = new Uint8Array(words.buffer);
const NATIVE = new Uint8Array(BigUint64Array.of(1n).buffer)[0] === 1;

/** Registers that are not given are zero. */
export const encodeFrame = (x: readonly bigint[]): Uint8Array => {
  if (!NATIVE) return fromDoublewords(Array.from({ length: SMC_REGISTERS }, (_, n) => x[n] ?? 0n));
  for (let n = 0; n < SMC_REGISTERS; n += 1) words[n] = x[n] ?? 0n;
  return bytes.slice();
};

export const decodeFrame = (frame: Uint8Array): bigint[] => {
  if (!NATIVE) return toDoublewords(frame);
  bytes.set(frame);
  const x = new Array<bigint>(SMC_REGISTERS);
  for (let n = 0; n < SMC_REGISTERS; n += 1) x[n] = words[n] ?? 0n;
  return x;
};

/** Cuts a stream of bytes into frames, whatever pieces it comes in. */
export interface FrameReader {
  /** Adds a piece of the stream, which is not to change from then on. */
  push(piece: Uint8Array): void;
  /** The next whole frame, or undefined until more bytes have come. */
  next(): Uint8Array | undefined;
  /** Bytes that are not a whole frame yet. */
  readonly left: number;
}

export const createFrameReader = (): FrameReader => {
  let pending = new Uint8Array();
  let at = 0;
  return {
    push(piece) {
      const left = pending.length - at;
      if (left === 0) pending = piece as Uint8Array<ArrayBuffer>;
      else {
        const joined = new Uint8Array(left + piece.length);
        joined.set(pending.subarray(at));
        joined.set(piece, left);
        pending = joined;
      }
      at = 0;
    },
    next() {
      if (pending.length - at < FRAME_SIZE) return undefined;
      at += FRAME_SIZE;
      return pending.subarray(at - FRAME_SIZE, at);
    },
    get left() {
      return pending.length - at;
    },
  };
};
