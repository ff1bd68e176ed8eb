import type { Conformance } from '../language/conformance.ts';
import { affinityInfoRows } from './affinity-info.ts';
import { cpuOffRows } from './cpu-off.ts';
import { cpuOnRows } from './cpu-on.ts';
import { cpuSuspendRows } from './cpu-suspend.ts';
import { featuresRows } from './features.ts';
import { systemOffRows, systemResetRows } from './system-off.ts';
import { versionRows } from './version.ts';

/** The rows of every PSCI command, in the order of their sections. */
export const psciRows: readonly Conformance[] = [
  affinityInfoRows,
  cpuOffRows,
  cpuOnRows,
  cpuSuspendRows,
  featuresRows,
  systemOffRows,
  systemResetRows,
  versionRows,
];
