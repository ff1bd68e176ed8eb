import {
  decodeRmiResult,
  encodePsciStatus,
  GRANULE,
  PSCI_FID,
  type PsciStatus,
  REC_EXIT_OFFSET,
  type RecExitReason,
  RMI_ENTER_FLAG,
  type RmiRecEnter,
  RmiRecExit,
  type RmiResult,
  RTT_PAGE_LEVEL,
  recExitReasonName,
} from '../abi/index.ts';
import { hexNumber } from '../bytes/index.ts';
import type { Platform } from '../platform/index.ts';
import type { Registers } from '../trace/index.ts';
import type { HostRealm, HostRec } from './host-realm.ts';
import { callRmi, HostError, tryRmi } from './rmi.ts';

/** Why a REC came back, and all that its exit tells. */
export interface RecExit extends RmiRecExit {
  readonly reason: RecExitReason;
}

/** What the Host puts into the next entry. */
export type EnterWith = Partial<RmiRecEnter>;

/** What a Host does about exits. What a policy leaves out is answered so that the guest gets on. */
export interface HostPolicy {
  /** A host call: the registers that the guest gets back. */
  readonly hostCall?: (imm: number, gprs: Registers) => Registers;
  /** An access to an Unprotected IPA that the Host may emulate. `undefined` injects an SEA. */
  readonly mmio?: (ipa: bigint, write: bigint | undefined, size: number) => bigint | undefined;
  /** Whether a RIPAS change is granted. Default: always. */
  readonly grantRipas?: (base: bigint, top: bigint, ripas: number) => boolean;
  /**
   * A guest is about to make a call. Not asked again where it has to make it again.
   *
   * @returns result registers of RMI_REC_ENTER, when the PE was taken away from it before that.
   */
  readonly beforeSmc?: (x: Registers, pe: number, realm: HostRealm) => Registers | undefined;
  /** A guest touches memory that it has not got, and gets it then. */
  readonly givePage?: (ipa: bigint) => void;
  /** What RMI_PSCI_COMPLETE says of a request about another REC. Default: success. */
  readonly completePsci?: () => PsciStatus;
  /** Told of every exit. */
  readonly onExit?: (exit: RecExit) => void;
}

/** A Host that runs a Realm on a machine, as its policy says. */
export interface VcpuHost {
  readonly platform: Platform;
  readonly realm: HostRealm;
  readonly policy: HostPolicy;
}

/** What the Host reads when RMI_REC_ENTER has returned with `x`: the exit, or why there was no entry. */
export const readExit = (
  platform: Platform,
  { run_ptr }: HostRec,
  x: Registers,
): RecExit | { readonly result: RmiResult } => {
  const result = decodeRmiResult(x[0] ?? 0n);
  if (result === undefined) throw new HostError('RMI_REFUSED', 'RMI_REC_ENTER: the monitor does not answer');
  if (result.status !== 'RMI_SUCCESS') return { result };
  const page = platform.read(run_ptr, Number(GRANULE)) ?? new Uint8Array(Number(GRANULE));
  const exit = RmiRecExit.decode(page.subarray(REC_EXIT_OFFSET));
  return { ...exit, reason: recExitReasonName(exit.exit_reason) ?? 'SERROR' };
};

const OFF_FIDS: ReadonlySet<number> = new Set([PSCI_FID.PSCI_SYSTEM_OFF, PSCI_FID.PSCI_SYSTEM_RESET]);

/** Whether the Realm turned itself off. */
export const isOff = ({ gprs }: RecExit): boolean => OFF_FIDS.has(Number(gprs[0] ?? 0n));

/** What a Host does about an exit that wants the guest to get on. @returns how to enter again. @throws {HostError} */
export const answerExit = ({ platform, realm, policy }: VcpuHost, rec: HostRec, exit: RecExit): EnterWith => {
  switch (exit.reason) {
    case 'SYNC':
      return answerAbort(realm, exit, policy);
    case 'HOST_CALL': {
      const gprs = policy.hostCall?.(exit.imm, exit.gprs) ?? exit.gprs;
      return { gprs };
    }
    case 'RIPAS_CHANGE':
      return answerRipasChange(platform, realm, rec, exit, policy);
    case 'PSCI':
      completePsci(platform, realm, rec, exit, policy);
      return {};
    default:
      return {};
  }
};

