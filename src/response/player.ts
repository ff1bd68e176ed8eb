import { encodeRsiStatus, FID_SVE_HINT, GRANULE, SMC_REGISTERS, SMCCC_NOT_SUPPORTED } from '../abi/index.ts';
import { equalBytes, fromDoublewords } from '../bytes/index.ts';
import type { Registers } from '../trace/index.ts';
import { FID } from './fids.ts';
import type { Act, ResponseScript, Rule, RuleCall } from './format.ts';
import { type ContinuePlan, continuePlan, initPlan } from './plan.ts';
import { CHALLENGE_SIZE, tokenBytes } from './token.ts';

const INTERFACE_REVISION = 0x1_0000n;
const PAGE = Number(GRANULE);

const SUCCESS = encodeRsiStatus('RSI_SUCCESS');
const ERROR_INPUT = encodeRsiStatus('RSI_ERROR_INPUT');
const ERROR_STATE = encodeRsiStatus('RSI_ERROR_STATE');
const INCOMPLETE = encodeRsiStatus('RSI_INCOMPLETE');

/** An upper bound that a sound RMM may give, whatever its token: sixteen granules. */
const LARGEST_SOUND_BOUND = 0x1_0000n;

/**
 * Who could bring an answer about. `sound`: an RMM that keeps to its specification, on its own. `host`: such an RMM under a
 * hostile Host. `rmm`: only an RMM, an EL3 or a HES that is broken or hostile.
 */
export type AnswerModel = 'sound' | 'host' | 'rmm';

/** What one call of a guest came to. */
export interface Answer {
  /** X0 to X17. */
  readonly x: Registers;
  /** The rule that was used, if the call used one. */
  readonly rule: Rule | undefined;
  readonly model: AnswerModel;
  /** Why it is not sound, in words; empty when it is. */
  readonly why: string;
  /** What was written into memory: where, and the bytes of the token from `position` on. */
  readonly written?: { readonly ipa: bigint; readonly length: number; readonly position: number };
}

/** Pages of the guest, which the RMM writes into. */
export interface PlayerMemory {
  readonly base: bigint;
  /** A multiple of a granule. */
  readonly size: number;
}

export const DEFAULT_MEMORY: PlayerMemory = { base: 0x8000_0000n, size: 2 * PAGE };

/** How a conversation stands: what a judgement of its client needs to know. */
export interface PlayerStatus {
  readonly calls: number;
  /** Answers that only a broken or hostile RMM gives. */
  readonly departures: number;
  /** The most answers in a row, since the last INIT, that were INCOMPLETE and brought nothing. */
  readonly waits: number;
  /** Whether an answer since the last INIT said that more came than there was room for. */
  readonly overlong: boolean;
  /** X1 of the last INIT. */
  readonly bound: bigint;
  /** X0 of the last call of INIT or CONTINUE. */
  readonly lastStatus: bigint;
  /** Whether the last byte of the token has come. */
  readonly complete: boolean;
  /** Bytes of the token of the last INIT. */
  readonly total: number;
  /** The challenge of the last INIT. */
  readonly challenge: Uint8Array;
}

/** An RMM that answers as a script says. Any script, any calls: it never throws. */
export interface Player {
  /** Carries out an SMC: registers that are not given are zero. */
  call(x: Registers): Answer;
  /** The guest reads its memory. @returns undefined when part of it is outside. */
  read(ipa: bigint, length: number): Uint8Array | undefined;
  /** The guest writes its memory. @returns whether all of it is inside. */
  write(ipa: bigint, bytes: Uint8Array): boolean;
  readonly status: PlayerStatus;
}

/** The rules about one command: each call takes the next. */
const createQueue = (rules: readonly Rule[]): (() => Rule | undefined) => {
  let at = 0;
  let used = 0;
  return () => {
    const rule = rules[at];
    if (rule === undefined) return undefined;
    used += 1;
    if (used >= rule.times) {
      at += 1;
      used = 0;
    }
    return rule;
  };
};

/** Carries out register acts. A register that has the value already does not change. */
const setRegisters = (x: bigint[], acts: readonly Act[]): readonly string[] =>
  acts.flatMap(({ name, value, x: register }) => {
    if (name !== 'register' || register === undefined || x[register] === value) return [];
    x[register] = value;
    return [`X${register} changed`];
  });

