import { type RmiHashAlgorithm, RmiRealmParams, RmiRecParams } from '../../abi/index.ts';
import { at, bytes, type Infer, layout, padEnd, u8, u64 } from '../../bytes/index.ts';
import type { Hash } from '../../crypto/index.ts';

/** A measurement: 64 bytes, a digest and then zeros. Byte 0 is bits [7:0] of the first register that reads it. */
export type Slot = Uint8Array;

export const SLOT_SIZE = 64;
export const ZERO_SLOT: Slot = new Uint8Array(SLOT_SIZE);

/** The hash of each RmiHashAlgorithm. */
export const HASH_NAME = { SHA_256: 'sha-256', SHA_512: 'sha-512' } as const satisfies Record<RmiHashAlgorithm, string>;

/** A digest as a measurement holds it. */
const slot = (digest: Uint8Array): Slot => padEnd(digest, SLOT_SIZE);

/** The members of RmiRealmParams that the RIM starts from (RMM 1.0 A7.1.3): not rpv, vmid or the RTT geometry. */
export const MEASURED_REALM_PARAMS = RmiRealmParams.pick('RmiRealmParams (measured)', [
  'flags',
  's2sz',
  'sve_vl',
  'num_bps',
  'num_wps',
  'pmu_num_ctrs',
  'hash_algo',
]);
export type MeasuredRealmParams = Infer<typeof MEASURED_REALM_PARAMS>;

/** The members of RmiRecParams that a REC descriptor's content covers (RMM 1.0 A7.1.3): not mpidr or aux. */
export const MEASURED_REC_PARAMS = RmiRecParams.pick('RmiRecParams (measured)', ['flags', 'pc', 'gprs']);
export type MeasuredRecParams = Infer<typeof MEASURED_REC_PARAMS>;

const DESCRIPTOR_SIZE = 0x100;
const DESCRIPTOR_TYPE = { data: 0, rec: 1, ripas: 2 } as const;

const head = {
  desc_type: at(0x00, u8, 'measurement descriptor type'),
  len: at(0x08, u64, 'length of the descriptor'),
  rim: at(0x10, bytes(SLOT_SIZE), 'current RIM'),
} as const;

export const RmmMeasurementDescriptorData = layout(
  'RmmMeasurementDescriptorData',
  { size: DESCRIPTOR_SIZE, spec: 'RMM 1.0 C1.11' },
  {
    ...head,
    ipa: at(0x50, u64, 'IPA at which the granule is mapped'),
    flags: at(0x58, u64, 'RmiDataFlags as given by the Host'),
    content: at(0x60, bytes(SLOT_SIZE), 'hash of the contents, zero when they are not measured'),
  },
);

export const RmmMeasurementDescriptorRec = layout(
  'RmmMeasurementDescriptorRec',
  { size: DESCRIPTOR_SIZE, spec: 'RMM 1.0 C1.12' },
  { ...head, content: at(0x50, bytes(SLOT_SIZE), 'hash of the measured RmiRecParams') },
);

export const RmmMeasurementDescriptorRipas = layout(
  'RmmMeasurementDescriptorRipas',
  { size: DESCRIPTOR_SIZE, spec: 'RMM 1.0 C1.13' },
  { ...head, base: at(0x50, u64, 'base IPA of the entry'), top: at(0x58, u64, 'top IPA of the entry') },
);

/** A measurement step: the new value, and the descriptor whose hash it is, for whoever watches. */
export interface Step {
  /** Told on request: most runs have nobody who watches. */
  readonly descriptor: () => Readonly<Record<string, bigint | number | Uint8Array | readonly bigint[]>>;
  readonly value: Slot;
}

/** RimInit: the hash of the measured parameters (RMM 1.0 B3.48). `image` lays them out, where that is another matter. */
export const rimInit = (
  hash: Hash,
  params: MeasuredRealmParams,
  image: { encode(params: MeasuredRealmParams): Uint8Array } = MEASURED_REALM_PARAMS,
): Step => ({ descriptor: () => params, value: slot(hash.digest(image.encode(params))) });

/** RimExtendData (RMM 1.0 B3.44). `contents` is the granule when it is measured, and undefined when it is not. */
export const rimExtendData = (
  hash: Hash,
  rim: Slot,
  given: { readonly ipa: bigint; readonly flags: bigint; readonly contents: Uint8Array | undefined },
): Step => {
  const content = given.contents === undefined ? ZERO_SLOT : slot(hash.digest(given.contents));
  const members = {
    desc_type: DESCRIPTOR_TYPE.data,
    len: BigInt(DESCRIPTOR_SIZE),
    rim,
    ipa: given.ipa,
    flags: given.flags,
    content,
  };
  return { descriptor: () => members, value: slot(hash.digest(RmmMeasurementDescriptorData.encode(members))) };
};

/** RimExtendRec (RMM 1.0 B3.45). Only runnable RECs are measured; the caller knows. */
export const rimExtendRec = (hash: Hash, rim: Slot, params: MeasuredRecParams): Step => {
  const content = slot(hash.digest(MEASURED_REC_PARAMS.encode(params)));
  const members = { desc_type: DESCRIPTOR_TYPE.rec, len: BigInt(DESCRIPTOR_SIZE), rim, content };
  return { descriptor: () => members, value: slot(hash.digest(RmmMeasurementDescriptorRec.encode(members))) };
};

/** RimExtendRipasForEntry: one step for one RTT entry (RMM 1.0 B3.47). */
export const rimExtendRipas = (hash: Hash, rim: Slot, base: bigint, top: bigint): Step => {
  const members = { desc_type: DESCRIPTOR_TYPE.ripas, len: BigInt(DESCRIPTOR_SIZE), rim, base, top };
  return { descriptor: () => members, value: slot(hash.digest(RmmMeasurementDescriptorRipas.encode(members))) };
};

/**
 * How a REM is extended. The text zero-pads the new value and does not say how wide the old one is (B3.42), which
 * gives two readings; `impl` is what both public implementations do, and so what a verifier meets.
 */
export const REM_FORMULAS = {
  impl: 'H(old digest ‖ new value as long as it was given)',
  'spec-h': 'H(old digest ‖ new value padded to 64 bytes)',
  'spec-w': 'H(old value, 64 bytes ‖ new value padded to 64 bytes)',
} as const;
export type RemFormula = keyof typeof REM_FORMULAS;

/** What a REM is hashed from is put together in here and kept by nobody: room of its own would cost as much as the hash. */
const remInput = new Uint8Array(2 * SLOT_SIZE);

/**
 * RemExtend (RMM 1.0 B3.42).
 *
 * @param old    64 bytes: a digest, then zeros.
 * @param value  64 bytes: what X3 to X10 hold.
 * @param size   how many of them were given: 0 to 64.
 */
export const remExtend = (hash: Hash, old: Slot, value: Uint8Array, size: number, formula: RemFormula): Step => {
  const oldSize = formula === 'spec-w' ? SLOT_SIZE : hash.size;
  const length = oldSize + (formula === 'impl' ? size : SLOT_SIZE);
  remInput.set(old);
  remInput.set(value, oldSize);
  if (size < SLOT_SIZE) remInput.fill(0, oldSize + size);
  return {
    descriptor: () => ({ old: old.slice(0, oldSize), value: padEnd(value.subarray(0, size), length - oldSize) }),
    value: slot(hash.digest(remInput.subarray(0, length))),
  };
};
