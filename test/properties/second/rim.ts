/**
 * The RIM and REM chains, written a second time from the measurement sheet alone: bytes are put where its tables say, with
 * no layout shared with what is tested.
 */
import { createHash } from 'node:crypto';

export type Algorithm = 'sha256' | 'sha512';

const SLOT = 64;

const digest = (algorithm: Algorithm, bytes: Uint8Array): Uint8Array => {
  const slot = new Uint8Array(SLOT);
  slot.set(createHash(algorithm).update(bytes).digest());
  return slot;
};

const words = (size: number, at: Readonly<Record<number, bigint>>): Uint8Array => {
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  for (const [offset, value] of Object.entries(at)) view.setBigUint64(Number(offset), value, true);
  return out;
};

/** The eight bytes at `offset` of the Host's page, as far as the ABI gives the member that many. */
const member = (page: Uint8Array, offset: number, size: number): bigint => {
  let value = 0n;
  for (let i = size - 1; i >= 0; i -= 1) value = value * 256n + BigInt(page[offset + i] ?? 0);
  return value;
};

/** Of the RmiRealmParams that the Host wrote, the flags word and six single bytes count (measurement 3.1). */
export const rimOfRealm = (algorithm: Algorithm, page: Uint8Array): Uint8Array => {
  const measured: Record<number, bigint> = { 0: member(page, 0x000, 8) };
  for (const offset of [0x008, 0x010, 0x018, 0x020, 0x028, 0x030]) measured[offset] = member(page, offset, 1);
  return digest(algorithm, words(0x1000, measured));
};

const descriptor = (
  algorithm: Algorithm,
  type: number,
  rim: Uint8Array,
  rest: Readonly<Record<number, bigint>>,
  content?: readonly [offset: number, bytes: Uint8Array],
): Uint8Array => {
  const bytes = words(0x100, { 8: 0x100n, ...rest });
  bytes[0] = type;
  bytes.set(rim, 0x10);
  if (content !== undefined) bytes.set(content[1], content[0]);
  return digest(algorithm, bytes);
};

/** One page that the Host copied in. `page` is undefined when its content is not measured (measurement 3.3). */
export const rimAfterData = (
  algorithm: Algorithm,
  rim: Uint8Array,
  ipa: bigint,
  flags: bigint,
  page: Uint8Array | undefined,
): Uint8Array => {
  const content = page === undefined ? new Uint8Array(SLOT) : digest(algorithm, page);
  return descriptor(algorithm, 0, rim, { 80: ipa, 88: flags }, [0x60, content]);
};

/** A REC by the RmiRecParams that the Host wrote; one that is not runnable counts for nothing (measurement 3.2). */
export const rimAfterRec = (algorithm: Algorithm, rim: Uint8Array, page: Uint8Array): Uint8Array => {
  const flags = member(page, 0x000, 8);
  if (flags % 2n === 0n) return rim;
  const measured: Record<number, bigint> = { 0: flags, 512: member(page, 0x200, 8) };
  for (let n = 0; n < 8; n += 1) measured[0x300 + 8 * n] = member(page, 0x300 + 8 * n, 8);
  return descriptor(algorithm, 1, rim, {}, [0x50, digest(algorithm, words(0x1000, measured))]);
};

/** One RTT entry whose RIPAS was initialised (measurement 3.4). */
export const rimAfterRipas = (algorithm: Algorithm, rim: Uint8Array, base: bigint, top: bigint): Uint8Array =>
  descriptor(algorithm, 2, rim, { 80: base, 88: top });

/** A REM by the rule that both implementations follow: the old digest, then the value as long as it was given. */
export const remAfter = (algorithm: Algorithm, rem: Uint8Array, value: Uint8Array): Uint8Array => {
  const length = algorithm === 'sha256' ? 32 : 64;
  const joined = new Uint8Array(length + value.length);
  joined.set(rem.subarray(0, length));
  joined.set(value, length);
  return digest(algorithm, joined);
};