const faultingIpa = ({ hpfar, far }: RecExit): bigint => ((hpfar & ~0xfn) << 8n) | (far & 0xfffn);

/** ESR_EL2.EC of a wait that was trapped. The Host lets the guest go on at once. */
const EC_WFX = 0x01n;

const answerAbort = (realm: HostRealm, exit: RecExit, policy: HostPolicy): EnterWith => {
  if (exit.esr >> 26n === EC_WFX) return {};
  const ipa = faultingIpa(exit);
  const unprotected = ipa >= 1n << BigInt(realm.plan.ipaWidth - 1);
  if (!unprotected) {
    const page = ipa - (ipa % GRANULE);
    if (realm.isDestroyed(page)) {
      throw new HostError('DENIED', `the guest touches ${hexNumber(page)}, which the Host took away: it cannot go on`);
    }
    policy.givePage?.(ipa);
    realm.mapUnknown(page);
    return {};
  }
  const write = (exit.esr & (1n << 6n)) !== 0n;
  const emulatable = (exit.esr & (1n << 24n)) !== 0n;
  const size = 1 << Number((exit.esr >> 22n) & 3n);
  const value = emulatable ? policy.mmio?.(ipa, write ? (exit.gprs[0] ?? 0n) : undefined, size) : undefined;
  if (value === undefined) return { flags: RMI_ENTER_FLAG.inject_sea };
  return { flags: RMI_ENTER_FLAG.emul_mmio, gprs: [value] };
};

const answerRipasChange = (
  platform: Platform,
  realm: HostRealm,
  { rec }: HostRec,
  exit: RecExit,
  policy: HostPolicy,
): EnterWith => {
  const { ripas_base, ripas_top, ripas_value } = exit;
  if (policy.grantRipas?.(ripas_base, ripas_top, ripas_value) === false) {
    return { flags: RMI_ENTER_FLAG.ripas_response };
  }
  for (let base = ripas_base; base < ripas_top; ) {
    const { result, x } = tryRmi(platform, 'RTT_SET_RIPAS', realm.rd, rec, base, ripas_top);
    if (result.status === 'RMI_ERROR_RTT' && result.index < RTT_PAGE_LEVEL) {
      realm.tables.ensure(base, result.index + 1);
      continue;
    }
    const next = x[1] ?? base;
    // A page that the Host destroyed, and that the Realm does not let change, ends the request here.
    if (result.status !== 'RMI_SUCCESS' || next <= base) break;
    base = next;
  }
  return {};
};

const NEEDS_COMPLETION: ReadonlySet<number> = new Set([PSCI_FID.PSCI_CPU_ON, PSCI_FID.PSCI_AFFINITY_INFO]);

const completePsci = (
  platform: Platform,
  realm: HostRealm,
  { rec }: HostRec,
  { gprs }: RecExit,
  policy: HostPolicy,
): void => {
  if (!NEEDS_COMPLETION.has(Number(gprs[0] ?? 0n))) return;
  const index = mpidrToIndex(gprs[1] ?? 0n);
  const target = realm.recs[index];
  if (target === undefined) throw new HostError('PLAN_IMPOSSIBLE', `the Realm has no REC ${index}`);
  callRmi(platform, 'PSCI_COMPLETE', rec, target.rec, encodePsciStatus(policy.completePsci?.() ?? 'PSCI_SUCCESS'));
};

/** RECs are created in the order of their index, which an MPIDR_EL1 spells as Aff3:Aff2:Aff1:Aff0[3:0]. */
const mpidrToIndex = (mpidr: bigint): number =>
  Number((mpidr & 0xfn) + 16n * ((mpidr >> 8n) & 0xffffn) + (((mpidr >> 32n) & 0xffn) << 20n));
