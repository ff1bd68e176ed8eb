import { MEASUREMENT_LIMITS, MEASUREMENT_SLOTS } from '../abi/index.ts';
import { Bug } from '../bytes/index.ts';
import type { HashName } from '../crypto/index.ts';
import { DIALECTS, type DialectName, KEY_FORMS, type KeyForm } from '../token/index.ts';
import type { FirmwareComponent, FirmwareDefaults, FirmwareSet } from './firmware-set.ts';
import {
  boolean,
  choice,
  hexOf,
  integer,
  type JsonProblem,
  type JsonReader,
  listOf,
  matching,
  optional,
  readJson,
  record,
  tableOf,
  textOf,
  unreadable,
} from './json-reader.ts';
import { LCS, type Lcs } from './lifecycle.ts';
import { SW_TYPES } from './sw-types.ts';

/** The format of a firmware set's `manifest.json`. */
export const FIRMWARE_SCHEMA = 'swcca/firmware-set/v1';

/** The slot of the BL1_2 image, whose hash enters the seed of every RAK. */
const BL1_2_SLOT = 0;
/** How BL1_1 hashes that image, whatever is reported of it (hes 1.3). */
const BL1_2_HASH: HashName = 'sha-256';
const DCU_SIZE = 16;

interface Signer {
  readonly id: Uint8Array;
  readonly says: string;
}

/** A component as the manifest has it: the image is a file beside it. */
export interface ManifestComponent {
  readonly slot: number;
  readonly type: string;
  readonly version: string;
  readonly signer: string;
  readonly algorithm: HashName;
  /** Path of the image below the manifest's folder, with `/`. */
  readonly image: string;
  readonly lock: boolean;
}

/** What a set must give on the chip of a seed, for those who check. */
export interface FirmwareExpected {
  readonly seed: string;
  readonly slots: ReadonlyMap<string, Uint8Array>;
  /** COSE_Keys. */
  readonly cpak: Uint8Array;
  readonly rak: Uint8Array;
}

export interface FirmwareManifest {
  readonly schema: typeof FIRMWARE_SCHEMA;
  readonly name: string;
  readonly summary: string;
  readonly origin: string;
  readonly licence: string;
  readonly lcs: Lcs;
  readonly lifecycle: number | undefined;
  readonly dcu: Uint8Array;
  readonly signers: ReadonlyMap<string, Signer>;
  readonly components: readonly ManifestComponent[];
  readonly updates: readonly ManifestComponent[];
  readonly defaults: FirmwareDefaults;
  readonly expected: FirmwareExpected | undefined;
}

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const prose = textOf(0, 4096);

/** A path that stays in the folder as it is written; whoever opens it looks at symbolic links. */
const imagePath: JsonReader<string> = (value, path) => {
  const text = textOf(1, 255)(value, path);
  const parts = text.split('/');
  const plain = parts.every((part) => part !== '' && part !== '.' && part !== '..');
  if (!plain || /[\\\0:]/.test(text)) unreadable(path, "is not a path of a file below the manifest's folder");
  return text;
};

const component = record<ManifestComponent>({
  slot: integer(0, MEASUREMENT_SLOTS - 1),
  type: textOf(MEASUREMENT_LIMITS.sw_type.least, MEASUREMENT_LIMITS.sw_type.most),
  version: textOf(MEASUREMENT_LIMITS.version.least, MEASUREMENT_LIMITS.version.most),
  signer: matching(NAME, 'is not the name of a signer'),
  algorithm: optional(choice(['sha-256', 'sha-384', 'sha-512']), 'sha-256' as const),
  image: imagePath,
  lock: optional(boolean, false),
});

const defaults = record<{
  readonly dialect: DialectName | undefined;
  readonly keyHash: KeyForm | undefined;
  readonly swTypeStyle: keyof typeof SW_TYPES | undefined;
}>({
  dialect: optional(choice(Object.keys(DIALECTS) as DialectName[]), undefined),
  keyHash: optional(choice(Object.keys(KEY_FORMS) as KeyForm[]), undefined),
  swTypeStyle: optional(choice(Object.keys(SW_TYPES) as (keyof typeof SW_TYPES)[]), undefined),
});

