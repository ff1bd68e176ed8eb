/** A file that holds no measurement vectors: where, and what is wrong with it. */
export class VectorError extends Error {
  name = 'VectorError';
}

/** Entries that one vector may cover: a few seconds of work. */
const MAX_ENTRIES = 1n << 20n;
const GRANULE = 0x1000;
const SLOT = 64;

/** Sizes of the RTT entries whose RIPAS can be set, and the level of the tables that hold them. */
export const ENTRY_LEVELS = new Map([
  [1n << 12n, 3],
  [1n << 21n, 2],
  [1n << 30n, 1],
  [1n << 39n, 0],
]);

/** Hash algorithms as the file names them, and their encoding in RmiRealmParams. */
export const HASHES = new Map([
  ['sha256', { encoded: 0, size: 32 }],
  ['sha512', { encoded: 1, size: 64 }],
]);

const wrong = (path, says) => {
  throw new VectorError(`${path}: ${says}`);
};

const object = (value, path) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : wrong(path, 'must be an object');

const list = (value, path, read, max = Number.POSITIVE_INFINITY) => {
  if (!Array.isArray(value)) return wrong(path, 'must be a list');
  if (value.length > max) return wrong(path, `must have at most ${max} elements`);
  return value.map((item, i) => read(item, `${path}[${i}]`));
};

const text = (value, path) => (typeof value === 'string' ? value : wrong(path, 'must be text'));

const truth = (value, path) => (typeof value === 'boolean' ? value : wrong(path, 'must be true or false'));

/** A number below 2^bits: as JSON has it where that is exact, or as text, `0x…` or decimal. */
const uint = (bits) => (value, path) => {
  const written = typeof value === 'string' && /^(0x[0-9a-f]{1,16}|\d{1,20})$/i.test(value);
  const exact = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  if (!written && !exact) return wrong(path, 'must be a number, or text such as "0x80000000"');
  const number = BigInt(value);
  return number < 1n << BigInt(bits) ? number : wrong(path, `must be less than 2^${bits}`);
};
const u8 = (value, path) => Number(uint(8)(value, path));
const u64 = uint(64);

const hex = (min, max) => (value, path) => {
  const digits = text(value, path);
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) return wrong(path, 'must be hexadecimal');
  const bytes = digits.length / 2;
  if (bytes < min || bytes > max) return wrong(path, `must have ${min === max ? min : `${min} to ${max}`} bytes`);
  return new Uint8Array(Buffer.from(digits, 'hex'));
};
const digest = hex(1, SLOT);
const slot = hex(SLOT, SLOT);
const register = u64;
const eightRegisters = (value, path) => {
  const registers = list(value, path, register, 8);
  return registers.length === 8 ? registers : wrong(path, 'must have 8 elements');
};

const optional = (value, path, read) => (value === undefined ? undefined : read(value, path));

/** The 4096 bytes that a recipe stands for. */
const content = (value, path) => {
  const recipe = object(value, path);
  switch (recipe.kind) {
    case 'fill':
      return new Uint8Array(GRANULE).fill(u8(recipe.byte, `${path}.byte`));
    case 'ramp':
      return Uint8Array.from({ length: GRANULE }, (_, i) => i % 256);
    case 'hex': {
      const page = new Uint8Array(GRANULE);
      page.set(hex(0, GRANULE)(recipe.bytes, `${path}.bytes`));
      return page;
    }
    default:
      return wrong(`${path}.kind`, 'must be "fill", "ramp" or "hex"');
  }
};

const OPS = {
  data_create: (op, path) => ({
    ipa: u64(op.ipa, `${path}.ipa`),
    measure: truth(op.measure, `${path}.measure`),
    content: content(op.content, `${path}.content`),
  }),
  rec_create: (op, path) => ({
    flags: u64(op.flags, `${path}.flags`),
    pc: u64(op.pc, `${path}.pc`),
    gprs: list(op.gprs, `${path}.gprs`, register, 8),
  }),
  init_ripas: (op, path) => {
    const entry_size = u64(op.entry_size, `${path}.entry_size`);
    if (!ENTRY_LEVELS.has(entry_size)) wrong(`${path}.entry_size`, 'is not the size of an RTT entry');
    return { base: u64(op.base, `${path}.base`), top: u64(op.top, `${path}.top`), entry_size };
  },
};

