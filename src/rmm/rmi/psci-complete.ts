import { encodePsciStatus, functionId, INPUT, PSCI_FID, recIndex } from '../../abi/index.ts';
import { physAddr, reg, uint64 } from '../../spec/index.ts';
import { granuleIs, mpidrIndex } from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { type Rec, withPsciResult } from '../model/rec.ts';
import { rmi } from './family.ts';

/** The request, as the caller's registers still hold it: X0 the function, X1 the target, X2 the entry, X3 the context. */
const requestOf = ({ gprs }: Rec) => ({
  // As it was looked up: without the SVE hint.
  fid: functionId(BigInt.asUintN(32, gprs[0] ?? 0n)),
  mpidr: gprs[1] ?? 0n,
  entry: gprs[2] ?? 0n,
  context: gprs[3] ?? 0n,
});

const SUCCESS = encodePsciStatus('PSCI_SUCCESS');
const DENIED = encodePsciStatus('PSCI_DENIED');
const ALREADY_ON = encodePsciStatus('PSCI_ALREADY_ON');
const OFF = encodePsciStatus('PSCI_OFF');

/** PsciReturnCodePermitted: a Host may refuse to start a REC, and nothing else (RMM 1.0 B3.27). */
const statusIsPermitted = (status: bigint, calling: Rec, target: Rec): boolean =>
  status === SUCCESS || (status === DENIED && requestOf(calling).fid === PSCI_FID.PSCI_CPU_ON && !target.runnable);

export const psciComplete = rmi({
  name: 'RMI_PSCI_COMPLETE',
  fid: 0xc400_0164,
  spec: 'RMM 1.0 B4.3.7',
  summary: 'Completes a PSCI request that names another REC.',

  inputs: {
    calling_rec: reg(1, physAddr, 'PA of the REC that asked'),
    target_rec: reg(2, physAddr, 'PA of the REC that was asked for'),
    status: reg(3, uint64, 'PsciReturnCode'),
  },
  outputs: {},
  context: {
    calling: ({ calling_rec, rmm }) => rmm.rec(calling_rec),
    target: ({ target_rec, rmm }) => rmm.rec(target_rec),
  },

  failures: {
    alias: {
      pre: ({ calling_rec, target_rec }) => calling_rec === target_rec,
      post: INPUT,
      says: 'the caller and the target are the same REC',
    },
    ...granuleIs('calling_rec', 'REC', 'calling'),
    ...granuleIs('target_rec', 'REC', 'target'),
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
    [['calling_state'], ['pending', 'owner', 'target', 'status']], // all read the REC that asked
    [['target_state'], ['owner', 'target', 'status']], // and these the other one
  ],

  before: ({ calling, target, status }) => ({
    request: requestOf(calling),
    result: resultOf(requestOf(calling).fid, status, target),
    wasOn: target.runnable,
    starts: status === SUCCESS && requestOf(calling).fid === PSCI_FID.PSCI_CPU_ON && !target.runnable,
  }),
  effect: ({ calling_rec, target_rec, calling, rmm, before: { request, result, starts } }) => {
    if (starts) {
      const gprs = [request.context, ...new Array<bigint>(30).fill(0n)];
      rmm.updateRec(target_rec, { gprs, pc: request.entry, runnable: true });
    }
    const gprs = withPsciResult(calling.gprs, result, rmm.impDef.unlistedOutputs);
    rmm.updateRec(calling_rec, { gprs, psci_pending: false });
  },

  success: {
    pending: ({ calling }) => !calling.psci_pending,
    on_already: ({ calling, status, before: { request, wasOn } }) =>
      status !== SUCCESS || request.fid !== PSCI_FID.PSCI_CPU_ON || !wasOn || calling.gprs[0] === ALREADY_ON,
    on_success: ({ calling, target, before: { request, starts } }) =>
      !starts ||
      (target.gprs.every((value, n) => value === (n === 0 ? request.context : 0n)) &&
        target.pc === request.entry &&
        target.runnable &&
        calling.gprs[0] === SUCCESS),
    affinity_on: ({ calling, status, before: { request, wasOn } }) =>
      status !== SUCCESS || request.fid !== PSCI_FID.PSCI_AFFINITY_INFO || !wasOn || calling.gprs[0] === SUCCESS,
    affinity_off: ({ calling, status, before: { request, wasOn } }) =>
      status !== SUCCESS || request.fid !== PSCI_FID.PSCI_AFFINITY_INFO || wasOn || calling.gprs[0] === OFF,
    status: ({ calling, status }) => status === SUCCESS || calling.gprs[0] === status,
    args: ({ calling }) => calling.gprs[1] === 0n && calling.gprs[2] === 0n && calling.gprs[3] === 0n,
  },
  footprint: {
    target_flags: ({ target_rec }) => item.rec(target_rec, 'runnable'),
    target_gprs: ({ target_rec }) => item.rec(target_rec, 'gprs'),
    target_pc: ({ target_rec }) => item.rec(target_rec, 'pc'),
    calling_pend: ({ calling_rec }) => item.rec(calling_rec, 'psci_pending'),
    calling_gprs: ({ calling_rec }) => item.rec(calling_rec, 'gprs'),
  },
});

/** What the caller's X0 becomes. */
const resultOf = (fid: number | undefined, status: bigint, target: Rec): bigint => {
  if (status !== SUCCESS) return status;
  if (fid === PSCI_FID.PSCI_CPU_ON) return target.runnable ? ALREADY_ON : SUCCESS;
  return target.runnable ? SUCCESS : OFF;
};
