/** The format of response scripts (docs/response-script.md). */
export const RESPONSE_SCRIPT_VERSION = 1;

/** What a script may begin with: `RSI` and the version. Without it, it is a bare body of version 1. */
export const MAGIC: readonly number[] = [0x52, 0x53, 0x49];
export const HEADER_SIZE = MAGIC.length + 1;

/** Bytes before the first rule: the size of the token, and how much of it a call brings. */
export const SETTINGS_SIZE = 4;
/** Bytes of one act: its code, how often, its argument. */
export const ACT_SIZE = 4;
/** Bytes of a script that are read. What follows is no part of it. */
export const MAX_SCRIPT_SIZE = 0x1_0000;

/** What a setting of zero means: one granule. */
export const DEFAULT_SIZE = 0x1000;

/** The count byte of a rule that never ends; any other count n stands for n + 1 calls. */
export const FOR_EVER = 0xff;

/** Bits of the code byte. */
export const CODE = {
  /** The act is about RSI_ATTESTATION_TOKEN_INIT; without it, about RSI_ATTESTATION_TOKEN_CONTINUE. */
  init: 0x80,
  /** The act sets a register: the low four bits are its number less 2. */
  register: 0x40,
  /** The next act about the same command belongs to the same call. */
  joined: 0x20,
} as const;

/** Registers that a register act can set. */
export const FIRST_REGISTER = 2;
export const LAST_REGISTER = 17;

/**
 * What the argument of an act is: nothing, a number of 16 bits, or one of 64 bits in the 16-bit form of wide.ts.
 */
export type ArgumentKind = 'none' | 'count' | 'wide';

interface ActKind {
  readonly argument: ArgumentKind;
  /** What the RMM of the script does, in words; `N` stands for the argument. */
  readonly says: string;
}

/** Acts about CONTINUE, in the order of their codes (the low four bits). */
export const CONTINUE_ACTS = {
  wait: { argument: 'none', says: 'INCOMPLETE, and no byte comes' },
  piece: { argument: 'count', says: 'at most N bytes come' },
  status: { argument: 'wide', says: 'X0 is N, and no byte comes' },
  relabel: { argument: 'wide', says: 'bytes come, and X0 is N' },
  length: { argument: 'wide', says: 'X1 is N, whatever came' },
  more: { argument: 'count', says: 'X1 is N more than came' },
  end: { argument: 'none', says: 'SUCCESS, no byte comes, and the operation is over' },
  spoil: { argument: 'count', says: 'one bit of byte N of the piece is the other' },
  repeat: { argument: 'none', says: 'the bytes are those of the piece before' },
  ahead: { argument: 'none', says: 'the bytes are those of the piece after' },
  place: { argument: 'count', says: 'the bytes stand N further on in the granule' },
  unwritten: { argument: 'none', says: 'nothing is written, though X1 says so' },
  stale: { argument: 'none', says: 'the bytes are of the token for the challenge before' },
  restart: { argument: 'none', says: 'somebody else began a token on this REC before the call' },
  drop: { argument: 'none', says: 'the operation is gone: ERROR_STATE' },
  leave: { argument: 'none', says: 'INCOMPLETE, no byte comes, and X1 is what it was' },
} as const satisfies Readonly<Record<string, ActKind>>;

/** Acts about INIT, in the order of their codes (the low three bits). */
export const INIT_ACTS = {
  status: { argument: 'wide', says: 'X0 is N, and no operation begins' },
  relabel: { argument: 'wide', says: 'the operation begins, and X0 is N' },
  bound: { argument: 'wide', says: 'X1, the upper bound, is N' },
  short: { argument: 'count', says: 'the upper bound is N less than the token has' },
  total: { argument: 'count', says: 'the token of this operation and of later ones has N bytes' },
  chunk: { argument: 'count', says: 'a call brings at most N bytes from here on' },
  stale: { argument: 'none', says: 'the token is the one for the challenge before' },
  leave: { argument: 'none', says: 'X1 is what it was, the first word of the challenge' },
} as const satisfies Readonly<Record<string, ActKind>>;

export type ContinueActName = keyof typeof CONTINUE_ACTS;
export type InitActName = keyof typeof INIT_ACTS;
export const CONTINUE_ACT_NAMES = Object.keys(CONTINUE_ACTS) as readonly ContinueActName[];
export const INIT_ACT_NAMES = Object.keys(INIT_ACTS) as readonly InitActName[];

/** Of an act of either command. */
export const argumentKind = (call: RuleCall, name: ActName): ArgumentKind =>
  name === 'register'
    ? 'wide'
    : call === 'INIT'
      ? INIT_ACTS[name as InitActName].argument
      : CONTINUE_ACTS[name as ContinueActName].argument;

export type RuleCall = 'INIT' | 'CONTINUE';
export type ActName = ContinueActName | InitActName | 'register';

/** One thing that the RMM of a script does otherwise than it should. */
export interface Act {
  readonly name: ActName;
  /** Its argument; zero when it takes none. */
  readonly value: bigint;
  /** Which register, of a `register` act: 2 to 17. */
  readonly x?: number;
}

/** What is done, all of it, at each of the next `times` calls of one command. */
export interface Rule {
  readonly call: RuleCall;
  /** 1 to 255, or Infinity. */
  readonly times: number;
  /** At least one. */
  readonly acts: readonly Act[];
}

/** A response script: an RMM that holds a token, and where it departs from what it should answer. */
export interface ResponseScript {
  /** Bytes of the token. */
  readonly total: number;
  /** The most bytes that a call brings. */
  readonly chunk: number;
  /** Rules about INIT and rules about CONTINUE are two queues; each call takes from its own. */
  readonly rules: readonly Rule[];
}
