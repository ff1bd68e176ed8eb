import { gunzipSync } from 'node:zlib';
import { utf8 } from '../bytes/index.ts';

/** A file that is no kernel for this machine: one sentence that says why. */
export class KernelUnusable extends Error {
  override readonly name = 'KernelUnusable';
}

/** An arm64 Image: the bytes that a boot loader puts into memory, and what its header asks of it. */
export interface KernelImage {
  readonly bytes: Uint8Array;
  /** From a multiple of 2 MiB to the first byte. */
  readonly textOffset: bigint;
  /** Memory that the kernel takes from its first byte on, beyond the file too. */
  readonly size: bigint;
  /** What the kernel calls itself, or undefined where it does not say: `6.13.0-…`. */
  readonly version: string | undefined;
}

/** Documentation/arch/arm64/booting.rst, and the header of an EFI zboot image. */
const IMAGE = { textOffset: 8, size: 16, flags: 24, magic: 56, headerSize: 64 } as const;
const ZBOOT = { magic: 4, payloadOffset: 8, payloadSize: 12, compression: 24 } as const;
const BIG_ENDIAN = 1n;
/** Far above any kernel. */
const MAX_KERNEL = 1 << 29;

/** The first release that runs as a Realm. */
const FIRST = { major: 6, minor: 13 } as const;

const latin1 = new TextDecoder('latin1');
const textAt = (bytes: Uint8Array, at: number, length: number): string =>
  latin1.decode(bytes.subarray(at, at + length));

const unpacked = (bytes: Uint8Array): Uint8Array => {
  try {
    return new Uint8Array(gunzipSync(bytes, { maxOutputLength: MAX_KERNEL }));
  } catch {
    throw new KernelUnusable('is compressed by gzip, and broken');
  }
};

/** The Image in a file: as it is, compressed by gzip, or inside an EFI zboot executable. */
const imageIn = (file: Uint8Array): Uint8Array => {
  if (textAt(file, IMAGE.magic, 4) === 'ARMd') return file;
  if (file[0] === 0x1f && file[1] === 0x8b) return imageIn(unpacked(file));
  if (textAt(file, ZBOOT.magic, 4) !== 'zimg') {
    throw new KernelUnusable(
      'is no arm64 kernel Image; arch/arm64/boot/Image is one, and so is vmlinuz of a distribution',
    );
  }
  const by = textAt(file, ZBOOT.compression, 4);
  if (by !== 'gzip') {
    const name = by.replace(/[^a-z0-9]/g, '');
    throw new KernelUnusable(`is an EFI zboot image compressed by ${name}; unpack it to an arm64 Image first`);
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const start = view.getUint32(ZBOOT.payloadOffset, true);
  return imageIn(unpacked(file.subarray(start, start + view.getUint32(ZBOOT.payloadSize, true))));
};

const BANNER = utf8('Linux version ');

const versionOf = (bytes: Uint8Array): string | undefined => {
  // The bytes are searched as they are: as text, a kernel takes longer than all else that is done with it.
  const [first = 0] = BANNER;
  for (let at = bytes.indexOf(first); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (!BANNER.every((byte, n) => bytes[at + n] === byte)) continue;
    const found = /^[0-9]+\.[0-9]+[^ \0]{0,60}/.exec(textAt(bytes, at + BANNER.length, 64));
    if (found !== null) return found[0];
  }
  return undefined;
};

const isTooOld = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split(/[^0-9]/).map(Number);
  return major < FIRST.major || (major === FIRST.major && minor < FIRST.minor);
};

/** Reads a kernel. @throws {KernelUnusable} */
export const readKernelImage = (file: Uint8Array): KernelImage => {
  const bytes = file.length < IMAGE.headerSize ? undefined : imageIn(file);
  if (bytes === undefined || bytes.length < IMAGE.headerSize) throw new KernelUnusable('is too short for a kernel');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flags = view.getBigUint64(IMAGE.flags, true);
  if ((flags & BIG_ENDIAN) !== 0n) throw new KernelUnusable('is a big-endian kernel: a Realm starts little-endian');
  const size = view.getBigUint64(IMAGE.size, true);
  if (size < BigInt(bytes.length) || size > BigInt(MAX_KERNEL))
    throw new KernelUnusable('has no believable size in its header');
  const version = versionOf(bytes);
  if (version !== undefined && isTooOld(version)) {
    throw new KernelUnusable(`is Linux ${version}: support for Realms came with ${FIRST.major}.${FIRST.minor}`);
  }
  return { bytes, textOffset: view.getBigUint64(IMAGE.textOffset, true), size, version };
};
