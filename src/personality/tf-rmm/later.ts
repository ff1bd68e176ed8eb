import { INPUT } from '../../abi/index.ts';
import { addrIsGranuleAligned, type rmi, type rsi } from '../../rmm/index.ts';
import { overlaid, withCondition, withEffect, withSuccess } from '../../spec/index.ts';
import { tfRmm } from '../evidence.ts';
import { amended, type FrameOf } from '../frame.ts';
import type { Deviation } from '../personality.ts';

type MeasurementRead = FrameOf<typeof rsi.measurementRead>;
type InitRipas = FrameOf<typeof rmi.rttInitRipas>;
type SetRipas = FrameOf<typeof rmi.rttSetRipas>;

/** Result registers of a later TF-RMM that a measurement may leave as they were: X5 to X7. */
const STALE = { first: 5, count: 3 } as const;

/** What came after the tag for RMM 1.0-rel0. Where such a change repaired a deviation, the stacks leave that one out. */
export const LATER_DEVIATIONS: readonly Deviation[] = [
  {
    id: 'L1',
    title: 'a SHA-256 measurement leaves X5 to X7 as they were',
    commands: ['RSI_MEASUREMENT_READ'],
    rule: 'RMM 1.0 B5.3.8',
    standing: 'divergent',
    specification: 'X1 to X8 hold the measurement, with zeros after the digest.',
    implementation:
      'X1 to X4 hold the digest and X8 is zero. The result has grown to eight registers, and those that are not filled are ' +
      "taken from the caller's.",
    references: [
      tfRmm('tf-rmm-v0.9.0', 'runtime/rsi/realm_attest.c', 'handle_rsi_measurement_read'),
      tfRmm('tf-rmm-v0.9.0', 'lib/smc/include/smc.h', 'SMC_RESULT_REGS'),
    ],
    change: {
      commands: {
        RSI_MEASUREMENT_READ: (command) =>
          withSuccess(
            withEffect(command, (effect: (x: MeasurementRead) => unknown) => (x) => {
              const { size } = x.rmm.state.hash(x.realm.hash_algo);
              const { gprs } = x.rmm.currentRec();
              return amended(effect(x), ({ out }) => {
                const value = (out as { value: Uint8Array }).value.slice();
                const view = new DataView(value.buffer);
                for (let n = STALE.first; n < STALE.first + STALE.count; n += 1) {
                  const offset = 8 * (n - 1);
                  if (offset >= size) view.setBigUint64(offset, gprs[n] ?? 0n, true);
                }
                return { out: { ...out, value } };
              });
            }),
            'value',
          ),
      },
    },
  },
  {
    id: 'L2',
    title: 'RTT_INIT_RIPAS is not measured',
    commands: ['RMI_RTT_INIT_RIPAS'],
    rule: 'RMM 1.0 A7.1.3, B4.3.18',
    standing: 'divergent',
    specification: 'Each entry that becomes RAM extends the RIM.',
    implementation: 'The RIM stays as it is, as in RMM 2.0.',
    references: [tfRmm('bdb07f46', 'runtime/rmi/rtt.c', 'smc_rtt_init_ripas')],
    change: {
      commands: {
        RMI_RTT_INIT_RIPAS: (command) =>
          withSuccess(
            withEffect(
              command,
              (effect: (x: InitRipas) => unknown) => (x) => effect(overlaid(x, { before: { ...x.before, steps: [] } })),
            ),
            'rim',
          ),
      },
    },
  },
  {
    id: 'L3',
    title: 'RTT_SET_RIPAS wants an aligned top',
    commands: ['RMI_RTT_SET_RIPAS'],
    rule: 'RMM 1.0 B4.3.21, top_gran_align',
    standing: 'same reading',
    specification: 'A top that is not granule-aligned is RMI_ERROR_INPUT.',
    implementation: 'The same, before anything else: this takes back that part of D9.',
    references: [
      tfRmm('rmm-spec-v1.x-aligned', 'runtime/rmi/rtt.c', 'smc_rtt_set_ripas'),
      tfRmm('tf-rmm-v0.8.0', 'runtime/rmi/rtt.c', 'smc_rtt_set_ripas'),
    ],
    change: {
      commands: {
        RMI_RTT_SET_RIPAS: (command) =>
          withCondition(
            command,
            'top_gran_align',
            { pre: ({ top }: SetRipas) => !addrIsGranuleAligned(top), post: INPUT, says: 'top is not granule-aligned' },
            'rd_align',
          ),
      },
    },
  },
];
