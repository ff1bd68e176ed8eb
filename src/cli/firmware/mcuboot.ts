/** What MCUboot wrote into an image of RSE: who signed it, and which version it is. */
export interface SignedImage {
  readonly version: string;
  /** Hash of the public key, where the image names it. */
  readonly keyHash: Uint8Array | undefined;
}

const MAGIC = 0x96f3_b83d;
const TLV_INFO = 0x6907;
const KEY_HASH = 0x01;
const HASH_SIZES: readonly number[] = [32, 48, 64];

/** Reads header and trailer of an MCUboot image; undefined for any other file. Total. */
export const readSignedImage = (image: Uint8Array): SignedImage | undefined => {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  if (image.length < 32 || view.getUint32(0, true) !== MAGIC) return undefined;
  const [major, minor, revision, build] = [
    view.getUint8(20),
    view.getUint8(21),
    view.getUint16(22, true),
    view.getUint32(24, true),
  ];
  const version = `${major}.${minor}.${revision}${build === 0 ? '' : `+${build}`}`;
  // The trailer that no signature covers comes behind the protected one.
  let at = view.getUint16(8, true) + view.getUint32(12, true) + view.getUint16(10, true);
  if (at + 4 > image.length || view.getUint16(at, true) !== TLV_INFO) return { version, keyHash: undefined };
  const end = Math.min(at + view.getUint16(at + 2, true), image.length);
  for (at += 4; at + 4 <= end; ) {
    const [type, size] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    const value = image.subarray(at + 4, Math.min(at + 4 + size, end));
    if (type === KEY_HASH && HASH_SIZES.includes(value.length)) return { version, keyHash: Uint8Array.from(value) };
    at += 4 + size;
  }
  return { version, keyHash: undefined };
};
