import type { Conformance } from '../language/conformance.ts';
import { dataCreateRows } from './data-create.ts';
import { dataCreateUnknownRows } from './data-create-unknown.ts';
import { dataDestroyRows } from './data-destroy.ts';
import { featuresRows } from './features.ts';
import { granuleDelegateRows } from './granule-delegate.ts';
import { granuleUndelegateRows } from './granule-undelegate.ts';
import { psciCompleteRows } from './psci-complete.ts';
import { realmActivateRows } from './realm-activate.ts';
import { realmCreateRows } from './realm-create.ts';
import { realmDestroyRows } from './realm-destroy.ts';
import { recAuxCountRows } from './rec-aux-count.ts';
import { recCreateRows } from './rec-create.ts';
import { recDestroyRows } from './rec-destroy.ts';
import { recEnterRows } from './rec-enter.ts';
import { rttCreateRows } from './rtt-create.ts';
import { rttDestroyRows } from './rtt-destroy.ts';
import { rttFoldRows } from './rtt-fold.ts';
import { rttInitRipasRows } from './rtt-init-ripas.ts';
import { rttMapUnprotectedRows } from './rtt-map-unprotected.ts';
import { rttReadEntryRows } from './rtt-read-entry.ts';
import { rttSetRipasRows } from './rtt-set-ripas.ts';
import { rttUnmapUnprotectedRows } from './rtt-unmap-unprotected.ts';
import { versionRows } from './version.ts';

/** The rows of every RMI command, in the order of their sections. */
export const rmiRows: readonly Conformance[] = [
  dataCreateRows,
  dataCreateUnknownRows,
  dataDestroyRows,
  featuresRows,
  granuleDelegateRows,
  granuleUndelegateRows,
  psciCompleteRows,
  realmActivateRows,
  realmCreateRows,
  realmDestroyRows,
  recAuxCountRows,
  recCreateRows,
  recDestroyRows,
  recEnterRows,
  rttCreateRows,
  rttDestroyRows,
  rttFoldRows,
  rttInitRipasRows,
  rttMapUnprotectedRows,
  rttReadEntryRows,
  rttSetRipasRows,
  rttUnmapUnprotectedRows,
  versionRows,
];
