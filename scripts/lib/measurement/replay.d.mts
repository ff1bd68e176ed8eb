import type * as abi from '../../../src/abi/index.ts';
import type * as bytes from '../../../src/bytes/index.ts';
import type * as host from '../../../src/host/index.ts';
import type { DEFAULT_PROFILE, profileProblems } from '../../../src/machine/index.ts';
import type { Platform, PlatformOptions } from '../../../src/platform/index.ts';
import type * as rmm from '../../../src/rmm/index.ts';
import type { MeasurementVector } from './vectors.d.mts';

/** What a replay takes from the library, built or as sources. */
export interface ReplayLibrary {
  readonly abi: typeof abi;
  readonly bytes: typeof bytes;
  readonly host: typeof host;
  readonly rmm: typeof rmm;
  readonly DEFAULT_PROFILE: typeof DEFAULT_PROFILE;
  readonly profileProblems: typeof profileProblems;
}

/** Makes a machine; what is not given here is the caller's choice. */
export type Boot = (settings: Partial<Pick<PlatformOptions, 'machine' | 'rmm' | 'trace'>>) => Platform;

export interface Replayed {
  readonly id: string;
  /** Why it was not run; undefined when it was. */
  readonly skipped: string | undefined;
  /** What differs, one sentence each: none when the vector passed. */
  readonly problems: readonly string[];
}

export interface Replay {
  /** How many were made so far. */
  readonly calls: { readonly rmi: number; readonly rsi: number };
  /** The variants of the REM formula that the RMM offers. */
  readonly variants: readonly string[];
  run(vector: MeasurementVector): Replayed;
}

export declare const createReplay: (library: ReplayLibrary, boot: Boot) => Replay;
