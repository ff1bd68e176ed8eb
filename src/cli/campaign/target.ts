import type { Entropy } from '../../crypto/index.ts';
import type { FaultModel } from '../../fault/index.ts';
import type { Met } from './coverage.ts';

/** What is wrong with a client, and whose fault it takes to show it. */
export interface ClientFinding {
  readonly finding: string;
  readonly says: string;
  /** `host`: a security bug of the client; `rmm`: a robustness bug. */
  readonly model: FaultModel;
}

/** What came of one run of a client. */
export interface RunResult {
  /** How the client ended, in a word. */
  readonly end: string;
  /** Its last words. */
  readonly says: string;
  readonly finding: ClientFinding | undefined;
  /** The first thing that was not as a sound machine has it; empty when everything was. */
  readonly difference: string;
  readonly met: readonly Met[];
}

/** A kind of client: what is varied for it, how it is run, and how an input is written down. */
export interface Target<Input> {
  /** Inputs in which nothing is wrong. */
  readonly sound: readonly Input[];
  /** Inputs that come before drawn ones: each shows one thing, if anything. */
  readonly known: readonly Input[];
  /** Where an input is played, when there are several places: words that follow a sentence. */
  in?(input: Input): string;
  draw(entropy: Entropy): Input;
  run(input: Input): Promise<RunResult>;
  /** Inputs that are simpler than one, the simplest first. */
  simpler(input: Input): Iterable<Input>;
  /** Files that say what an input is, by their names. */
  files(input: Input): Readonly<Record<string, string | Uint8Array>>;
  /** How somebody sees it again, given the folder of these files. */
  again(folder: string, input: Input): string;
  close(): Promise<void>;
}
