import type { Ripas } from '../../abi/index.ts';
import { type Attestation, NO_ATTESTATION } from './attestation.ts';
import type { ImpDef } from './config.ts';
import type { RecState } from './rec-state.ts';
import { replaced } from './replaced.ts';

/** A data abort that the Host may emulate or, at an Unprotected IPA, answer with an SEA. */
export interface PendingAbort {
  readonly unprotected: boolean;
  readonly emulatable: boolean;
  readonly write: boolean;
  /** Target register of an emulatable read; 31 discards. */
  readonly srt: number;
  /** Access size in bytes: 1, 2, 4 or 8. */
  readonly size: number;
  readonly signExtend: boolean;
  /** Whether the target register is 64 bits wide. */
  readonly sf: boolean;
}

/** An exception that the RMM takes to the Realm's EL1 at its next instruction. */
export type RealmException = 'SEA' | 'UNDEFINED' | 'ADDRESS_SIZE';

/** RmmRec: what a REC granule holds (RMM 1.0 C1.19). Immutable: a change replaces the record. */
export interface Rec {
  readonly owner: bigint;
  readonly mpidr: bigint;
  readonly aux: readonly bigint[];
  readonly state: RecState;
  readonly runnable: boolean;
  /** X0 to X30. */
  readonly gprs: readonly bigint[];
  readonly pc: bigint;
  readonly attest: Attestation;
  /** Set by the exit that the next entry may complete. */
  readonly abort: PendingAbort | undefined;
  readonly psci_pending: boolean;
  /** IPA of the RsiHostCall whose answer is awaited. */
  readonly host_call_pending: bigint | undefined;
  readonly ripas_addr: bigint;
  readonly ripas_top: bigint;
  readonly ripas_value: Ripas;
  readonly ripas_destroyed: boolean;
  /** What the next entry has to finish: a RIPAS change or a standby that was forwarded to the Host. */
  readonly completes: 'NOTHING' | 'RIPAS_CHANGE' | 'PSCI_STANDBY';
  /** Taken when the REC runs next. */
  readonly exception: RealmException | undefined;
}

/** A REC with some members replaced. */
export const changedRec = (rec: Rec, change: Partial<Rec>): Rec => {
  // Member by member: V8 gives each spread of a record a shape of its own, and in a chain of them looks up every name.
  const next: { -readonly [K in keyof Rec]: Rec[K] } = {
    owner: rec.owner,
    mpidr: rec.mpidr,
    aux: rec.aux,
    state: rec.state,
    runnable: rec.runnable,
    gprs: rec.gprs,
    pc: rec.pc,
    attest: rec.attest,
    abort: rec.abort,
    psci_pending: rec.psci_pending,
    host_call_pending: rec.host_call_pending,
    ripas_addr: rec.ripas_addr,
    ripas_top: rec.ripas_top,
    ripas_value: rec.ripas_value,
    ripas_destroyed: rec.ripas_destroyed,
    completes: rec.completes,
    exception: rec.exception,
  };
  return replaced(next, change);
};

/**
 * General-purpose registers with the result of a PSCI call. X0 to X6 hold results, of which PSCI has one: the others are
 * zero, as far as the RMM clears what a command does not define (RMM 1.0 A4.2.2).
 */
export const withPsciResult = (
  gprs: readonly bigint[],
  result: bigint,
  unlisted: ImpDef['unlistedOutputs'],
): readonly bigint[] => {
  const kept = unlisted === 'zero' ? 7 : 4;
  return gprs.map((value, n) => (n === 0 ? result : n < kept ? 0n : value));
};

/** A REC as REC_CREATE makes it (RMM 1.0 B4.3.12.3). */
export const newRec = (
  given: Pick<Rec, 'owner' | 'mpidr' | 'aux' | 'runnable' | 'pc'> & { readonly params: readonly bigint[] },
): Rec => ({
  owner: given.owner,
  mpidr: given.mpidr,
  aux: given.aux,
  state: 'REC_READY',
  runnable: given.runnable,
  gprs: Array.from({ length: 31 }, (_, i) => given.params[i] ?? 0n),
  pc: given.pc,
  attest: NO_ATTESTATION,
  abort: undefined,
  psci_pending: false,
  host_call_pending: undefined,
  ripas_addr: 0n,
  ripas_top: 0n,
  ripas_value: 'EMPTY',
  ripas_destroyed: false,
  completes: 'NOTHING',
  exception: undefined,
});
