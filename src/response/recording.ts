import { GRANULE, SMC_REGISTERS } from '../abi/index.ts';
import { equalBytes, toDoublewords, utf8 } from '../bytes/index.ts';
import type { Registers } from '../trace/index.ts';
import type { PlayedCall } from './conversation.ts';
import { FID } from './fids.ts';
import type { ResponseScript } from './format.ts';
import { createPlayer, type PlayerMemory } from './player.ts';

/** What a recording of the C client begins with (src/clients/c/swcca.h). */
const MAGIC = utf8('SWCCARC1');
const FRAME_SIZE = 8 * SMC_REGISTERS;

/** A call that somebody recorded: X0 to X17 before and after. */
export interface RecordedCall {
  readonly given: Registers;
  readonly x: Registers;
}

export const isRecording = (bytes: Uint8Array): boolean => equalBytes(bytes.subarray(0, MAGIC.length), MAGIC);

/** Reads a recording. What a process that died left unfinished at the end is no call. */
export const decodeRecording = (bytes: Uint8Array): readonly RecordedCall[] => {
  const frame = (at: number): Registers => toDoublewords(bytes.subarray(at, at + FRAME_SIZE));
  const count = Math.floor((bytes.length - MAGIC.length) / (2 * FRAME_SIZE));
  return Array.from({ length: count }, (_, n) => {
    const at = MAGIC.length + 2 * FRAME_SIZE * n;
    return { given: frame(at), x: frame(at + FRAME_SIZE) };
  });
};

/** The memory that recorded calls name: from the lowest granule that a CONTINUE names to the highest. */
export const recordedMemory = (calls: readonly RecordedCall[]): PlayerMemory | undefined => {
  const pages = calls.flatMap(({ given }) => (given[0] === FID.CONTINUE ? [(given[1] ?? 0n) & ~(GRANULE - 1n)] : []));
  const [first] = pages;
  if (first === undefined) return undefined;
  const base = pages.reduce((a, b) => (b < a ? b : a), first);
  const end = pages.reduce((a, b) => (b > a ? b : a), first) + GRANULE;
  return { base, size: Number(end - base) };
};

/**
 * Plays recorded calls against a script again, so that each answer can be explained.
 *
 * @returns the calls, or the number of the first, from 1, that the script answers otherwise than it was recorded.
 */
export const replayRecording = (
  script: ResponseScript,
  recorded: readonly RecordedCall[],
  memory?: PlayerMemory,
): { readonly calls: readonly PlayedCall[] } | { readonly differs: number } => {
  const player = createPlayer(script, memory);
  const calls: PlayedCall[] = [];
  for (const { given, x } of recorded) {
    const answer = player.call(given);
    if (answer.x.some((value, n) => value !== x[n])) return { differs: calls.length + 1 };
    calls.push({ given, answer });
  }
  return { calls };
};
