/** The members of RmiFeatureRegister0 that a machine decides (RMM 1.0 B4.4.6). */
export interface RmiFeatures {
  readonly s2sz: number;
  readonly lpa2: boolean;
  readonly sve_vl: number | undefined;
  readonly num_bps: number;
  readonly num_wps: number;
  readonly pmu_num_ctrs: number | undefined;
  readonly hash_sha_256: boolean;
  readonly hash_sha_512: boolean;
  readonly gicv3_num_lrs: number;
  readonly max_recs_order: number;
}

const FIELDS = {
  S2SZ: [0, 8],
  LPA2: [8, 1],
  SVE_EN: [9, 1],
  SVE_VL: [10, 4],
  NUM_BPS: [14, 6],
  NUM_WPS: [20, 6],
  PMU_EN: [26, 1],
  PMU_NUM_CTRS: [27, 5],
  HASH_SHA_256: [32, 1],
  HASH_SHA_512: [33, 1],
  GICV3_NUM_LRS: [34, 4],
  MAX_RECS_ORDER: [38, 4],
} as const;

const put = (field: keyof typeof FIELDS, value: number | boolean): bigint => BigInt(value) << BigInt(FIELDS[field][0]);
const get = (field: keyof typeof FIELDS, register: bigint): number =>
  Number((register >> BigInt(FIELDS[field][0])) & ((1n << BigInt(FIELDS[field][1])) - 1n));

export const encodeFeatureRegister0 = (f: RmiFeatures): bigint =>
  put('S2SZ', f.s2sz) |
  put('LPA2', f.lpa2) |
  put('SVE_EN', f.sve_vl !== undefined) |
  put('SVE_VL', f.sve_vl ?? 0) |
  put('NUM_BPS', f.num_bps) |
  put('NUM_WPS', f.num_wps) |
  put('PMU_EN', f.pmu_num_ctrs !== undefined) |
  put('PMU_NUM_CTRS', f.pmu_num_ctrs ?? 0) |
  put('HASH_SHA_256', f.hash_sha_256) |
  put('HASH_SHA_512', f.hash_sha_512) |
  put('GICV3_NUM_LRS', f.gicv3_num_lrs) |
  put('MAX_RECS_ORDER', f.max_recs_order);

export const decodeFeatureRegister0 = (register: bigint): RmiFeatures => ({
  s2sz: get('S2SZ', register),
  lpa2: get('LPA2', register) === 1,
  sve_vl: get('SVE_EN', register) === 1 ? get('SVE_VL', register) : undefined,
  num_bps: get('NUM_BPS', register),
  num_wps: get('NUM_WPS', register),
  pmu_num_ctrs: get('PMU_EN', register) === 1 ? get('PMU_NUM_CTRS', register) : undefined,
  hash_sha_256: get('HASH_SHA_256', register) === 1,
  hash_sha_512: get('HASH_SHA_512', register) === 1,
  gicv3_num_lrs: get('GICV3_NUM_LRS', register),
  max_recs_order: get('MAX_RECS_ORDER', register),
});
