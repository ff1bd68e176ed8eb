import { gunzipSync } from 'node:zlib';

// The boot header of the arm64 kernel, Documentation/arch/arm64/booting.rst, and that of an EFI zboot image.
const ARM64_MAGIC = { offset: 56, text: 'ARMd' };
const ZBOOT_MAGIC = { offset: 4, text: 'zimg' };
const ZBOOT = { payloadOffset: 8, payloadSize: 12, compression: 24 };
const GZIP_MAGIC = 0x1f8b;

/**
 * The bytes that a boot loader puts into memory: those of an arm64 `Image`, taken out of what a distribution ships
 * (the Image itself, compressed by gzip, or inside an EFI zboot executable).
 *
 * @param {Buffer} file
 * @returns {Buffer | undefined} undefined when the file is none of these
 */
export function arm64Image(file) {
  if (has(file, ARM64_MAGIC)) return file;
  if (file.readUInt16BE(0) === GZIP_MAGIC) return arm64Image(gunzipSync(file));
  if (has(file, ZBOOT_MAGIC) && file.toString('latin1', ZBOOT.compression, ZBOOT.compression + 4) === 'gzip') {
    const start = file.readUInt32LE(ZBOOT.payloadOffset);
    return arm64Image(gunzipSync(file.subarray(start, start + file.readUInt32LE(ZBOOT.payloadSize))));
  }
  return undefined;
}

const has = (file, { offset, text }) => file.toString('latin1', offset, offset + text.length) === text;
