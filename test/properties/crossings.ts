import { REC_EXIT_OFFSET, RMI_REC_EXIT_REASON, RmiRecEnter, RmiRecExit } from '../../src/abi/index.ts';
import type { DeviceValues, RealmAccess, Rec } from '../../src/rmm/index.ts';
import type { Observed } from './observe.ts';
import type { Event } from './transitions.ts';

/** What the last exit of a REC left for the next entry to finish (rmi 9.2). */
type Left =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'host call' }
  | { readonly kind: 'standby' }
  | { readonly kind: 'ripas change'; readonly top: bigint; readonly toRam: boolean }
  | { readonly kind: 'abort'; readonly access: RealmAccess; readonly unprotected: boolean };

const NOTHING: Left = { kind: 'nothing' };
const PSCI_CPU_SUSPEND = 0xc400_0001n;
const REC_ENTER = 0xc400_015cn;
const FLAG = { emul_mmio: 1n, inject_sea: 2n, ripas_response: 16n };
const hex = (value: bigint): string => `0x${value.toString(16)}`;

/** What crosses between Host and Realm, followed by somebody who saw every act. */
export interface Crossings {
  /** @returns the law that the act broke, or undefined. */
  follow(event: Event): string | undefined;
}

const reasonOf = (exit: RmiRecExit): string =>
  Object.entries(RMI_REC_EXIT_REASON).find(([, value]) => value === exit.exit_reason)?.[0] ?? '';

const exitOn = ({ pages }: Observed, run_ptr: bigint): RmiRecExit =>
  RmiRecExit.decode((pages.get(Number(run_ptr)) ?? new Uint8Array(0x1000)).subarray(REC_EXIT_OFFSET));

const isEmulatable = (access: RealmAccess): access is Exclude<RealmAccess, { access: 'fetch' }> => {
  if (access.access === 'fetch' || access.isv === undefined) return false;
  return [1, 2, 4, 8].includes(access.access === 'write' ? access.bytes.length : access.length);
};

const littleEndian = (bytes: Uint8Array): bigint =>
  bytes.reduce((sum, byte, i) => sum + (BigInt(byte) << BigInt(8 * i)), 0n);

/** X0 to X30 and PC as the Realm has to find them. */
const expectedEntry = (rec: Rec, left: Left, enter: RmiRecEnter) => {
  const gprs = [...rec.gprs];
  let pc = rec.pc;
  let exception: string | undefined;
  switch (left.kind) {
    case 'host call':
      gprs[0] = 0n;
      break;
    case 'standby':
      gprs.fill(0n, 0, 7);
      break;
    case 'ripas change': {
      const unfinished = rec.ripas_addr !== left.top;
      const rejected = left.toRam && unfinished && (enter.flags & FLAG.ripas_response) !== 0n;
      gprs.fill(0n, 0, 17);
      gprs[1] = rec.ripas_addr;
      gprs[2] = rejected ? 1n : 0n;
      break;
    }
    case 'abort': {
      const { access, unprotected } = left;
      if (!unprotected) break;
      if ((enter.flags & FLAG.inject_sea) !== 0n) exception = 'SEA';
      else if ((enter.flags & FLAG.emul_mmio) !== 0n && isEmulatable(access)) {
        pc = BigInt.asUintN(64, pc + 4n);
        if (access.access === 'read' && access.isv !== undefined && access.isv.srt !== 31) {
          const { srt, signExtend, sf } = access.isv;
          const bits = 8 * access.length;
          const value = BigInt.asUintN(bits, enter.gprs[0] ?? 0n);
          const wide = signExtend === true ? BigInt.asUintN(64, BigInt.asIntN(bits, value)) : value;
          gprs[srt] = (sf ?? access.length === 8) ? wide : BigInt.asUintN(32, wide);
        }
      }
      break;
    }
    case 'nothing':
      break;
  }
  return { gprs, pc, exception };
};

