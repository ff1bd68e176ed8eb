import { encodeFeatureRegister0 } from '../../../src/abi/index.ts';
import { features } from '../../../src/rmm/rmi/index.ts';
import { conformance, on, when } from '../language/conformance.ts';

export const featuresRows = conformance(features, {
  given: () => ({ index: 0n }),
  fails: {},
  succeeds: {
    index: {
      'register 1 reads as zero': () => when({ index: 1n }, { out: { value: 0n } }),
      'and so does the last one': () => when({ index: 0xffff_ffff_ffff_ffffn }, { out: { value: 0n } }),
    },
  },
  also: {
    'register 0 says what the machine has': (_, w) =>
      when({}, { out: { value: encodeFeatureRegister0(w.driver.machine) } }),
    'each field at its place': on(
      {
        machine: {
          s2sz: 42,
          lpa2: true,
          sve_vl: 9,
          num_bps: 33,
          num_wps: 44,
          pmu_num_ctrs: 21,
          hash_sha_256: false,
          hash_sha_512: true,
          gicv3_num_lrs: 11,
          max_recs_order: 12,
        },
      },
      () =>
        when(
          {},
          {
            out: {
              value:
                42n |
                (1n << 8n) |
                (1n << 9n) |
                (9n << 10n) |
                (33n << 14n) |
                (44n << 20n) |
                (1n << 26n) |
                (21n << 27n) |
                (1n << 33n) |
                (11n << 34n) |
                (12n << 38n),
            },
          },
        ),
    ),
  },
});
