/**
 * Simulated hardware: physical memory in granules, the granule protection table, the machine profile.
 *
 * Owns: what silicon would do. Does not own: who may change which granule (EL3), or what a granule is for (RMM).
 */
export { CowTable, type Journal } from './cow-table.ts';
export { type GptEntry, gptAllows, type Pas } from './pas.ts';
export { GRANULE_SIZE, granuleIndex, type PageBacking, PhysicalMemory } from './physical-memory.ts';
export {
  contains,
  DEFAULT_PROFILE,
  type MachineProfile,
  machineProfile,
  profileProblems,
  type Region,
} from './profile.ts';
