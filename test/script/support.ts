import { nodeCrypto } from '../../src/crypto/node.ts';
import { parseScript, type RunOptions, runScript, type ScriptRun } from '../../src/script/index.ts';
import { SMALL_FIRMWARE } from '../support/machine.ts';

/** A machine whose every command is held against its own success conditions and footprint. */
export const options: RunOptions = {
  base: {
    crypto: nodeCrypto,
    firmware: SMALL_FIRMWARE,
    onViolation: (violation) => {
      throw new Error(violation);
    },
  },
};

export const parse = (source: string) => parseScript(source);

/** Runs a script that has no problems. */
export const run = (source: string, more: Partial<RunOptions> = {}): ScriptRun => {
  const script = parse(source);
  if (script.problems.length > 0) throw new Error(JSON.stringify(script.problems));
  const [only] = runScript(script, { ...options, ...more });
  if (only === undefined) throw new Error('nothing ran');
  return only;
};
