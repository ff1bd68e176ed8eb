import { type Selection, unknownIds } from '../../corpus/index.ts';
import { badCommandLine } from '../exit.ts';

/** What options select. @throws {UsageError} COMMAND_LINE, for a mutation that there is not. */
export const selectionFrom = ({
  only,
  random,
  count,
}: {
  readonly only: readonly string[];
  readonly random: number | undefined;
  readonly count: number | undefined;
}): Selection => {
  const [unknown] = unknownIds(only);
  if (unknown !== undefined) throw badCommandLine(`--only: there is no mutation ${unknown} in the catalogue`);
  return {
    ...(only.length === 0 ? {} : { only }),
    ...(random === undefined ? {} : { random }),
    ...(count === undefined ? {} : { count }),
  };
};
