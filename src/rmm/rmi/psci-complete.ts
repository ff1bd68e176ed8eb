import { encodePsciStatus, INPUT, PSCI_FID, recIndex } from '../../abi/index.ts';
import { physAddr, reg, uint64 } from '../../spec/index.ts';
import { granuleIs, mpidrIndex } from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { type Rec, withPsciResult } from '../model/rec.ts';
import { rmi } from './family.ts';

/** The request, as the caller's registers still hold it: X0 the function, X1 the target, X2 the entry, X3 the context. */
const requestOf = ({ gprs }: Rec) => ({
  fid: Number((gprs[0] ?? 0n) & 0xffff_ffffn),
  mpidr: gprs[1] ?? 0n,
  entry: gprs[2] ?? 0n,
  context: gprs[3] ?? 0n,
});

const SUCCESS = encodePsciStatus('PSCI_SUCCESS');
const DENIED = encodePsciStatus('PSCI_DENIED');

/** PsciReturnCodePermitted: a Host may refuse to start a REC, and nothing else (RMM 1.0 B3.27). */
const statusIsPermitted = (status: bigint, calling: Rec, target: Rec): boolean =>
  status === SUCCESS || (status === DENIED && requestOf(calling).fid === PSCI_FID.PSCI_CPU_ON && !target.runnable);

export const psciComplete = rmi({
  name: 'RMI_PSCI_COMPLETE',
  fid: 0xc400_0164,
  spec: 'RMM 1.0 B4.3.7',
  summary: 'Completes a PSCI request that names another REC.',

  inputs: {
    calling_ptr: reg(1, physAddr, 'PA of the REC that asked'),
    target_ptr: reg(2, physAddr, 'PA of the REC that was asked for'),
    status: reg(3, uint64, 'PsciReturnCode'),
  },
  outputs: {},
  context: ({ calling_ptr, target_ptr, rmm }) => ({
    get calling() {
      return rmm.rec(calling_ptr);
    },
    get target() {
      return rmm.rec(target_ptr);
    },
  }),

  failures: {
    alias: {
      pre: ({ calling_ptr, target_ptr }) => calling_ptr === target_ptr,
      post: INPUT,
      says: 'the caller and the target are the same REC',
    },
    ...granuleIs('calling_ptr', 'REC', 'calling'),
    ...granuleIs('target_ptr', 'REC', 'target'),
    pending: { pre: ({ calling }) => !calling.psci_pending, post: INPUT, says: 'the caller has no pending request' },
    owner: {
      pre: ({ calling, target }) => calling.owner !== target.owner,
      post: INPUT,
      says: 'the two RECs belong to different Realms',
    },
    target: {
      pre: ({ calling, target }) => mpidrIndex(requestOf(calling).mpidr) !== recIndex(target.mpidr),
      post: INPUT,
      says: 'the request names another REC',
    },
    status: {
      pre: ({ status, calling, target }) => !statusIsPermitted(status, calling, target),
      post: INPUT,
      says: 'the status is not one that a Host may give',
    },
  },
  order: [],
  wellFormed: [
    [
      ['calling_state', 'target_state'],
      ['pending', 'owner', 'target', 'status'],
    ], // all read the RECs
  ],

  before: ({ calling, target, status }) => ({
    request: requestOf(calling),
    result: resultOf(requestOf(calling).fid, status, target),
    starts: status === SUCCESS && requestOf(calling).fid === PSCI_FID.PSCI_CPU_ON && !target.runnable,
  }),
  effect: ({ calling_ptr, target_ptr, calling, rmm, before: { request, result, starts } }) => {
    if (starts) {
      const gprs = [request.context, ...new Array<bigint>(30).fill(0n)];
      rmm.updateRec(target_ptr, { gprs, pc: request.entry, runnable: true });
    }
    const gprs = withPsciResult(calling.gprs, result, rmm.impDef.unlistedOutputs);
    rmm.updateRec(calling_ptr, { gprs, psci_pending: false });
  },

  success: {
    pending: ({ calling }) => !calling.psci_pending,
    on_already: ({ calling, before }) => calling.gprs[0] === before.result,
    on_success: ({ target, before }) => !before.starts || (target.runnable && target.pc === before.request.entry),
    args: ({ calling }) => calling.gprs[1] === 0n && calling.gprs[2] === 0n && calling.gprs[3] === 0n,
  },
  footprint: {
    target_flags: ({ target_ptr }) => item.rec(target_ptr, 'runnable'),
    target_gprs: ({ target_ptr }) => item.rec(target_ptr, 'gprs'),
    target_pc: ({ target_ptr }) => item.rec(target_ptr, 'pc'),
    calling_pending: ({ calling_ptr }) => item.rec(calling_ptr, 'psci_pending'),
    calling_gprs: ({ calling_ptr }) => item.rec(calling_ptr, 'gprs'),
  },
});

/** What the caller's X0 becomes. */
const resultOf = (fid: number, status: bigint, target: Rec): bigint => {
  if (status !== SUCCESS) return status;
  if (fid === PSCI_FID.PSCI_CPU_ON) return target.runnable ? encodePsciStatus('PSCI_ALREADY_ON') : SUCCESS;
  return encodePsciStatus(target.runnable ? 'PSCI_SUCCESS' : 'PSCI_OFF');
};
