/** RmiRecMpidr bits that mean something: aff0 [3:0], aff1 [15:8], aff2 [23:16], aff3 [31:24] (RMM 1.0 B4.4.18). */
export const REC_MPIDR_MASK = 0xffff_ff0fn;

/** RecIndex: which REC of its Realm an RmiRecMpidr names (RMM 1.0 B3.38). */
export const recIndex = (mpidr: bigint): bigint =>
  (mpidr & 0xfn) | ((mpidr >> 4n) & 0xff0n) | ((mpidr >> 4n) & 0xff000n) | ((mpidr >> 4n) & 0xff00000n);

/** The RmiRecMpidr of the REC with this index. */
export const recMpidr = (index: number): bigint => {
  const i = BigInt(index);
  return (i & 0xfn) | ((i & 0xffffff0n) << 4n);
};
