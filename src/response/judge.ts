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

/** Judges how a client ended by what it was told. @returns undefined when nothing is wrong. */
export const judgeClient = (
  end: ClientEnd,
  status: PlayerStatus,
  { room = ROOM, patience = PATIENCE }: Expectations = {},
): Finding | undefined => {
  const sound = status.departures === 0;
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
      return sound && status.bound <= BigInt(room) && status.waits < patience ? found('gave-up') : undefined;
    case 'token': {
      const { token } = end;
      if (BigInt(token.length) > status.bound) return found('over-bound');
      if (status.lastStatus !== SUCCESS) return found('refused-token');
      if (status.overlong) return found('trusted-length');
      const right = status.complete && equalBytes(token, tokenBytes(status.challenge, 0, status.total));
      return sound && !right ? found('wrong-token') : undefined;
    }
  }
};