const manifest = record<FirmwareManifest>({
  schema: choice([FIRMWARE_SCHEMA]),
  name: matching(NAME, 'is not a name of lower-case letters, digits, dots and dashes'),
  summary: prose,
  origin: prose,
  licence: prose,
  lcs: choice(Object.keys(LCS) as Lcs[]),
  lifecycle: optional(integer(0, 0xffff), undefined),
  dcu: optional(hexOf(DCU_SIZE, DCU_SIZE), new Uint8Array(DCU_SIZE)),
  signers: tableOf(
    NAME,
    record<Signer>({
      id: hexOf(MEASUREMENT_LIMITS.signer_id.least, MEASUREMENT_LIMITS.signer_id.most),
      says: optional(prose, ''),
    }),
    64,
  ),
  components: listOf(component, 1, MEASUREMENT_SLOTS),
  updates: optional(listOf(component, 0, 256), []),
  defaults: optional((value, path) => present(defaults(value, path)), {}),
  expected: optional(
    record<FirmwareExpected>({
      seed: textOf(0, 256),
      slots: tableOf(/^\d{1,2}$/, hexOf(32, 32), MEASUREMENT_SLOTS),
      cpak: hexOf(1, 256),
      rak: hexOf(1, 256),
    }),
    undefined,
  ),
});

/** The members that have a value. */
const present = (
  given: { readonly [K in keyof FirmwareDefaults]: FirmwareDefaults[K] | undefined },
): FirmwareDefaults => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

/** What no member alone can get wrong. */
const consistent: JsonReader<FirmwareManifest> = (value, path) => {
  const read = manifest(value, path);
  const taken = new Map<number, number>();
  read.components.forEach(({ slot }, i) => {
    const other = taken.get(slot);
    if (other !== undefined) unreadable(`components[${i}].slot`, `is ${slot}, which components[${other}] has already`);
    taken.set(slot, i);
  });
  if (!taken.has(BL1_2_SLOT)) unreadable('components', `have no image in slot ${BL1_2_SLOT}, where BL1_2 belongs`);
  for (const list of ['components', 'updates'] as const) {
    read[list].forEach(({ signer }, i) => {
      if (!read.signers.has(signer)) unreadable(`${list}[${i}].signer`, `is ${signer}, which signers does not name`);
    });
  }
  read.updates.forEach(({ slot }, i) => {
    if (!taken.has(slot)) unreadable(`updates[${i}].slot`, `is ${slot}, where no component was measured`);
  });
  return read;
};

/**
 * Reads a firmware manifest from parsed JSON.
 *
 * Total: any value gives the manifest or the first problem, with the path of the member that has it.
 */
export const parseFirmwareManifest = (
  json: unknown,
): { readonly ok: true; readonly value: FirmwareManifest } | { readonly ok: false; readonly problem: JsonProblem } =>
  readJson(consistent, json);

/** The set that a manifest describes. @param digestOf gives the digest of an image by its path. */
export const measureFirmware = (
  manifest: FirmwareManifest,
  digestOf: (image: string, algorithm: HashName) => Uint8Array,
): FirmwareSet => {
  const measured = ({ image, signer, ...rest }: ManifestComponent): FirmwareComponent => {
    const signerId = manifest.signers.get(signer)?.id;
    if (signerId === undefined) throw new Bug(`a manifest was read without its signer ${signer}`);
    return { ...rest, signerId, digest: digestOf(image, rest.algorithm) };
  };
  const bl12 = manifest.components.find(({ slot }) => slot === BL1_2_SLOT);
  if (bl12 === undefined) throw new Bug('a manifest was read without BL1_2');
  const { name, summary, lcs, lifecycle, dcu, components, updates, defaults } = manifest;
  return {
    name,
    summary,
    lcs,
    lifecycle,
    dcu,
    bl12Hash: digestOf(bl12.image, BL1_2_HASH),
    components: components.map(measured),
    updates: updates.map(measured),
    defaults,
  };
};
