import { gptAllows } from '../../machine/index.ts';
import type { PendingAbort } from '../model/rec.ts';
import type { RmmState } from '../model/state.ts';
import { translate } from './access.ts';
import { ESR_IL, ESR_ISV, ESR_SF, ESR_WNR, esr, esrSize, faultAt, hpfarOf } from './esr.ts';
import { type Exit, stage2Fault } from './exit.ts';

/** A load, store or fetch by the software of a Realm. Data accesses are as one instruction makes them. */
export type RealmAccess =
  | {
      readonly access: 'read';
      readonly ipa: bigint;
      readonly length: number;
      /** How the instruction is decoded, where the syndrome says so: what the Host needs to emulate it. */
      readonly isv?: { readonly srt: number; readonly signExtend?: boolean; readonly sf?: boolean };
    }
  | {
      readonly access: 'write';
      readonly ipa: bigint;
      readonly bytes: Uint8Array;
      readonly isv?: { readonly srt: number; readonly sf?: boolean };
    }
  | { readonly access: 'fetch'; readonly ipa: bigint; readonly length: number };

/** What an access comes to: done, an exception taken to the Realm's EL1, or an exit. */
export type AccessResult =
  | { readonly kind: 'done'; readonly bytes?: Uint8Array }
  | { readonly kind: 'exception'; readonly exception: 'SEA' | 'ADDRESS_SIZE' }
  | { readonly kind: 'exit'; readonly exit: Exit };

const PAGE = 0x1000n;

/** The pieces of an access, none of which crosses a granule. */
function* pieces(ipa: bigint, length: number): Generator<readonly [at: bigint, offset: number, size: number]> {
  for (let done = 0; done < length; ) {
    const at = ipa + BigInt(done);
    const size = Math.min(Number(PAGE - (at % PAGE)), length - done);
    yield [at, done, size];
    done += size;
  }
}

/**
 * Carries out an access through stage 2 of the Realm whose REC runs (RMM 1.0 A4.4, A5.2). Nothing is written unless all
 * of it can be.
 */
export const accessRealmMemory = (state: RmmState, rec: bigint, request: RealmAccess): AccessResult => {
  const { owner } = state.rec(rec);
  const length = request.access === 'write' ? request.bytes.length : request.length;
  const targets: { pa: bigint; offset: number; size: number }[] = [];
  for (const [ipa, offset, size] of pieces(request.ipa, length)) {
    const at = translate(state, owner, ipa);
    const refused = refusal(state, rec, request, ipa, at);
    if (refused !== undefined) return refused;
    if (at.kind === 'DATA' || at.kind === 'NS') targets.push({ pa: at.pa, offset, size });
  }
  if (request.access === 'write') {
    for (const { pa, offset, size } of targets) state.write(pa, request.bytes.subarray(offset, offset + size));
    return { kind: 'done' };
  }
  const bytes = new Uint8Array(length);
  for (const { pa, offset, size } of targets) bytes.set(state.memory.read(pa, size), offset);
  return { kind: 'done', bytes };
};

const SEA: AccessResult = { kind: 'exception', exception: 'SEA' };

const refusal = (
  state: RmmState,
  rec: bigint,
  request: RealmAccess,
  ipa: bigint,
  at: ReturnType<typeof translate>,
): AccessResult | undefined => {
  const fetches = request.access === 'fetch';
  switch (at.kind) {
    case 'OUTSIDE':
      return { kind: 'exception', exception: state.impDef.outsideIpaSpace };
    case 'EMPTY':
      return SEA;
    case 'FAULT':
      if (fetches) return { kind: 'exit', exit: instructionAbort(ipa, at.level) };
      if (state.impDef.emulationAt === 'anywhere') state.updateRec(rec, { abort: abortOf(request, false) });
      return { kind: 'exit', exit: stage2Fault(ipa, at.level) };
    case 'NS_FAULT':
      return fetches
        ? SEA
        : { kind: 'exit', exit: unprotectedAbort(state, rec, request, ipa, 'TRANSLATION', at.level) };
    case 'NS': {
      if (fetches) return SEA;
      const permitted = request.access === 'write' ? at.write : at.read;
      if (!permitted) {
        return { kind: 'exit', exit: unprotectedAbort(state, rec, request, ipa, 'PERMISSION', at.level) };
      }
      // Memory that the Host gave away meanwhile: the granule protection check fails, and the Realm is told.
      return gptAllows(state.gpt(at.pa), 'NS') ? undefined : SEA;
    }
    case 'DATA':
      return undefined;
  }
};

const instructionAbort = (ipa: bigint, level: number): Exit => ({
  exit_reason: 'SYNC',
  esr: esr('INSTRUCTION_ABORT', faultAt('TRANSLATION', level)),
  hpfar: hpfarOf(ipa),
});

/** A data abort at an Unprotected IPA: the Host may map the page, emulate the access, or inject an SEA. */
const unprotectedAbort = (
  state: RmmState,
  rec: bigint,
  request: Exclude<RealmAccess, { access: 'fetch' }>,
  ipa: bigint,
  fault: 'TRANSLATION' | 'PERMISSION',
  level: number,
): Exit => {
  const abort = abortOf(request, true);
  const { emulatable, write, size, sf } = abort;
  state.updateRec(rec, { abort });
  const fsc = faultAt(fault, level);
  if (!emulatable) {
    if (state.impDef.unprotectedAbort === 'sanitised') {
      return { exit_reason: 'SYNC', esr: esr('DATA_ABORT', ESR_IL | fsc), hpfar: hpfarOf(ipa) };
    }
    // The syndrome names no register and no size: what is disclosed of a write is the low byte of X0.
    const gprs = write ? [(state.rec(rec).gprs[0] ?? 0n) & 0xffn] : [];
    const iss = (write ? ESR_WNR : 0n) | fsc;
    return { exit_reason: 'SYNC', esr: esr('DATA_ABORT', iss), far: ipa & 0xfffn, hpfar: hpfarOf(ipa), gprs };
  }
  const iss = ESR_ISV | esrSize(size) | (sf ? ESR_SF : 0n) | (write ? ESR_WNR : 0n) | fsc;
  return {
    exit_reason: 'SYNC',
    esr: esr('DATA_ABORT', iss),
    far: ipa & 0xfffn,
    hpfar: hpfarOf(ipa),
    gprs: request.access === 'write' ? [littleEndian(request.bytes)] : [],
  };
};

/** What the next entry has to know of an abort. */
const abortOf = (request: Exclude<RealmAccess, { access: 'fetch' }>, unprotected: boolean): PendingAbort => {
  const write = request.access === 'write';
  const size = write ? request.bytes.length : request.length;
  const { isv } = request;
  return {
    unprotected,
    emulatable: isv !== undefined && [1, 2, 4, 8].includes(size),
    write,
    srt: isv?.srt ?? 31,
    size,
    signExtend: !write && request.isv?.signExtend === true,
    sf: isv?.sf ?? size === 8,
  };
};

const littleEndian = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
