import { MEASUREMENT_LIMITS, MEASUREMENT_SLOTS, type Measurement, PSA_ALG } from '../abi/index.ts';
import { toHex } from '../bytes/index.ts';
import type { HashName } from '../crypto/index.ts';
import {
  boolean,
  choice,
  hexOf,
  integer,
  type JsonProblem,
  type JsonReader,
  listOf,
  optional,
  readJson,
  record,
  textOf,
  unreadable,
} from './json-reader.ts';
import { LCS_NAMES } from './lifecycle.ts';
import { LOG_LIMIT, type LogEntry } from './log.ts';
import { HES_PRESETS, type HesPresetName } from './preset.ts';
import type { Slots } from './slots.ts';
import type { Epoch, Otp } from './state.ts';

/** What makes a chip this chip, for as long as it exists. */
export interface ChipIdentity {
  readonly seed: string;
  readonly group: string;
  readonly hes: HesPresetName;
}

/** A chip as it is kept between runs: what it remembers, and what the last run left in its slots. */
export interface ChipRecord {
  readonly identity: ChipIdentity;
  readonly otp: Otp;
  readonly epoch: Epoch;
  /** Name of the firmware that booted last. */
  readonly firmware: string;
  readonly slots: Slots;
  readonly log: readonly LogEntry[];
}

const MAX_COUNT = Number.MAX_SAFE_INTEGER;
const anyText = textOf(0, 1 << 16);
const counter = integer(0, MAX_COUNT);
const epoch = record<Epoch>({ boot: counter, lfa: counter });

interface KeptSlot extends Measurement {
  readonly slot: number;
}

const keptSlot = record<KeptSlot>({
  slot: integer(0, MEASUREMENT_SLOTS - 1),
  signer_id: hexOf(MEASUREMENT_LIMITS.signer_id.least, MEASUREMENT_LIMITS.signer_id.most),
  version: textOf(MEASUREMENT_LIMITS.version.least, MEASUREMENT_LIMITS.version.most),
  measurement_algo: integer(0, 0xffff_ffff),
  sw_type: textOf(MEASUREMENT_LIMITS.sw_type.least, MEASUREMENT_LIMITS.sw_type.most),
  measurement_value: hexOf(MEASUREMENT_LIMITS.measurement_value.least, MEASUREMENT_LIMITS.measurement_value.most),
  is_locked: boolean,
});

const hexText: JsonReader<string> = (value, path) => toHex(hexOf(0, 64)(value, path));

const logEntry = record<{ readonly [K in keyof LogEntry]-?: LogEntry[K] | undefined }>({
  seq: counter,
  epoch,
  op: choice([
    'coldReset',
    'apReset',
    'setLifecycle',
    'rotateCpak',
    'rotateGuk',
    'activate',
    'extend',
    'getDelegatedKey',
    'getPlatformToken',
  ]),
  result: textOf(1, 64),
  slot: optional(integer(-MAX_COUNT, MAX_COUNT), undefined),
  swType: optional(anyText, undefined),
  version: optional(anyText, undefined),
  signerId: optional(hexText, undefined),
  alg: optional(choice(Object.keys(PSA_ALG) as HashName[]), undefined),
  value: optional(hexText, undefined),
  newSlotValue: optional(hexText, undefined),
  lock: optional(boolean, undefined),
  says: optional(anyText, undefined),
});

/** Absent members stay absent, as the chip wrote them. */
const entry: JsonReader<LogEntry> = (value, path) =>
  Object.fromEntries(
    Object.entries(logEntry(value, path)).filter(([, member]) => member !== undefined),
  ) as unknown as LogEntry;

interface KeptChip extends Omit<ChipRecord, 'slots'> {
  readonly slots: readonly KeptSlot[];
}

const chip = record<KeptChip>({
  identity: record<ChipIdentity>({
    seed: anyText,
    group: anyText,
    hes: choice(Object.keys(HES_PRESETS) as HesPresetName[]),
  }),
  otp: record<Otp>({ lcs: choice(LCS_NAMES), reprovisioningBits: integer(0, 0xffff_ffff), group: anyText }),
  epoch,
  firmware: anyText,
  slots: listOf(keptSlot, 0, MEASUREMENT_SLOTS),
  log: listOf(entry, 0, LOG_LIMIT),
});

const consistent: JsonReader<ChipRecord> = (value, path) => {
  const { slots, ...rest } = chip(value, path);
  const kept: (Measurement | undefined)[] = new Array<undefined>(MEASUREMENT_SLOTS).fill(undefined);
  slots.forEach(({ slot, ...measurement }, i) => {
    if (kept[slot] !== undefined) unreadable(`slots[${i}].slot`, `is ${slot}, which stands here already`);
    kept[slot] = measurement;
  });
  rest.log.forEach(({ seq }, i) => {
    const before = rest.log[i - 1]?.seq;
    if (before !== undefined && seq !== before + 1) unreadable(`log[${i}].seq`, `is ${seq}, behind ${before}`);
  });
  return { ...rest, slots: kept };
};

/**
 * Reads a kept chip from parsed JSON.
 *
 * Total: any value gives the chip or the first problem, with the path of the member that has it.
 */
export const parseChipRecord = (
  json: unknown,
): { readonly ok: true; readonly value: ChipRecord } | { readonly ok: false; readonly problem: JsonProblem } =>
  readJson(consistent, json);

/** A kept chip as a JSON value, which `parseChipRecord` reads back. */
export const chipRecordToJson = ({ slots, ...rest }: ChipRecord): Readonly<Record<string, unknown>> => ({
  ...rest,
  slots: slots.flatMap((slot, index) =>
    slot === undefined
      ? []
      : [
          {
            slot: index,
            ...slot,
            signer_id: toHex(slot.signer_id),
            measurement_value: toHex(slot.measurement_value),
          },
        ],
  ),
});
