/** MemAttr[2:0] in bits [4:2] and S2AP in bits [7:6]: what a Host may choose besides the address (RMM 1.0 A5.5.11). */
const ATTRIBUTES = 0xdcn;
const MEM_ATTR = 0x1cn;
/** MemAttr 0b100 is reserved in the FEAT_S2FWB encoding. */
const MEM_ATTR_RESERVED = 0x10n;
/** OA[49:12] stand at their place. */
const OA_49_12 = 0x3_ffff_ffff_f000n;
/** OA[51:50] travel in bits [9:8]. Without LPA2 they and OA[49:48] are zero, since addresses end at 2^48. */
const OA_51_50_AT = 8n;
const OA_51_50 = 3n << OA_51_50_AT;

/** RttDescriptorIsValidForUnprotected: no bit that is not the Host's, no reserved attribute (RMM 1.0 B3.56). */
export const descriptorIsValidForUnprotected = (desc: bigint): boolean =>
  (desc & ~(OA_49_12 | OA_51_50 | ATTRIBUTES)) === 0n && (desc & MEM_ATTR) !== MEM_ATTR_RESERVED;

/** The output address and the attributes of a descriptor (RttEntryFromDescriptor, RMM 1.0 B3.59). */
export const fromDescriptor = (desc: bigint): { readonly addr: bigint; readonly attr: bigint } => ({
  addr: (desc & OA_49_12) | (((desc & OA_51_50) >> OA_51_50_AT) << 50n),
  attr: desc & ATTRIBUTES,
});

export const toDescriptor = (addr: bigint, attr: bigint): bigint =>
  (addr & OA_49_12) | (((addr >> 50n) & 3n) << OA_51_50_AT) | attr;
