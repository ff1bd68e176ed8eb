import { encodeRsiStatus } from '../abi/index.ts';
import { equalBytes } from '../bytes/index.ts';
import type { ClientEnd } from './conversation.ts';
import type { PlayerStatus } from './player.ts';
import { tokenBytes } from './token.ts';

/** What can be wrong with a client. */
export const FINDINGS = {
  crash: 'the client crashed',
  endless: 'the client never stops asking',
  'gave-up': 'the client gives up though every answer is one that a sound RMM gives',
  'wrong-token': 'every answer is sound, and what the client has is not the token',
  'refused-token': 'the client has a token though the last answer was no SUCCESS',
  'trusted-length': 'the client has a token though the RMM said that more came than there was room for',
  'over-bound': 'the client has more bytes than the upper bound allows',
} as const;
export type FindingName = keyof typeof FINDINGS;

/**
 * Whose fault it takes to get there. `host`: every answer is one that a sound RMM gives, if a hostile Host interrupts; for the
 * client that is a security bug. `rmm`: some answer takes a broken or hostile RMM; that is a robustness bug.
 */
export type FaultModel = 'host' | 'rmm';

export interface Finding {
  readonly finding: FindingName;
  readonly says: string;
  readonly model: FaultModel;
}

export interface Expectations {
  /** The most bytes that the client has room for; it may give up where the upper bound is larger. */
  readonly room?: number;
  /** Answers in a row that bring nothing, after which the client may give up. */
  readonly patience?: number;
}

const ROOM = 0x1_0000;
const PATIENCE = 16;
const SUCCESS = encodeRsiStatus('RSI_SUCCESS');

/** What a client was told, by whomever: what a judgement of it needs to know. */
export interface Told extends Pick<PlayerStatus, 'departures' | 'waits' | 'overlong' | 'bound' | 'lastStatus'> {
  /** Whether these bytes are the token of the last INIT, which came whole. */
  isToken(bytes: Uint8Array): boolean;
}

/** Judges how a client of a response script ended. @returns undefined when nothing is wrong. */
export const judgeClient = (end: ClientEnd, status: PlayerStatus, expected?: Expectations): Finding | undefined => {
  const { complete, challenge, total } = status;
  const isToken = (bytes: Uint8Array): boolean => complete && equalBytes(bytes, tokenBytes(challenge, 0, total));
  return judgeTold(end, { ...status, isToken }, expected);
};

/** Judges how a client ended by what it was told. @returns undefined when nothing is wrong. */
export const judgeTold = (
  end: ClientEnd,
  told: Told,
  { room = ROOM, patience = PATIENCE }: Expectations = {},
): Finding | undefined => {
  const sound = told.departures === 0;
  const found = (finding: FindingName): Finding => ({
    finding,
    says: FINDINGS[finding],
    model: sound ? 'host' : 'rmm',
  });
  switch (end.kind) {
    case 'crashed':
      return found('crash');
    case 'endless':
      return found('endless');
    case 'gave-up':
      return sound && told.bound <= BigInt(room) && told.waits < patience ? found('gave-up') : undefined;
    case 'token': {
      const { token } = end;
      if (BigInt(token.length) > told.bound) return found('over-bound');
      if (told.lastStatus !== SUCCESS) return found('refused-token');
      if (told.overlong) return found('trusted-length');
      return sound && !told.isToken(token) ? found('wrong-token') : undefined;
    }
  }
};
