import type * as abi from '../../../src/abi/index.ts';
import type * as bytes from '../../../src/bytes/index.ts';
import type * as cbor from '../../../src/cbor/index.ts';
import type * as cose from '../../../src/cose/index.ts';
import type { Crypto } from '../../../src/crypto/index.ts';
import type * as hes from '../../../src/hes/index.ts';
import type * as machine from '../../../src/machine/index.ts';
import type { Platform, PlatformOptions } from '../../../src/platform/index.ts';
import type * as rmm from '../../../src/rmm/index.ts';

/** Rooms of the library, built or as sources. */
export interface Rooms {
  readonly abi: typeof abi;
  readonly bytes: typeof bytes;
  readonly cbor: typeof cbor;
  readonly cose: typeof cose;
  readonly hes: typeof hes;
  readonly machine: typeof machine;
  readonly rmm: typeof rmm;
}

/** What a replay takes from them, from `observedLibrary`. */
export interface ObservedLibrary {
  readonly RMM_1_0: typeof rmm.RMM_1_0;
  /** A CCA token taken apart, or undefined when it is none. */
  splitToken(token: Uint8Array): { readonly claims: ReadonlyMap<unknown, unknown> } | undefined;
}

/** Makes a machine; what is not given here is the caller's choice. */
export type Boot = (settings: Partial<Pick<PlatformOptions, 'machine' | 'hesPort' | 'trace'>>) => Platform;

/** A recording as it was read: opaque, for `replayRecording`. */
export interface Recording {
  readonly meta: unknown;
  readonly sections: readonly { readonly name: string; readonly entries: unknown }[];
}

export interface SectionResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  /** What differs, and the call before it. */
  readonly lines: readonly string[];
}

export declare const observedLibrary: (rooms: Rooms, crypto: Crypto) => ObservedLibrary;
export declare const replayRecording: (
  library: ObservedLibrary,
  boot: Boot,
  recording: Recording,
) => readonly SectionResult[];

/** Where a file of recordings is no such thing, and why: one line. */
export declare class ObservedError extends Error {}
/** @throws {ObservedError} */
export declare const parseRecording: (json: string) => Recording;
