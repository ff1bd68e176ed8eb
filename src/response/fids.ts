import { Bug } from '../bytes/index.ts';
import { RMM_1_0 } from '../rmm/index.ts';

const fidOf = (name: string): bigint => {
  const command = RMM_1_0.rsi.find((each) => each.name === name);
  if (command === undefined) throw new Bug(`there is no ${name}`);
  return BigInt(command.fid);
};

/** The commands that the RMM of a script knows. */
export const FID = {
  VERSION: fidOf('RSI_VERSION'),
  FEATURES: fidOf('RSI_FEATURES'),
  INIT: fidOf('RSI_ATTESTATION_TOKEN_INIT'),
  CONTINUE: fidOf('RSI_ATTESTATION_TOKEN_CONTINUE'),
} as const;

/** @returns the name of any RSI command, or undefined. */
export const commandName = (fid: bigint): string | undefined =>
  RMM_1_0.rsi.find((each) => BigInt(each.fid) === fid)?.name;
