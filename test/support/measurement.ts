import { createReplay, type Replay } from '../../scripts/lib/measurement/replay.mjs';
import * as abi from '../../src/abi/index.ts';
import * as bytes from '../../src/bytes/index.ts';
import * as host from '../../src/host/index.ts';
import { DEFAULT_PROFILE, profileProblems } from '../../src/machine/index.ts';
import * as rmm from '../../src/rmm/index.ts';
import { testMachine } from './machine.ts';

/** The replay of `scripts/check-measurement.mjs`, on machines whose commands are held against their own text. */
export const measurementReplay = (): Replay =>
  createReplay({ abi, bytes, host, rmm, DEFAULT_PROFILE, profileProblems }, testMachine);
