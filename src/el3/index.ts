/**
 * The monitor: routes SMCs between Host and RMM, changes the granule protection table, serves the RMM-EL3 interface.
 *
 * Owns: what EL3 answers and when. Does not own: keys and measurements (HES), what a granule is for (RMM).
 */
export { DEFAULT_EL3_CONFIG, type El3Config, el3ConfigProblems, el3Problems } from './config.ts';
export { createEl3, type El3, type El3Options, type El3Ports, type El3State, type HostRoute } from './el3.ts';
export { sharedBufferPa } from './shared-buffer.ts';
