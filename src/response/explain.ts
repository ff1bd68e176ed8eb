import { decodeRsiStatus } from '../abi/index.ts';
import { hexNumber } from '../bytes/index.ts';
import type { TraceEvent } from '../trace/index.ts';
import type { PlayedCall } from './conversation.ts';
import { commandName, FID } from './fids.ts';
import type { AnswerModel } from './player.ts';
import { ruleText } from './text.ts';

const MODELS: Readonly<Record<AnswerModel, string>> = {
  sound: 'a sound RMM answers so',
  host: 'a hostile Host alone brings this about',
  rmm: 'it takes a broken or hostile RMM',
};

/** One call of a client, and who could have answered so. */
export interface ExplainedCall {
  readonly nth: number;
  readonly command: string;
  /** The arguments that matter, as text. */
  readonly args: string;
  readonly status: string;
  /** X1, as text. */
  readonly x1: string;
  /** The rule that was used, as text. */
  readonly rule: string | undefined;
  readonly model: AnswerModel;
  /** Who could have brought the answer about, and why it is not sound. */
  readonly says: string;
}

const statusText = (x0: bigint): string => decodeRsiStatus(x0) ?? `${hexNumber(x0)}, which is no RSI status`;

/** Explains calls one by one; `first` is the number of the first of them. */
export const explainCalls = (calls: readonly PlayedCall[], first = 1): readonly ExplainedCall[] =>
  calls.map(({ given, answer }, i) => {
    const fid = given[0] ?? 0n;
    const isContinue = fid === FID.CONTINUE;
    const { written, model, why, rule } = answer;
    const brought =
      written === undefined ? '' : `; ${written.length} bytes from ${written.position} on at ${hexNumber(written.ipa)}`;
    return {
      nth: first + i,
      command: commandName(fid) ?? hexNumber(fid),
      args: isContinue ? `addr ${hexNumber(given[1] ?? 0n)} offset ${given[2] ?? 0n} size ${given[3] ?? 0n}` : '',
      status: statusText(answer.x[0] ?? 0n),
      x1: (answer.x[1] ?? 0n) < 0x1_0000n ? `${answer.x[1]}` : hexNumber(answer.x[1] ?? 0n),
      rule: rule && ruleText(rule),
      model,
      says: `${MODELS[model]}${why === '' ? '' : `: ${why}`}${brought}`,
    };
  });

/** The calls as events of a trace: what was asked, the rule that acted, what was answered. */
export const conversationEvents = (calls: readonly PlayedCall[], first = 1): readonly TraceEvent[] =>
  calls.flatMap(({ given, answer }, i): TraceEvent[] => [
    { type: 'smc.call', caller: 'realm', pe: 0, x: given },
    ...(answer.rule === undefined
      ? []
      : [{ type: 'fault' as const, at: `response.${answer.model}`, nth: first + i, act: ruleText(answer.rule) }]),
    { type: 'smc.return', caller: 'realm', pe: 0, x: answer.x },
  ]);
