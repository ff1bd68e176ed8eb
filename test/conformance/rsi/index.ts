import type { Conformance } from '../language/conformance.ts';
import { attestationTokenContinueRows } from './attestation-token-continue.ts';
import { attestationTokenInitRows } from './attestation-token-init.ts';
import { featuresRows } from './features.ts';
import { hostCallRows } from './host-call.ts';
import { ipaStateGetRows } from './ipa-state-get.ts';
import { ipaStateSetRows } from './ipa-state-set.ts';
import { measurementExtendRows } from './measurement-extend.ts';
import { measurementReadRows } from './measurement-read.ts';
import { realmConfigRows } from './realm-config.ts';
import { versionRows } from './version.ts';

/** The rows of every RSI command, in the order of their sections. */
export const rsiRows: readonly Conformance[] = [
  attestationTokenContinueRows,
  attestationTokenInitRows,
  featuresRows,
  hostCallRows,
  ipaStateGetRows,
  ipaStateSetRows,
  measurementExtendRows,
  measurementReadRows,
  realmConfigRows,
  versionRows,
];
