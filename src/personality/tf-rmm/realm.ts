import { RmiRealmParams } from '../../abi/index.ts';
import { at, layout, u32 } from '../../bytes/index.ts';
import { rimInit, type rmi } from '../../rmm/index.ts';
import { withContext, without } from '../../spec/index.ts';
import { rel0, tfRmm } from '../evidence.ts';
import type { FrameOf } from '../frame.ts';
import type { Deviation } from '../personality.ts';

type RealmCreate = FrameOf<typeof rmi.realmCreate>;

const { members } = RmiRealmParams;

/** Members that the text declares as 8 bits and TF-RMM as 32, at the same offsets. */
const wide = {
  s2sz: at(members.s2sz.offset, u32, members.s2sz.doc),
  sve_vl: at(members.sve_vl.offset, u32, members.sve_vl.doc),
  num_bps: at(members.num_bps.offset, u32, members.num_bps.doc),
  num_wps: at(members.num_wps.offset, u32, members.num_wps.doc),
  pmu_num_ctrs: at(members.pmu_num_ctrs.offset, u32, members.pmu_num_ctrs.doc),
};

const WideRealmParams = layout('RmiRealmParams (TF-RMM)', RmiRealmParams, { ...members, ...wide });
const WideMeasured = layout('RmiRealmParams (TF-RMM, measured)', RmiRealmParams, {
  flags: members.flags,
  ...wide,
  hash_algo: members.hash_algo,
});

export const REALM_DEVIATIONS: readonly Deviation[] = [
  {
    id: 'D4',
    title: 'rtt_base is aligned to a granule only',
    commands: ['RMI_REALM_CREATE'],
    rule: 'RMM 1.0 B4.3.9, rtt_align',
    standing: 'divergent',
    specification: 'rtt_base that is not aligned to rtt_num_start granules is RMI_ERROR_INPUT.',
    implementation:
      'Each starting-level RTT has to be a DELEGATED granule; nothing is asked of their alignment together.',
    references: [rel0('runtime/rmi/realm.c', 'find_lock_rd_granules')],
    repaired: tfRmm('tf-rmm-v0.8.0', 'runtime/rmi/realm.c', 'validate_realm_params'),
    change: { commands: { RMI_REALM_CREATE: (command) => without(command, 'rtt_align') } },
  },
  {
    id: 'D13',
    title: 'five members of RmiRealmParams have 32 bits',
    commands: ['RMI_REALM_CREATE'],
    rule: 'RMM 1.0 B4.4.12',
    standing: 'divergent',
    specification:
      's2sz, sve_vl, num_bps, num_wps and pmu_num_ctrs have 8 bits; the bytes after them are SBZ and ignored.',
    implementation:
      'They have 32 bits: a bit above the eighth makes s2sz, num_bps and num_wps too large, and sve_vl and pmu_num_ctrs ' +
      'where their flag is set. The RIM covers all 32 bits.',
    references: [
      rel0('lib/smc/include/smc-rmi.h', 'struct rmi_realm_params'),
      rel0('lib/measurement/src/rim.c', 'measurement_realm_params_measure'),
    ],
    change: {
      commands: {
        RMI_REALM_CREATE: (command) =>
          withContext(command, {
            params: ({ params_ptr, rmm }: RealmCreate) => WideRealmParams.decode(rmm.contents(params_ptr)),
            rim: ({ params_ptr, rmm }: RealmCreate) => {
              const { flags, s2sz, sve_vl, num_bps, num_wps, pmu_num_ctrs, hash_algo } = WideRealmParams.decode(
                rmm.contents(params_ptr),
              );
              const measured = { flags, s2sz, sve_vl, num_bps, num_wps, pmu_num_ctrs, hash_algo };
              return rimInit(rmm.hash(hash_algo === 0 ? 'SHA_256' : 'SHA_512'), measured, WideMeasured);
            },
          }),
      },
    },
  },
];