/** What the Host is told of an access that it has to help with (rmi 9.4). */
const wrongAbort = (access: RealmAccess, unprotected: boolean, exit: RmiRecExit): string | undefined => {
  const length = access.access === 'write' ? access.bytes.length : access.length;
  const first = access.ipa - (access.ipa % 0x1000n);
  const last = access.ipa + BigInt(length) - 1n;
  const fault = (exit.hpfar >> 4n) << 12n;
  if (fault !== first && fault !== last - (last % 0x1000n)) return `an abort at ${hex(access.ipa)} names ${hex(fault)}`;
  const emulatable = unprotected && isEmulatable(access);
  const offset = fault === first ? access.ipa % 0x1000n : 0n;
  if (exit.far !== (emulatable ? offset : 0n)) return `an abort at ${hex(access.ipa)} has FAR ${hex(exit.far)}`;
  const isWrite = access.access === 'write';
  const value = emulatable && isWrite ? littleEndian(access.bytes) : 0n;
  if (exit.gprs[0] !== value) return `an abort discloses ${hex(exit.gprs[0] ?? 0n)}`;

  const ec = access.access === 'fetch' ? 0x20n : 0x24n;
  let syndrome = ec << 26n;
  if (unprotected && !emulatable && access.access !== 'fetch') syndrome |= 1n << 25n;
  if (emulatable) {
    const sf = access.isv?.sf ?? length === 8;
    const sas = BigInt(Math.log2(length));
    syndrome |= (1n << 24n) | (sas << 22n) | (sf ? 1n << 15n : 0n) | (isWrite ? 1n << 6n : 0n);
  }
  if ((exit.esr & ~0x3fn) !== syndrome) return `an abort has ESR ${hex(exit.esr)}`;
  // Translation faults from level -1 on; permission faults only where the Host chose S2AP.
  const status = exit.esr & 0x3fn;
  const translation = status === 0x2bn || (status >= 0x04n && status <= 0x07n);
  const permission = unprotected && status >= 0x0dn && status <= 0x0fn;
  return translation || permission ? undefined : `an abort has fault status ${hex(status)}`;
};

/** Interrupt controller, timers and PMU: what the Host set comes back, the rest is as scripted (rmi 9.6). */
const wrongDevices = (
  exit: RmiRecExit,
  enter: RmiRecEnter,
  devices: DeviceValues,
  lastLr: number,
): string | undefined => {
  const lrs = (devices.gicv3_lrs ?? enter.gicv3_lrs).map((lr, i) => (i <= lastLr ? lr : 0n));
  const hcr = (enter.gicv3_hcr & 0x40fen) | ((devices.gicv3_hcr ?? 0n) & (0x1fn << 27n));
  const want = { ...devices, gicv3_hcr: hcr, gicv3_lrs: lrs };
  for (const member of [
    'gicv3_hcr',
    'gicv3_lrs',
    'gicv3_misr',
    'gicv3_vmcr',
    'cntp_ctl',
    'cntp_cval',
    'cntv_ctl',
    'cntv_cval',
    'pmu_ovf_status',
  ] as const) {
    const got = exit[member];
    const wanted = want[member] ?? (member === 'pmu_ovf_status' ? 0 : 0n);
    if (String(got) !== String(wanted)) return `an exit says ${member}=${String(got)}, not ${String(wanted)}`;
  }
  return undefined;
};

