import { revision } from '../smccc.ts';

/**
 * SMCs between RMM and EL3: identifier, and the version of the interface that brought each (rmm-el3 4.1). All are SMC64
 * fast calls of the standard secure service.
 */
export const EL3_FIDS = {
  RMM_RMI_REQ_COMPLETE: { fid: 0xc400_018f, since: revision(0, 1) },
  RMM_GTSI_DELEGATE: { fid: 0xc400_01b0, since: revision(0, 1) },
  RMM_GTSI_UNDELEGATE: { fid: 0xc400_01b1, since: revision(0, 1) },
  RMM_ATTEST_GET_REALM_KEY: { fid: 0xc400_01b2, since: revision(0, 1) },
  RMM_ATTEST_GET_PLAT_TOKEN: { fid: 0xc400_01b3, since: revision(0, 1) },
  RMM_EL3_FEATURES: { fid: 0xc400_01b4, since: revision(0, 4) },
  RMM_EL3_TOKEN_SIGN: { fid: 0xc400_01b5, since: revision(0, 4) },
  RMM_MEC_REFRESH: { fid: 0xc400_01b6, since: revision(0, 5) },
  RMM_IDE_KEY_PROG: { fid: 0xc400_01b7, since: revision(0, 6) },
  RMM_IDE_KEY_SET_GO: { fid: 0xc400_01b8, since: revision(0, 6) },
  RMM_IDE_KEY_SET_STOP: { fid: 0xc400_01b9, since: revision(0, 6) },
  RMM_IDE_KM_PULL_RESPONSE: { fid: 0xc400_01ba, since: revision(0, 6) },
  RMM_RESERVE_MEMORY: { fid: 0xc400_01bb, since: revision(0, 7) },
  RMM_BOOT_COMPLETE: { fid: 0xc400_01cf, since: revision(0, 1) },
} as const satisfies Record<string, { readonly fid: number; readonly since: bigint }>;
export type El3Call = keyof typeof EL3_FIDS;

/** Identifiers that EL3 passes from the Host to the RMM, and the version of the interface that brought each range. */
export const RMI_RANGES = [
  { first: 0xc400_0150, last: 0xc400_018f, since: revision(0, 1) },
  { first: 0xc400_01d0, last: 0xc400_02cf, since: revision(2, 0) },
] as const;

/** Result registers of an RMI command that EL3 carries to the Host (rmm-el3 1.2). */
export const RMI_RESULTS = [
  { count: 5, since: revision(0, 1) },
  { count: 8, since: revision(2, 0) },
] as const;

/** The first interface version with the platform token in hunks: X2 out, and a challenge size of 0 to go on. */
export const TOKEN_HUNKS_SINCE = revision(0, 3);

/** From here on the MECID of a MEC call stands in X1[47:32], beside a reason (rmm-el3 4.6). */
export const MEC_REASON_SINCE = revision(0, 8);

const CALL_NAMES = new Map(Object.entries(EL3_FIDS).map(([name, { fid }]) => [fid as number, name as El3Call]));

/** The call that a function identifier names. */
export const el3CallOf = (fid: number): El3Call | undefined => CALL_NAMES.get(fid);
