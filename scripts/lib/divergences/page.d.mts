import type * as personality from '../../../src/personality/index.ts';

export declare const divergencesPage: (
  room: Pick<typeof personality, 'PERSONALITIES' | 'SWITCHES' | 'STACKS' | 'RSI_BEHAVIOURS'>,
) => string;
