/**
 * A simulated HES: key tree, measured boot, delegated key, platform token, and the firmware that a chip boots.
 *
 * Owns: what RSE derives, records and signs. Does not own: how its answers travel (EL3), or files of firmware.
 */
export { bootStateCbor } from './boot-state.ts';
export { type ChipKeys, chipKeys } from './chip-keys.ts';
export { type ChipIdentity, type ChipRecord, chipRecordToJson, parseChipRecord } from './chip-record.ts';
export {
  type DeviceParams,
  deviceParams,
  deviceRoots,
  SIMULATED_MARK,
  SIMULATED_SERVICE,
  TP_MODES,
  type TpMode,
} from './device.ts';
export {
  componentsOf,
  FIRMWARE_SCHEMA,
  type FirmwareManifest,
  type ManifestComponent,
  measureFirmware,
  parseFirmwareManifest,
} from './firmware-manifest.ts';
export { isSynthetic, leftOut } from './firmware-notes.ts';
export type * from './firmware-set.ts';
export {
  type ChipHes,
  type ChipMemory,
  type ChipStatus,
  createHes,
  type Hes,
  type HesOptions,
  type HesStatus,
} from './hes.ts';
export type { JsonProblem } from './json-reader.ts';
export { attestationKey, bootStateContext, deriveSeeds, SEED_KDFS } from './key-tree.ts';
export { LCS, LCS_NAMES, type Lcs } from './lifecycle.ts';
export { type ChipOp, LOG_LIMIT, type LogEntry } from './log.ts';
export { CHIP_REFUSALS, type ChipRefusal, type ChipResult } from './operations.ts';
export { HES_PRESETS, type HesPreset, type HesPresetName } from './preset.ts';
export type { HesSeams, Otp, RefusedMeasurement } from './state.ts';
export { createStaticHes, type StaticFiles } from './static.ts';
export { defaultSwitches, HES_SWITCHES, type HesSwitches, type HesSwitchName } from './switches.ts';
