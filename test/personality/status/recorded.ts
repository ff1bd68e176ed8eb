import { readFileSync } from 'node:fs';
import type { Bench, Exit, Regs } from './bench.ts';

/** Registers, in which null is one that was not written, or members of RmiRecExit. */
export type Expected = readonly (string | null)[] | Readonly<Record<string, string | readonly string[]>>;
export type Recorded = readonly [n: number, command: string, status: string, x: Expected];

interface File {
  readonly rows: readonly Recorded[];
  readonly effects: readonly (readonly [n: number, observed: unknown])[];
}

export const recorded: File = JSON.parse(
  readFileSync(new URL('../../vectors/tf-rmm-status.json', import.meta.url), 'utf8'),
);

const hex = (value: bigint | number | undefined): string => (value ?? 0n).toString(16);

/** What a bench has seen, in the words of the recording and as far as that goes. */
export const seenAs = (expected: Expected, outcome: Regs | Exit): Expected => {
  if (Array.isArray(expected)) {
    if (!Array.isArray(outcome)) return seenAs({ reason: '' }, outcome);
    // The reference RMM leaves X0 to X3 zero where a command has nothing to say.
    return expected.map((value, n) => (value === null && (n > 3 || outcome[n] === 0n) ? null : hex(outcome[n])));
  }
  if (Array.isArray(outcome)) return outcome.slice(0, 5).map(hex);
  const exit = outcome as Exit;
  return Object.fromEntries(
    Object.keys(expected).map((key) => {
      const value = exit[key as keyof Exit];
      return [key, Array.isArray(value) ? value.map((each) => `0x${hex(each)}`) : `0x${hex(value as bigint)}`];
    }),
  );
};

/** The recording, with granules of the bench in place of their names. */
export const placed = (b: Bench, expected: Expected): Expected =>
  Array.isArray(expected)
    ? expected.map((value) => (typeof value === 'string' && value.startsWith('@') ? hex(b.pa(value.slice(1))) : value))
    : expected;
