import { INPUT, REALM, RMI_REC_FLAG, RmiRecParams, recIndex } from '../../abi/index.ts';
import { equalBytes } from '../../bytes/index.ts';
import { once, physAddr, reg } from '../../spec/index.ts';
import { addrIsGranuleAligned, granuleIs, hostGranule, isDelegableIn } from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { rimExtendRec } from '../model/measurement.ts';
import { newRec } from '../model/rec.ts';
import type { RmmView } from '../model/view.ts';
import { rmi } from './family.ts';

export const recCreate = rmi({
  name: 'RMI_REC_CREATE',
  fid: 0xc400_015a,
  spec: 'RMM 1.0 B4.3.12',
  summary: 'Creates a REC. A runnable one extends the RIM.',

  inputs: {
    rd: reg(1, physAddr, 'PA of the RD'),
    rec: reg(2, physAddr, 'PA of the target REC'),
    params_ptr: reg(3, physAddr, 'PA of the REC parameters'),
  },
  outputs: {},
  context: {
    params: once(({ params_ptr, rmm }) => paramsAt(rmm, params_ptr)),
    realm: ({ rd, rmm }) => rmm.realm(rd),
    created: ({ rec, rmm }) => rmm.rec(rec),
    /** The auxiliary granules that count: the first num_aux. */
    aux: once(({ params_ptr, rmm }) => {
      const { aux, num_aux } = paramsAt(rmm, params_ptr);
      return aux.slice(0, Math.min(Number(num_aux), aux.length));
    }),
  },

  failures: {
    ...hostGranule('params_ptr', 'params'),
    ...granuleIs('rec', 'DELEGATED'),
    ...granuleIs('rd', 'RD'),
    realm_state: { pre: ({ realm }) => realm.state !== 'REALM_NEW', post: REALM, says: 'the Realm is not NEW' },
    num_recs: {
      pre: ({ realm, rmm }) => realm.num_recs === 2 ** rmm.profile.max_recs_order - 1,
      post: REALM,
      says: 'the Realm has as many RECs as it can have',
    },
    mpidr_index: {
      pre: ({ params, realm }) => recIndex(params.mpidr) !== BigInt(realm.rec_index),
      post: INPUT,
      says: 'mpidr does not name the next REC of the Realm',
    },
    num_aux: {
      pre: ({ params, rmm }) => params.num_aux !== BigInt(rmm.profile.rec_aux_count),
      post: INPUT,
      says: 'num_aux is not what RMI_REC_AUX_COUNT says',
    },
    aux_align: {
      pre: ({ aux }) => !aux.every(addrIsGranuleAligned),
      post: INPUT,
      says: 'an auxiliary granule is not granule-aligned',
    },
    aux_alias: {
      pre: ({ aux, rec }) => new Set([...aux, rec]).size !== aux.length + 1,
      post: INPUT,
      says: 'an auxiliary granule is named twice, or is the REC',
    },
    aux_state: {
      pre: ({ aux, rmm }) => !aux.every((pa) => isDelegableIn(rmm, pa, 'DELEGATED')),
      post: INPUT,
      says: 'an auxiliary granule is not DELEGATED',
    },
  },
  order: [
    [
      ['rd_bound', 'rd_state'],
      ['realm_state', 'num_recs'],
    ],
  ],
  wellFormed: [
    [['rd_state'], ['mpidr_index']], // mpidr_index reads the Realm; no published edge guards it
    [['params_bound'], ['mpidr_index', 'num_aux', 'aux_align', 'aux_alias', 'aux_state']],
  ],

  before: ({ realm, rmm, params }) => ({
    realm,
    step:
      (params.flags & RMI_REC_FLAG.runnable) === 0n
        ? undefined
        : rimExtendRec(rmm.hash(realm.hash_algo), realm.measurements[0], {
            flags: params.flags,
            pc: params.pc,
            gprs: params.gprs,
          }),
  }),
  effect: ({ rd, rec, params, aux, realm, rmm, before: { step } }) => {
    const runnable = (params.flags & RMI_REC_FLAG.runnable) !== 0n;
    rmm.setGranule(rec, 'REC');
    for (const pa of aux) rmm.setGranule(pa, 'REC_AUX');
    rmm.createRec(rec, newRec({ owner: rd, mpidr: params.mpidr, aux, runnable, pc: params.pc, params: params.gprs }));
    rmm.updateRealm(rd, { rec_index: realm.rec_index + 1, num_recs: realm.num_recs + 1 });
    if (step !== undefined) rmm.measure(rd, 0, 'RimExtendRec', step);
  },

  success: {
    rec_index: ({ realm, before }) => realm.rec_index === before.realm.rec_index + 1,
    rec_gran_state: ({ rec, rmm }) => rmm.granule(rec) === 'REC',
    rec_owner: ({ created, rd }) => created.owner === rd,
    rec_attest: ({ created }) => created.attest.state === 'NO_ATTEST_IN_PROGRESS',
    rec_mpidr: ({ created, params }) => created.mpidr === params.mpidr,
    rec_state: ({ created }) => created.state === 'REC_READY',
    runnable: ({ created, params }) => (params.flags & RMI_REC_FLAG.runnable) === 0n || created.runnable,
    not_runnable: ({ created, params }) => (params.flags & RMI_REC_FLAG.runnable) !== 0n || !created.runnable,
    rec_gprs: ({ created, params }) => created.gprs.every((value, i) => value === (params.gprs[i] ?? 0n)),
    rec_pc: ({ created, params }) => created.pc === params.pc,
    rim: ({ realm, before }) => equalBytes(realm.measurements[0], before.step?.value ?? before.realm.measurements[0]),
    rec_aux: ({ created, aux }) => created.aux.every((pa, i) => pa === aux[i]),
    rec_aux_state: ({ created, rmm }) => created.aux.every((pa) => rmm.granule(pa) === 'REC_AUX'),
    ripas_addr: ({ created }) => created.ripas_addr === 0n,
    ripas_top: ({ created }) => created.ripas_top === 0n,
    host_call: ({ created }) => created.host_call_pending === undefined,
    num_recs: ({ realm, before }) => realm.num_recs === before.realm.num_recs + 1,
  },
  footprint: {
    rec_index: ({ rd }) => [item.realm(rd, 'rec_index'), item.realm(rd, 'num_recs')],
    rec_state: ({ rec }) => [item.granule(rec), item.rec(rec)],
    rec_aux_state: ({ aux }) => aux.map((pa) => item.granule(pa)),
    rim: ({ rd }) => item.realm(rd, 'measurements'),
  },
});

const paramsAt = (rmm: RmmView, pa: bigint): RmiRecParams => RmiRecParams.decode(rmm.contents(pa));
