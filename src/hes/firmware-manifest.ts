import { MEASUREMENT_LIMITS, MEASUREMENT_SLOTS } from '../abi/index.ts';
import { Bug } from '../bytes/index.ts';
import type { HashName } from '../crypto/index.ts';
import { DIALECTS, type DialectName } from '../token/index.ts';
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
  oneOfValues,
  optional,
  readJson,
  record,
  tableOf,
  textOf,
  unreadable,
} from './json-reader.ts';
import { LCS_NAMES, type Lcs } from './lifecycle.ts';
import { HES_PRESETS, type HesPresetName } from './preset.ts';
import { HES_SWITCHES } from './switches.ts';

/** The format of a firmware set's `manifest.json` (docs/schemas/firmware-manifest.schema.json). */
export const FIRMWARE_SCHEMA = 'swcca/firmware-set/v1';

/** The slot of the BL1_2 image, whose hash enters the seed of every RAK. */
export const BL1_2_SLOT = 0;
/** How BL1_1 hashes that image, whatever is reported of it (hes 1.3). */
const BL1_2_HASH: HashName = 'sha-256';
const DCU_SIZE = 16;
const DIGEST_SIZES = { 'sha-256': 32, 'sha-384': 48, 'sha-512': 64 } as const satisfies Record<HashName, number>;

export interface ManifestSigner {
  readonly id: Uint8Array;
  readonly says: string;
  /** Path of its public key below the manifest's folder (PEM), where there is one: the id is the hash of it. */
  readonly key: string | undefined;
}

/** A component as the manifest has it: the image is a file beside it, or nobody has it and its digest is known. */
export interface ManifestComponent {
  readonly slot: number;
  readonly type: string;
  readonly version: string;
  readonly signer: string;
  readonly countersigners: readonly string[];
  readonly liveActivation: boolean | undefined;
  readonly algorithm: HashName;
  /** Path of the image below the manifest's folder, with `/`. */
  readonly image: string | undefined;
  readonly digest: Uint8Array | undefined;
  readonly lock: boolean;
}

interface ManifestStep {
  readonly after: 'rmm-boot';
  readonly activate: ManifestComponent;
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
  /** One line. */
  readonly summary: string;
  /** What is wrong with it, what a strict verifier must conclude, and what known verifiers do conclude. */
  readonly about: string;
  readonly origin: string;
  readonly licence: string;
  readonly lcs: Lcs;
  readonly lifecycle: number | undefined;
  readonly dcu: Uint8Array;
  readonly signers: ReadonlyMap<string, ManifestSigner>;
  readonly components: readonly ManifestComponent[];
  readonly updates: readonly ManifestComponent[];
  readonly script: readonly ManifestStep[];
  readonly defaults: FirmwareDefaults;
  readonly expected: FirmwareExpected | undefined;
}

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const line = textOf(0, 1024);
const prose = textOf(0, 8192);

/** A path that stays in the folder as it is written; whoever opens it looks at symbolic links. */
const pathBelow: JsonReader<string> = (value, path) => {
  const text = textOf(1, 255)(value, path);
  const parts = text.split('/');
  const plain = parts.every((part) => part !== '' && part !== '.' && part !== '..');
  if (!plain || /[\\\0:]/.test(text)) unreadable(path, "is not a path of a file below the manifest's folder");
  return text;
};

const signerName = matching(NAME, 'is not the name of a signer');

const componentMembers = record<ManifestComponent>({
  slot: integer(0, MEASUREMENT_SLOTS - 1),
  type: textOf(MEASUREMENT_LIMITS.sw_type.least, MEASUREMENT_LIMITS.sw_type.most),
  version: textOf(MEASUREMENT_LIMITS.version.least, MEASUREMENT_LIMITS.version.most),
  signer: signerName,
  countersigners: optional(listOf(signerName, 1, 8), []),
  liveActivation: optional(boolean, undefined),
  algorithm: optional(choice(['sha-256', 'sha-384', 'sha-512']), 'sha-256' as const),
  image: optional(pathBelow, undefined),
  digest: optional(hexOf(32, 64), undefined),
  lock: optional(boolean, false),
});

const component: JsonReader<ManifestComponent> = (value, path) => {
  const read = componentMembers(value, path);
  const { image, digest, algorithm } = read;
  if (image === undefined && digest === undefined) unreadable(`${path}.image`, 'is missing, and so is digest');
  if (image !== undefined && digest !== undefined) unreadable(`${path}.digest`, 'is given though there is an image');
  if (digest !== undefined && digest.length !== DIGEST_SIZES[algorithm]) {
    unreadable(`${path}.digest`, `has ${digest.length} bytes, ${algorithm} has ${DIGEST_SIZES[algorithm]}`);
  }
  return read;
};

const defaultMembers = record<{ readonly [name: string]: unknown }>({
  dialect: optional(choice(Object.keys(DIALECTS) as DialectName[]), undefined),
  hes: optional(choice(Object.keys(HES_PRESETS) as HesPresetName[]), undefined),
  ...Object.fromEntries(
    Object.entries(HES_SWITCHES).map(([name, { values }]) => [
      name,
      optional(oneOfValues<string | boolean>(values), undefined),
    ]),
  ),
});

/** The members that have a value. Their readers took the values from the tables whose types are those of the members. */
const defaults: JsonReader<FirmwareDefaults> = (value, path) =>
  Object.fromEntries(Object.entries(defaultMembers(value, path)).filter(([, member]) => member !== undefined));

