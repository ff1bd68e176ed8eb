import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../support/bombs.mjs', import.meta.url));

interface Outcome {
  /** Time of the processor by reader, which does not count what other programs of the machine do meanwhile. */
  readonly ms: Readonly<Record<string, number>>;
  readonly inputMiB: number;
  readonly peakMiB: number;
}

const run = (...args: readonly string[]): unknown =>
  JSON.parse(execFileSync(process.execPath, [SCRIPT, ...args], { encoding: 'utf8' }));

const { bombs, idleMiB } = run() as { readonly bombs: readonly string[]; readonly idleMiB: number };

const LIMIT_MS = 100;
/** Above a process that does nothing, and besides the input itself, for all readers one after the other. */
const LIMIT_MIB = 64;

test.each(bombs)('every reader refuses in 100 ms and 64 MiB: %s', (bomb) => {
  const { ms, inputMiB, peakMiB } = run(bomb) as Outcome;
  for (const [reader, each] of Object.entries(ms)) expect(each, reader).toBeLessThan(LIMIT_MS);
  expect(peakMiB - inputMiB - idleMiB).toBeLessThan(LIMIT_MIB);
});