const operation = (value, path) => {
  const op = object(value, path);
  const kind = text(op.op, `${path}.op`);
  return Object.hasOwn(OPS, kind) ? { op: kind, ...OPS[kind](op, path) } : { op: kind, unknown: true };
};

const step = (value, path) => {
  const given = object(value, path);
  return { after: text(given.after, `${path}.after`), rim: digest(given.rim, `${path}.rim`) };
};

const realmParams = (value, path) => {
  const params = object(value, path);
  return {
    flags: u64(params.flags, `${path}.flags`),
    s2sz: u8(params.s2sz, `${path}.s2sz`),
    sve_vl: u8(params.sve_vl, `${path}.sve_vl`),
    num_bps: u8(params.num_bps, `${path}.num_bps`),
    num_wps: u8(params.num_wps, `${path}.num_wps`),
    pmu_num_ctrs: u8(params.pmu_num_ctrs, `${path}.pmu_num_ctrs`),
  };
};

const entriesOf = ({ op, base, top, entry_size }) =>
  op === 'init_ripas' && top > base ? (top - base) / entry_size : 0n;

const rimVector = (value, path) => {
  const vector = object(value, path);
  const ops = list(vector.ops, `${path}.ops`, operation);
  if (ops.reduce((sum, op) => sum + entriesOf(op), 0n) > MAX_ENTRIES) {
    wrong(`${path}.ops`, `must cover at most ${MAX_ENTRIES} RTT entries`);
  }
  return {
    kind: 'rim',
    id: text(vector.id, `${path}.id`),
    algo: text(vector.algo, `${path}.algo`),
    realm_params: realmParams(vector.realm_params, `${path}.realm_params`),
    ops,
    steps: optional(vector.steps, `${path}.steps`, (steps, at) => list(steps, at, step)) ?? [],
    rim: digest(vector.rim, `${path}.rim`),
    rim_slot: optional(vector.rim_slot, `${path}.rim_slot`, slot),
    rsi_measurement_read: optional(vector.rsi_measurement_read, `${path}.rsi_measurement_read`, eightRegisters),
  };
};

const registersOf = (value, path) => {
  const given = object(value, path);
  return { size: u64(given.size, `${path}.size`), x3_x10: eightRegisters(given.x3_x10, `${path}.x3_x10`) };
};

const remVector = (value, path) => {
  const vector = object(value, path);
  const extended = list(vector.extends, `${path}.extends`, hex(0, SLOT));
  const each = (read) => (given, at) => {
    const items = list(given, at, read);
    return items.length === extended.length ? items : wrong(at, 'must have as many elements as extends');
  };
  const expected = Object.entries(object(vector.expected, `${path}.expected`));
  return {
    kind: 'rem',
    id: text(vector.id, `${path}.id`),
    algo: text(vector.algo, `${path}.algo`),
    extends: extended,
    registers: optional(vector.registers, `${path}.registers`, each(registersOf)),
    expected: new Map(expected.map(([variant, slots]) => [variant, each(slot)(slots, `${path}.expected.${variant}`)])),
  };
};

/**
 * Reads a file of measurement vectors: `rim`, `rem` or both. Anything else that it holds is left alone.
 *
 * @param {string} json
 * @returns {import('./vectors.d.mts').MeasurementVectors}
 * @throws {VectorError} with one line: where, and what is wrong.
 */
export const parseVectors = (json) => {
  let root;
  try {
    root = JSON.parse(json);
  } catch (error) {
    throw new VectorError(`is not JSON: ${error.message.replace(/\s+/g, ' ').slice(0, 120)}`);
  }
  const file = object(root, 'the file');
  const rim = optional(file.rim, 'rim', (vectors, path) => list(vectors, path, rimVector)) ?? [];
  const rem = optional(file.rem, 'rem', (vectors, path) => list(vectors, path, remVector)) ?? [];
  if (rim.length + rem.length === 0) throw new VectorError('holds no vectors: neither rim nor rem has any');
  return { rim, rem };
};
