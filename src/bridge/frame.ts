import { SMC_REGISTERS } from '../abi/index.ts';
import { fromDoublewords, toDoublewords } from '../bytes/index.ts';

/** Bytes of a frame: X0 to X17, little-endian. The guest sends one for each SMC and gets one back. */
export const FRAME_SIZE = 8 * SMC_REGISTERS;

/** Registers that are not given are zero. */
export const encodeFrame = (x: readonly bigint[]): Uint8Array =>
  fromDoublewords(Array.from({ length: SMC_REGISTERS }, (_, n) => x[n] ?? 0n));

export const decodeFrame = (frame: Uint8Array): bigint[] => toDoublewords(frame);

/** Cuts a stream of bytes into frames, whatever pieces it comes in. */
export interface FrameReader {
  /** Adds a piece of the stream. */
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
      const joined = new Uint8Array(pending.length - at + piece.length);
      joined.set(pending.subarray(at));
      joined.set(piece, pending.length - at);
      pending = joined;
      at = 0;
    },
    next() {
      if (pending.length - at < FRAME_SIZE) return undefined;
      at += FRAME_SIZE;
      return pending.slice(at - FRAME_SIZE, at);
    },
    get left() {
      return pending.length - at;
    },
  };
};