const manifest = record<FirmwareManifest>({
  schema: choice([FIRMWARE_SCHEMA]),
  name: matching(NAME, 'is not a name of lower-case letters, digits, dots and dashes'),
  summary: line,
  about: optional(prose, ''),
  origin: prose,
  licence: prose,
  lcs: choice(LCS_NAMES),
  lifecycle: optional(integer(0, 0xffff), undefined),
  dcu: optional(hexOf(DCU_SIZE, DCU_SIZE), new Uint8Array(DCU_SIZE)),
  signers: tableOf(
    NAME,
    record<ManifestSigner>({
      id: hexOf(MEASUREMENT_LIMITS.signer_id.least, MEASUREMENT_LIMITS.signer_id.most),
      says: optional(prose, ''),
      key: optional(pathBelow, undefined),
    }),
    64,
  ),
  components: listOf(component, 1, MEASUREMENT_SLOTS),
  updates: optional(listOf(component, 0, 256), []),
  script: optional(listOf(record<ManifestStep>({ after: choice(['rmm-boot']), activate: component }), 0, 256), []),
  defaults: optional(defaults, {}),
  expected: optional(
    record<FirmwareExpected>({
      seed: textOf(0, 256),
      slots: tableOf(/^(\d|[12]\d|3[01])$/, hexOf(32, 64), MEASUREMENT_SLOTS),
      cpak: hexOf(1, 256),
      rak: hexOf(1, 256),
    }),
    undefined,
  ),
});

/** Every component that a manifest names, with its place. */
export const componentsOf = ({
  components,
  updates,
  script,
}: Pick<FirmwareManifest, 'components' | 'updates' | 'script'>): readonly (readonly [string, ManifestComponent])[] => [
  ...components.map((each, i) => [`components[${i}]`, each] as const),
  ...updates.map((each, i) => [`updates[${i}]`, each] as const),
  ...script.map(({ activate }, i) => [`script[${i}].activate`, activate] as const),
];

/** A countersigner id is a digest in the claims (token-next 3), whatever the slot would take. */
const isDigestSize = (size: number): boolean => Object.values<number>(DIGEST_SIZES).includes(size);

const UNNAMED = 'which signers does not name';
const COUNTERSIGNER_SIZES = 'that of a countersigner 32, 48 or 64';

/** What no member alone can get wrong. */
const consistent: JsonReader<FirmwareManifest> = (value, path) => {
  const read = manifest(value, path);
  const taken = new Map<number, number>();
  read.components.forEach(({ slot }, i) => {
    const other = taken.get(slot);
    if (other !== undefined) unreadable(`components[${i}].slot`, `is ${slot}, which components[${other}] has already`);
    taken.set(slot, i);
  });
  const first = read.components.find(({ slot }) => slot === BL1_2_SLOT);
  if (first === undefined) unreadable('components', `have no image in slot ${BL1_2_SLOT}, where BL1_2 belongs`);
  if (first?.digest !== undefined && first.algorithm !== BL1_2_HASH) {
    unreadable(
      `components[${taken.get(BL1_2_SLOT)}].algorithm`,
      `is not ${BL1_2_HASH}, by which BL1_2 enters the keys`,
    );
  }
  for (const [place, { slot, signer, countersigners }] of componentsOf(read)) {
    if (!read.signers.has(signer)) unreadable(`${place}.signer`, `is ${signer}, ${UNNAMED}`);
    for (const [i, name] of countersigners.entries()) {
      const id = read.signers.get(name)?.id ?? unreadable(`${place}.countersigners[${i}]`, `is ${name}, ${UNNAMED}`);
      if (!isDigestSize(id.length)) unreadable(`signers.${name}.id`, `has ${id.length} bytes, ${COUNTERSIGNER_SIZES}`);
    }
    if (!taken.has(slot)) unreadable(`${place}.slot`, `is ${slot}, where no component was measured`);
  }
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
  const idOf = (signer: string): Uint8Array => {
    const id = manifest.signers.get(signer)?.id;
    if (id === undefined) throw new Bug(`a manifest was read without its signer ${signer}`);
    return id;
  };
  const digest = ({ image, digest: given }: ManifestComponent, algorithm: HashName): Uint8Array => {
    const found = image === undefined ? given : digestOf(image, algorithm);
    if (found === undefined) throw new Bug('a manifest was read with a component that is nothing');
    return found;
  };
  const measured = (component: ManifestComponent): FirmwareComponent => {
    const { slot, type, version, signer, countersigners, liveActivation, algorithm, lock } = component;
    return {
      slot,
      type,
      version,
      signerId: idOf(signer),
      ...(countersigners.length === 0 ? {} : { countersigners: countersigners.map(idOf) }),
      ...(liveActivation === undefined ? {} : { liveActivation }),
      algorithm,
      digest: digest(component, algorithm),
      lock,
    };
  };
  const bl12 = manifest.components.find(({ slot }) => slot === BL1_2_SLOT);
  if (bl12 === undefined) throw new Bug('a manifest was read without BL1_2');
  const { name, summary, lcs, lifecycle, dcu, components, updates, script, defaults } = manifest;
  return {
    name,
    summary,
    lcs,
    lifecycle,
    dcu,
    bl12Hash: digest(bl12, BL1_2_HASH),
    components: components.map(measured),
    updates: updates.map(measured),
    script: script.map(({ after, activate }) => ({ after, activate: measured(activate) })),
    defaults,
  };
};
