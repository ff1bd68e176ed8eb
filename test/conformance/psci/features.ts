import { features } from '../../../src/rmm/psci/index.ts';
import { conformance, type Rows, when } from '../language/conformance.ts';
import { threeRecs } from './support.ts';

const NOT_SUPPORTED = 0xffff_ffff_ffff_ffffn;

const each = (value: bigint, ids: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    Object.entries(ids).map(([name, psci_func_id]) => [
      name,
      () => when({ psci_func_id }, { out: { features: value } }),
    ]),
  ) as unknown as Rows<typeof features.inputs, typeof features.outputs, { psci_func_id: number }>;

export const featuresRows = conformance(features, {
  given: (w) => ({ ...threeRecs(w), psci_func_id: 0xc400_0004 }),
  fails: {},
  succeeds: {
    func_ok: each(0n, {
      VERSION: 0x8400_0000,
      CPU_SUSPEND: 0xc400_0001,
      CPU_OFF: 0x8400_0002,
      CPU_ON: 0xc400_0003,
      AFFINITY_INFO: 0xc400_0004,
      SYSTEM_OFF: 0x8400_0008,
      SYSTEM_RESET: 0x8400_0009,
      FEATURES: 0x8400_000a,
      'SMCCC_VERSION, by which SMCCC is found': 0x8000_0000,
    }),
    func_not_ok: each(NOT_SUPPORTED, {
      CPU_FREEZE: 0x8400_000b,
      'CPU_ON of 32 bits': 0x8400_0003,
      MIGRATE: 0xc400_0005,
      'an RSI command': 0xc400_0190,
      'nothing at all': 0,
    }),
  },
});