export const createCrossings = (): Crossings => {
  const left = new Map<number, Left>();
  const taken = new Set<number>();
  const devices = new Map<number, DeviceValues>();
  /** RECs whose last exit could not be seen. */
  const blind = new Set<number>();

  /** What an exit leaves, by the act that ended the run and the reason that the Host was given. */
  const leaves = ({ step, before }: Event, rec: Rec, exit: RmiRecExit): Left => {
    switch (reasonOf(exit)) {
      case 'HOST_CALL':
        return { kind: 'host call' };
      case 'PSCI':
        return exit.gprs[0] === PSCI_CPU_SUSPEND ? { kind: 'standby' } : NOTHING;
      case 'RIPAS_CHANGE':
        return { kind: 'ripas change', top: exit.ripas_top, toRam: exit.ripas_value === 1 };
      case 'SYNC': {
        if (step.act !== 'access') return NOTHING;
        const width = before.realms.get(Number(rec.owner))?.ipa_width ?? 0;
        return {
          kind: 'abort',
          access: step.access,
          unprotected: (exit.hpfar >> 4n) << 12n >= 1n << BigInt(width - 1),
        };
      }
      default:
        return NOTHING;
    }
  };

  const enters = (event: Event): string | undefined => {
    const { step, reply, before, after } = event;
    if (step.act !== 'host' || ((step.x[0] ?? 0n) & ~0x1_0000n) !== REC_ENTER) return undefined;
    if (reply.kind !== 'enter' && !(reply.kind === 'return' && reply.x[0] === 0n)) return undefined;
    const address = Number(step.x[1]);
    const rec = before.recs.get(address);
    const now = after.recs.get(address);
    if (rec === undefined || now === undefined) return 'a REC was entered that is none';
    if (blind.has(address)) {
      // What it leaves is not known until the Realm runs again: then there is nothing left.
      if (reply.kind === 'enter') blind.delete(address);
      left.delete(address);
      taken.delete(address);
      return undefined;
    }
    const enter = RmiRecEnter.decode(before.pages.get(Number(step.x[2])) ?? new Uint8Array());
    const was = left.get(address) ?? NOTHING;
    if (reply.kind === 'return') {
      const exit = exitOn(after, step.x[2] ?? 0n);
      // The structure of a host call may be out of reach: then the Realm has not run, and the call is still open.
      if (reasonOf(exit) === 'SYNC') {
        if (was.kind !== 'host call') return 'a REC left with an abort before it ran';
        return now.gprs.some((x, n) => x !== rec.gprs[n]) ? 'registers changed while a host call was open' : undefined;
      }
    }
    const want = expectedEntry(rec, was, enter);
    left.set(address, NOTHING);
    for (const [n, value] of want.gprs.entries()) {
      if (now.gprs[n] !== value) return `after ${was.kind}, X${n} is ${hex(now.gprs[n] ?? 0n)}, not ${hex(value)}`;
    }
    if (now.pc !== want.pc) return `after ${was.kind}, PC is ${hex(now.pc)}, not ${hex(want.pc)}`;
    if (want.exception !== undefined) taken.add(address);
    if (reply.kind !== 'enter') return undefined;
    const due = taken.delete(address) ? 'SEA' : undefined;
    const { exception } = reply.context;
    return exception === due ? undefined : `after ${was.kind}, the Realm takes ${exception}, not ${due}`;
  };

  const exits = (event: Event): string | undefined => {
    const { step, reply, before, after, platform } = event;
    if (reply.kind !== 'exit' || !('pe' in step)) return undefined;
    const running = before.running[step.pe];
    const rec = running && before.recs.get(Number(running.rec));
    if (running === undefined || rec === undefined) return 'a Realm left a PE that it was not on';
    const address = Number(running.rec);
    // A Host that took the page away meanwhile learns nothing of the exit, and neither does who looks at the page.
    if (reply.x[0] !== 0n) {
      left.delete(address);
      blind.add(address);
      return undefined;
    }
    const exit = exitOn(after, running.run_ptr);
    const next = leaves(event, rec, exit);
    left.set(address, next);
    const wrong = wrongDevices(exit, running.enter, devices.get(address) ?? {}, platform.config.machine.gicv3_num_lrs);
    if (wrong !== undefined) return wrong;
    return next.kind === 'abort' ? wrongAbort(next.access, next.unprotected, exit) : undefined;
  };

  return {
    follow(event) {
      const { step, after } = event;
      for (const known of [left, devices]) for (const rec of known.keys()) if (!after.recs.has(rec)) known.delete(rec);
      for (const known of [taken, blind]) for (const rec of known) if (!after.recs.has(rec)) known.delete(rec);
      if (step.act === 'devices') devices.set(Number(step.rec), step.values);
      return enters(event) ?? exits(event);
    },
  };
};
