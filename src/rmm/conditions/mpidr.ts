import { recIndex } from '../../abi/index.ts';
import type { RmmView } from '../model/view.ts';

/** Which REC an MPIDR names when a Realm uses it: Aff3 stands in [39:32] there, not in [31:24] (Arm ARM, MPIDR_EL1). */
export const mpidrIndex = (mpidr: bigint): bigint => recIndex((mpidr & 0xff_ffffn) | (((mpidr >> 32n) & 0xffn) << 24n));

/** RecFromMpidr: the REC of a Realm that an MPIDR names, or undefined when none does (RMM 1.0 B3.37, B3.24). */
export const recFromMpidr = (rmm: RmmView, rd: bigint, mpidr: bigint): bigint | undefined => {
  const index = mpidrIndex(mpidr);
  return rmm.recsOf(rd).find((rec) => recIndex(rmm.rec(rec).mpidr) === index);
};
