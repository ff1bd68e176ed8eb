/**
 * A doubleword is taken apart in here, and put together: as of Node 20 a DataView writes and reads 32 bits in place, but
 * 64 of them by a call that costs more than most of what is done with them.
 */
const whole = new BigUint64Array(1);
const halves = new Uint32Array(whole.buffer);
const LOW = new Uint32Array(BigUint64Array.of(1n).buffer)[0] === 1 ? 0 : 1;

/** The little-endian doubleword at `at`. */
export const getDoubleword = (view: DataView, at: number): bigint => {
  halves[LOW] = view.getUint32(at, true);
  halves[1 - LOW] = view.getUint32(at + 4, true);
  return whole[0] ?? 0n;
};

/** Writes the low 64 bits of `value`. */
export const setDoubleword = (view: DataView, at: number, value: bigint): void => {
  whole[0] = value;
  view.setUint32(at, halves[LOW] ?? 0, true);
  view.setUint32(at + 4, halves[1 - LOW] ?? 0, true);
};

/** Few doublewords are copied through here: a view of their own would cost more than they do. */
const ROOM = 32;
const passage = new Uint8Array(8 * ROOM);
const passageView = new DataView(passage.buffer);

/** The little-endian doublewords of `bytes`, whose length is a multiple of 8: how bytes travel in registers. */
export const toDoublewords = (bytes: Uint8Array): bigint[] => {
  const count = bytes.length / 8;
  const view = count > ROOM ? new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) : passageView;
  if (view === passageView) passage.set(bytes);
  const words = new Array<bigint>(count);
  for (let i = 0; i < count; i += 1) words[i] = getDoubleword(view, 8 * i);
  return words;
};

/** The bytes of `count` doublewords from the `first` on; those that are missing are zero. */
export const fromDoublewords = (
  words: readonly bigint[],
  first = 0,
  count = words.length - first,
): Uint8Array<ArrayBuffer> => {
  const out = count > ROOM ? new Uint8Array(8 * count) : passage;
  const view = out === passage ? passageView : new DataView(out.buffer);
  for (let i = 0; i < count; i += 1) setDoubleword(view, 8 * i, words[first + i] ?? 0n);
  return out === passage ? out.slice(0, 8 * count) : out;
};