type Outcome = Omit<Answer, 'x'>;
const departure = (rule: Rule | undefined, reasons: readonly string[]): Outcome => ({
  rule,
  model: reasons.length === 0 ? 'sound' : 'rmm',
  why: reasons.join('; '),
});

const NO_CHALLENGE = new Uint8Array(CHALLENGE_SIZE);

export const createPlayer = (script: ResponseScript, memory: PlayerMemory = DEFAULT_MEMORY): Player => {
  const about = (call: RuleCall) => createQueue(script.rules.filter((rule) => rule.call === call));
  const next = { INIT: about('INIT'), CONTINUE: about('CONTINUE') };
  const pages = new Uint8Array(memory.size);

  let { total, chunk } = script;
  let active = false;
  let copied = 0;
  /** Length of the piece before. */
  let last = 0;
  /** The challenges of the guest, of the token that is under way, and of the one before. */
  let asked: Uint8Array = NO_CHALLENGE;
  let carried = asked;
  let before = asked;

  let calls = 0;
  let departures = 0;
  let waits = 0;
  let waitsInARow = 0;
  let overlong = false;
  let bound = 0n;
  let lastStatus = 0n;
  let complete = false;

  const inside = (ipa: bigint, length: number): boolean =>
    ipa >= memory.base && ipa + BigInt(length) <= memory.base + BigInt(memory.size);
  const place = (ipa: bigint): number => Number(ipa - memory.base);

  const init = (x: bigint[]): Outcome => {
    const rule = next.INIT();
    const acts = rule?.acts ?? [];
    const plan = initPlan(acts);
    before = asked;
    asked = fromDoublewords(x, 1, CHALLENGE_SIZE / 8);
    carried = plan.stale ? before : asked;
    active = !plan.fails;
    complete = overlong = false;
    copied = last = waits = waitsInARow = 0;
    total = plan.total ?? total;
    chunk = plan.chunk ?? chunk;

    const sound = ((BigInt(total) + GRANULE - 1n) / GRANULE) * GRANULE || GRANULE;
    const firstWord = x[1] ?? 0n;
    const planned = plan.bound ?? sound;
    bound =
      planned === 'left'
        ? firstWord
        : typeof planned === 'bigint'
          ? planned
          : BigInt(Math.max(0, total - planned.less));
    const status = plan.status ?? SUCCESS;
    x[0] = status;
    x[1] = bound;

    const reasons: string[] = [];
    if (plan.stale && !equalBytes(before, asked)) reasons.push('the token is for another challenge');
    if (status !== SUCCESS) reasons.push('INIT cannot fail');
    else if (!active) reasons.push('no token is under way, though INIT succeeded');
    else if (total === 0) reasons.push('no token is empty');
    else if (bound < BigInt(total)) reasons.push('the upper bound is less than the token has');
    else if (bound > LARGEST_SOUND_BOUND) reasons.push('no token is as long as the upper bound');
    return departure(rule, [...reasons, ...setRegisters(x, acts)]);
  };

  /** Writes a piece. @returns what was written, and what is wrong with it. */
  const deliver = (ipa: bigint, offset: number, length: number, plan: ContinuePlan) => {
    const challenge = plan.stale ? before : carried;
    const position = copied + (plan.from === 'before' ? -last : plan.from === 'after' ? length : 0);
    if (plan.unwritten) return { written: undefined, reasons: ['nothing was written'] };
    const at = (offset + (plan.place ?? 0)) % PAGE;
    const kept = Math.min(length, PAGE - at);
    const bytes = tokenBytes(challenge, position, length);
    const spoiled = plan.spoiled === undefined ? undefined : plan.spoiled % length;
    if (spoiled !== undefined) bytes[spoiled] = (bytes[spoiled] ?? 0) ^ 1;
    pages.set(bytes.subarray(0, kept), place(ipa) + at);
    const reasons = [
      ...(position === copied ? [] : ['the bytes are of another piece']),
      ...(plan.place ? ['the bytes stand at another place'] : []),
      ...(spoiled === undefined ? [] : ['a bit is the other']),
      ...(position < CHALLENGE_SIZE && !equalBytes(challenge, asked) ? ['the token is for another challenge'] : []),
    ];
    return { written: { ipa: ipa + BigInt(at), length: kept, position }, reasons };
  };

  const proceed = (x: bigint[], rule: Rule | undefined): Outcome => {
    const [, ipa = 0n, offset = 0n, size = 0n] = x;
    const acts = rule?.acts ?? [];
    const plan = continuePlan(acts);
    const reasons: string[] = [];
    if (plan.restarts) {
      reasons.push('the operation began anew between two calls');
      carried = carried.map((byte) => ~byte);
      copied = last = 0;
    }
    if (plan.drops) {
      reasons.push('the operation is gone');
      active = false;
    }

    const length = plan.holds ? 0 : Math.min(Number(size), plan.limit ?? chunk, total - copied);
    const piece = length === 0 ? undefined : deliver(ipa, Number(offset), length, plan);
    reasons.push(...(piece?.reasons ?? []));
    copied += length;
    if (length > 0) last = length;
    // A call that has room for nothing ends nothing.
    const done = !plan.holds && copied >= total && size > 0n;
    const soundStatus = active ? (done ? SUCCESS : INCOMPLETE) : ERROR_STATE;
    complete ||= done;
    if (plan.ends) reasons.push('the operation is over before the token is');
    if (done || plan.ends) active = false;

    const status = plan.status ?? soundStatus;
    const came = BigInt(length);
    const reported = plan.length ?? came;
    x[0] = status;
    x[1] = BigInt.asUintN(
      64,
      reported === 'left' ? ipa : typeof reported === 'bigint' ? reported : came + reported.more,
    );
    overlong ||= x[1] > size;
    if (status !== soundStatus) reasons.push('X0 is not what came of the call');
    if (x[1] !== came) reasons.push('X1 is not what came');
    reasons.push(...setRegisters(x, acts));

    const waited = status === INCOMPLETE && length === 0;
    waitsInARow = waited ? waitsInARow + 1 : 0;
    waits = Math.max(waits, waitsInARow);
    const written = piece?.written === undefined ? {} : { written: piece.written };
    if (reasons.length > 0 || !waited || size === 0n) return { ...departure(rule, reasons), ...written };
    return { rule, model: 'host', why: 'an interrupt came before a byte did' };
  };

  const goOn = (x: bigint[]): Outcome => {
    const [, ipa = 0n, offset = 0n, size = 0n] = x;
    const fits = ipa % GRANULE === 0n && inside(ipa, PAGE) && offset < GRANULE && size <= GRANULE - offset;
    if (fits && active) return proceed(x, next.CONTINUE());
    // What a sound RMM refuses is refused, and uses no rule.
    x[0] = fits ? ERROR_STATE : ERROR_INPUT;
    x[1] = 0n;
    return departure(undefined, []);
  };

  const perform = (x: bigint[]): Outcome => {
    const fid = (x[0] ?? 0n) & ~FID_SVE_HINT;
    if (fid === FID.INIT || fid === FID.CONTINUE) {
      const outcome = fid === FID.INIT ? init(x) : goOn(x);
      lastStatus = x[0] ?? 0n;
      return outcome;
    }
    x[0] = fid === FID.VERSION || fid === FID.FEATURES ? SUCCESS : SMCCC_NOT_SUPPORTED;
    if (fid === FID.VERSION) x[1] = x[2] = INTERFACE_REVISION;
    else if (fid === FID.FEATURES) x[1] = 0n;
    return departure(undefined, []);
  };

  return {
    call(given) {
      const x: bigint[] = [];
      for (let n = 0; n < SMC_REGISTERS; n += 1) x.push(BigInt.asUintN(64, given[n] ?? 0n));
      calls += 1;
      const outcome = perform(x);
      if (outcome.model === 'rmm') departures += 1;
      return { x, ...outcome };
    },
    read: (ipa, length) =>
      length >= 0 && inside(ipa, length) ? pages.slice(place(ipa), place(ipa) + length) : undefined,
    write(ipa, bytes) {
      if (!inside(ipa, bytes.length)) return false;
      pages.set(bytes, place(ipa));
      return true;
    },
    get status() {
      return { calls, departures, waits, overlong, bound, lastStatus, complete, total, challenge: asked };
    },
  };
};
