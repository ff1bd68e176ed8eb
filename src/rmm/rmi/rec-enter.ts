import { REC, RMI_ENTER_FLAG, RmiRecEnter, realmError } from '../../abi/index.ts';
import { answer, once, physAddr, reg } from '../../spec/index.ts';
import { gicv3ConfigIsValid, granuleIs, hostGranule } from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { rmi } from './family.ts';

export const recEnter = rmi({
  name: 'RMI_REC_ENTER',
  fid: 0xc400_015c,
  spec: 'RMM 1.0 B4.3.14',
  summary: 'Runs a REC until something has to be told to the Host.',

  inputs: { rec: reg(1, physAddr, 'PA of the target REC'), run_ptr: reg(2, physAddr, 'PA of the RecRun structure') },
  outputs: {},
  context: {
    enter: once(({ run_ptr, rmm }) => RmiRecEnter.decode(rmm.contents(run_ptr))),
    target: ({ rec, rmm }) => rmm.rec(rec),
    realm: ({ rec, rmm }) => rmm.realm(rmm.rec(rec).owner),
  },

  failures: {
    ...hostGranule('run_ptr', 'run'),
    ...granuleIs('rec', 'REC', 'rec', 'rec_gran_state'),
    realm_new: { pre: ({ realm }) => realm.state === 'REALM_NEW', post: realmError(0), says: 'the Realm is NEW' },
    system_off: {
      pre: ({ realm }) => realm.state === 'REALM_SYSTEM_OFF',
      post: realmError(1),
      says: 'the Realm is off',
    },
    rec_state: { pre: ({ target }) => target.state === 'REC_RUNNING', post: REC, says: 'the REC is running' },
    rec_runnable: { pre: ({ target }) => !target.runnable, post: REC, says: 'the REC is not runnable' },
    rec_mmio: {
      pre: ({ enter, target }) => (enter.flags & RMI_ENTER_FLAG.emul_mmio) !== 0n && target.abort?.emulatable !== true,
      post: REC,
      says: 'an emulated access is answered that the last exit did not ask for',
    },
    rec_gicv3: {
      pre: ({ enter, rmm }) => !gicv3ConfigIsValid(enter.gicv3_hcr, enter.gicv3_lrs, rmm.profile.gicv3_num_lrs),
      post: REC,
      says: 'gicv3_hcr or gicv3_lrs holds what a Host may not set',
    },
    rec_psci: { pre: ({ target }) => target.psci_pending, post: REC, says: 'a PSCI request of the REC is pending' },
  },
  order: [
    [
      ['rec_align', 'rec_bound', 'rec_gran_state', 'run_pas', 'run_bound', 'run_align'],
      ['rec_state', 'rec_runnable', 'rec_mmio', 'realm_new', 'system_off', 'rec_gicv3', 'rec_psci'],
    ],
  ],

  // Entering is a transfer of control: what the entry completes, and what the exit writes, happens on the PE.
  effect: ({ rec, run_ptr, enter }) => answer({ transfer: { enter: { rec, run_ptr, enter } } }),

  success: {},
  footprint: {
    emul_abt: ({ rec }) => item.rec(rec),
  },
});
