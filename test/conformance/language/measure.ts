import { createHash } from 'node:crypto';

/**
 * Measurements, computed from the layouts alone: a second opinion that shares nothing with the RMM. A value is 64 bytes: a
 * digest, then zeros.
 */
export type Algorithm = 'sha256' | 'sha512';

const digest = (algorithm: Algorithm, bytes: Uint8Array): Uint8Array => {
  const slot = new Uint8Array(64);
  slot.set(createHash(algorithm).update(bytes).digest());
  return slot;
};

const page = (words: Readonly<Record<number, bigint | number>>, size = 0x1000): Uint8Array => {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  for (const [offset, word] of Object.entries(words)) view.setBigUint64(Number(offset), BigInt(word), true);
  return bytes;
};

/** The first value of a RIM (RMM 1.0 B4.3.9.4). */
export const rimOfRealm = (
  algorithm: Algorithm,
  p: { flags: bigint; s2sz: number; sve_vl: number; num_bps: number; num_wps: number; pmu_num_ctrs: number },
): Uint8Array =>
  digest(
    algorithm,
    page({
      0: p.flags,
      8: p.s2sz,
      16: p.sve_vl,
      24: p.num_bps,
      32: p.num_wps,
      40: p.pmu_num_ctrs,
      48: algorithm === 'sha512' ? 1 : 0,
    }),
  );

const extended = (
  algorithm: Algorithm,
  type: number,
  rim: Uint8Array,
  words: Readonly<Record<number, bigint>>,
  content?: readonly [offset: number, bytes: Uint8Array],
): Uint8Array => {
  const descriptor = page({ 0: type, 8: 0x100, ...words }, 0x100);
  descriptor.set(rim, 0x10);
  if (content !== undefined) descriptor.set(content[1], content[0]);
  return digest(algorithm, descriptor);
};

/** A RIM after RMI_DATA_CREATE (RMM 1.0 B4.3.1.4). `contents` only where they are measured. */
export const rimAfterData = (
  algorithm: Algorithm,
  rim: Uint8Array,
  { ipa, flags, contents }: { ipa: bigint; flags: bigint; contents?: Uint8Array },
): Uint8Array =>
  extended(
    algorithm,
    0,
    rim,
    { 80: ipa, 88: flags },
    contents === undefined ? undefined : [0x60, digest(algorithm, contents)],
  );

/** A RIM after RMI_REC_CREATE of a runnable REC (RMM 1.0 B4.3.12.4). */
export const rimAfterRec = (
  algorithm: Algorithm,
  rim: Uint8Array,
  { flags = 1n, pc = 0n, gprs = [] }: { flags?: bigint; pc?: bigint; gprs?: readonly bigint[] } = {},
): Uint8Array => {
  const words: Record<number, bigint> = { 0: flags, 512: pc };
  gprs.forEach((value, n) => {
    words[0x300 + 8 * n] = value;
  });
  return extended(algorithm, 1, rim, {}, [0x50, digest(algorithm, page(words))]);
};

/** A RIM after RMI_RTT_INIT_RIPAS of one entry (RMM 1.0 B4.3.18.4). */
export const rimAfterRipas = (algorithm: Algorithm, rim: Uint8Array, base: bigint, top: bigint): Uint8Array =>
  extended(algorithm, 2, rim, { 80: base, 88: top });

/** The eight result registers of RSI_MEASUREMENT_READ as bytes. */
export const measurementIn = (x: readonly bigint[]): Uint8Array =>
  new Uint8Array(BigUint64Array.from(x.slice(1, 9)).buffer);
