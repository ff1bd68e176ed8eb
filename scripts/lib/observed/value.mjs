/** A recording that does not say what a replay needs to know. */
export class Unplayable extends Error {}

/**
 * A number of a recording: hexadecimal text with or without 0x, or a JSON number. Negative ones are as a register holds
 * them.
 */
export const word = (value, what) => {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt.asUintN(64, BigInt(value));
  if (typeof value === 'string' && /^(?:0x)?[0-9a-fA-F]{1,16}$/.test(value)) {
    return BigInt(value.startsWith('0x') ? value : `0x${value}`);
  }
  throw new Unplayable(`${what} is no 64-bit number: ${JSON.stringify(value)?.slice(0, 60)}`);
};

/** The same, where nothing is zero. */
export const wordOr0 = (value, what) => (value === undefined ? 0n : word(value, what));

export const signed = (value, what) => BigInt.asIntN(64, word(value, what));

export const count = (value, what) => {
  const number = word(value, what);
  if (number >= 1n << 32n) throw new Unplayable(`${what} is no 32-bit number`);
  return Number(number);
};

export const bytesOf = (value, what) => {
  if (typeof value !== 'string' || value.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(value)) {
    throw new Unplayable(`${what} is not hexadecimal`);
  }
  return Uint8Array.from({ length: value.length / 2 }, (_, i) => Number.parseInt(value.slice(2 * i, 2 * i + 2), 16));
};

export const listOf = (value, what) => {
  if (!Array.isArray(value)) throw new Unplayable(`${what} is no list`);
  return value;
};

/** General-purpose registers, at most as many as their structure holds. */
export const gprsOf = (value, room) => {
  const gprs = listOf(value ?? [], 'gprs').map((gpr, n) => word(gpr, `gprs[${n}]`));
  if (gprs.length > room) throw new Unplayable(`gprs: more than ${room}`);
  return gprs;
};

export const objectOf = (value, what) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Unplayable(`${what} is no object`);
  return value;
};

/** `{"pattern": [seed, mul]}`: byte i is (seed + i*mul + (i>>8)) & 0xff. */
export const patternPage = (seed, mul) => {
  const page = new Uint8Array(0x1000);
  for (let i = 0; i < page.length; i += 1) page[i] = (seed + i * mul + (i >> 8)) & 0xff;
  return page;
};

/** What is written to a page before it becomes DATA. */
export const contentOf = (content, what) => {
  if (content === undefined) return new Uint8Array(0x1000);
  const { pattern, hex } = objectOf(content, what);
  if (hex !== undefined) {
    const page = new Uint8Array(0x1000);
    page.set(bytesOf(hex, what).subarray(0, page.length));
    return page;
  }
  const [seed, mul] = listOf(pattern, `${what}.pattern`);
  return patternPage(count(seed, what), count(mul, what));
};

/** A page whose members stand at the offsets of RmiRealmParams, each as wide as the recorder wrote it. */
const pageOf = (fields) => {
  const page = new Uint8Array(0x1000);
  const view = new DataView(page.buffer);
  for (const [offset, size, value] of fields) {
    if (size === 8) view.setBigUint64(offset, BigInt.asUintN(64, value), true);
    else if (size === 4) view.setUint32(offset, Number(BigInt.asUintN(32, value)), true);
    else if (size === 2) view.setUint16(offset, Number(BigInt.asUintN(16, value)), true);
    else view.setUint8(offset, Number(BigInt.asUintN(8, value)));
  }
  return page;
};

/** RmiRealmParams as the reference RMM lays it out: five members are wider than the specification has them (D13). */
export const realmParamsPage = (layout, p) => {
  const at = (name) => layout.members[name].offset;
  const page = pageOf([
    [at('flags'), 8, p.flags],
    ...['s2sz', 'sve_vl', 'num_bps', 'num_wps', 'pmu_num_ctrs'].map((name) => [at(name), 4, p[name]]),
    [at('hash_algo'), 1, p.hash_algo],
    [at('vmid'), 2, p.vmid],
    [at('rtt_base'), 8, p.rtt_base],
    [at('rtt_level_start'), 8, p.rtt_level_start],
    [at('rtt_num_start'), 4, p.rtt_num_start],
  ]);
  page.set(p.rpv.subarray(0, 64), at('rpv'));
  return page;
};

export const show = (value) => (value === undefined || value === null ? '-' : `0x${value.toString(16)}`);
