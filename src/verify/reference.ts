import { equalBytes, toHex } from '../bytes/index.ts';
import type { Tell } from './findings.ts';
import { array, hexBytes, type JsonResult, nullable, object, optional, parseJson, string, version } from './json.ts';
import { VERIFY_CLAIM_LABELS } from './labels.ts';
import type { Component, PlatformClaims } from './platform-claims.ts';
import { shown } from './readers.ts';
import type { RealmClaims } from './realm-claims.ts';

const FORMAT_VERSION = 1;
const DIGEST_SIZES = [32, 48, 64] as const;

/** What one software component must be. What is not given is not compared. */
export interface ReferenceComponent {
  readonly component_type?: string;
  readonly measurement_value: Uint8Array;
  readonly version?: string;
  readonly signer_id?: Uint8Array;
}

/** What a token must say, as far as it is given. The names are those of the claims. */
export interface ReferenceValues {
  readonly implementation_id?: Uint8Array;
  readonly instance_id?: Uint8Array;
  readonly config?: Uint8Array;
  /** All components, in any order: one more or one less is a difference. */
  readonly components?: readonly ReferenceComponent[];
  readonly rim?: Uint8Array;
  /** REM 1 to 4; null is not compared. */
  readonly rems?: readonly (Uint8Array | null)[];
  readonly rpv?: Uint8Array;
}

const component = object({
  component_type: optional(string),
  measurement_value: hexBytes(...DIGEST_SIZES),
  version: optional(string),
  signer_id: optional(hexBytes(...DIGEST_SIZES)),
});

const referenceValues = object({
  $schema: optional(string),
  version: version(FORMAT_VERSION),
  implementation_id: optional(hexBytes(32)),
  instance_id: optional(hexBytes(33)),
  config: optional(hexBytes()),
  components: optional(array(component, { max: 1024 })),
  rim: optional(hexBytes(...DIGEST_SIZES)),
  rems: optional(array(nullable(hexBytes(...DIGEST_SIZES)), { min: 4, max: 4 })),
  rpv: optional(hexBytes(64)),
});

/**
 * Reads reference values from JSON text (docs/schemas/reference-values.schema.json). Total; an error names the member.
 */
export const parseReferenceValues = (json: string): JsonResult<ReferenceValues> => {
  const parsed = parseJson(json, referenceValues);
  if (!parsed.ok) return parsed;
  const { $schema: _schema, version: _version, ...values } = parsed.value;
  return { ok: true, value: values };
};

const hexOf = (bytes: Uint8Array | undefined): string | undefined => bytes && toHex(bytes);

/** Reference values as a JSON value, which `parseReferenceValues` reads back from its text. */
export const referenceValuesToJson = (values: ReferenceValues): Readonly<Record<string, unknown>> =>
  // Members that are undefined leave with JSON.stringify; here they leave at once, so that the value can be compared.
  JSON.parse(
    JSON.stringify({
      version: FORMAT_VERSION,
      implementation_id: hexOf(values.implementation_id),
      instance_id: hexOf(values.instance_id),
      config: hexOf(values.config),
      components: values.components?.map((each) => ({
        component_type: each.component_type,
        measurement_value: toHex(each.measurement_value),
        version: each.version,
        signer_id: hexOf(each.signer_id),
      })),
      rim: hexOf(values.rim),
      rems: values.rems?.map((rem) => rem && toHex(rem)),
      rpv: hexOf(values.rpv),
    }),
  );

const defined = <T extends object>(members: { readonly [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;

/** The reference values that exactly these claims meet: what a trusted token says, to hold later ones against. */
export const referenceValuesOf = ({
  platform = {},
  realm = {},
}: {
  readonly platform?: PlatformClaims;
  readonly realm?: RealmClaims;
}): ReferenceValues =>
  defined<ReferenceValues>({
    implementation_id: platform.implementation_id,
    instance_id: platform.instance_id,
    config: platform.config,
    components: platform.sw_components?.flatMap(({ component_type, measurement_value, version, signer_id }) =>
      measurement_value === undefined
        ? []
        : [defined<ReferenceComponent>({ component_type, measurement_value, version, signer_id })],
    ),
    rim: realm.initial_measurement,
    rems: realm.extensible_measurements?.map((rem) => rem ?? null),
    rpv: realm.personalization_value,
  });

const LABEL = VERIFY_CLAIM_LABELS;
const PLATFORM = 'platform';
const REALM = 'realm';

type ScalarMember = 'implementation_id' | 'instance_id' | 'config' | 'rim' | 'rpv';
const SCALARS = {
  implementation_id: { path: `${PLATFORM}/${LABEL.platform.implementation_id}`, code: 'IMPLEMENTATION_ID_MISMATCH' },
  instance_id: { path: `${PLATFORM}/${LABEL.platform.instance_id}`, code: 'INSTANCE_ID_MISMATCH' },
  config: { path: `${PLATFORM}/${LABEL.platform.config}`, code: 'CONFIG_MISMATCH' },
  rim: { path: `${REALM}/${LABEL.realm.initial_measurement}`, code: 'RIM_MISMATCH' },
  rpv: { path: `${REALM}/${LABEL.realm.personalization_value}`, code: 'RPV_MISMATCH' },
} as const;

const compareScalars = (
  reference: ReferenceValues,
  found: Readonly<Record<ScalarMember, Uint8Array | undefined>>,
  tell: Tell,
): void => {
  for (const name of Object.keys(SCALARS) as ScalarMember[]) {
    const expected = reference[name];
    if (expected === undefined) continue;
    const { path, code } = SCALARS[name];
    const value = found[name];
    if (value === undefined) tell('REFERENCE_UNCHECKED', path);
    else if (!equalBytes(value, expected))
      tell(code, path, { expected: shown(toHex(expected)), found: shown(toHex(value)) });
  }
};

/** Which attribute of a component differs from its reference, if one does. */
const difference = (found: Component, reference: ReferenceComponent): keyof ReferenceComponent | undefined => {
  if (reference.component_type !== undefined && found.component_type !== reference.component_type)
    return 'component_type';
  if (found.measurement_value === undefined || !equalBytes(found.measurement_value, reference.measurement_value)) {
    return 'measurement_value';
  }
  if (reference.signer_id !== undefined && !(found.signer_id && equalBytes(found.signer_id, reference.signer_id))) {
    return 'signer_id';
  }
  return reference.version !== undefined && found.version !== reference.version ? 'version' : undefined;
};

const firstOf = <T>(values: Iterable<T>, holds: (value: T) => boolean): T | undefined => {
  for (const value of values) if (holds(value)) return value;
  return undefined;
};

/** Takes away each pair that `matches`, one for one. */
const pairOff = <A, B>(
  left: readonly A[],
  right: readonly B[],
  matches: (a: A, b: B) => boolean,
): { readonly pairs: readonly (readonly [A, B])[]; readonly left: readonly A[]; readonly right: readonly B[] } => {
  const free = new Set(right);
  const pairs: (readonly [A, B])[] = [];
  const alone: A[] = [];
  for (const a of left) {
    const partner = firstOf(free, (b) => matches(a, b));
    if (partner === undefined) alone.push(a);
    else {
      free.delete(partner);
      pairs.push([a, partner]);
    }
  }
  return { pairs, left: alone, right: [...free] };
};

const compareComponents = (expected: readonly ReferenceComponent[], found: readonly Component[], tell: Tell): void => {
  const path = `${PLATFORM}/${LABEL.platform.sw_components}`;
  const numbered = found.map((value, i) => ({ value, at: `${path}/${i}` }));
  // The references that ask most go first, so that one that asks less does not take their component.
  const demanding = [...expected].sort((a, b) => Object.keys(b).length - Object.keys(a).length);
  const equal = pairOff(demanding, numbered, (reference, { value }) => difference(value, reference) === undefined);
  const named = pairOff(
    equal.left,
    equal.right,
    ({ component_type }, { value }) => component_type !== undefined && component_type === value.component_type,
  );
  for (const [reference, { value, at }] of named.pairs) {
    const attribute = difference(value, reference) ?? 'component_type';
    const component = reference.component_type ?? '';
    tell('COMPONENT_MISMATCH', `${at}/${LABEL.component[attribute]}`, { component, attribute });
  }
  for (const { component_type = '', measurement_value } of named.left) {
    tell('COMPONENT_ABSENT', path, { component: component_type, measurement_value: toHex(measurement_value) });
  }
  for (const { value, at } of named.right)
    tell('COMPONENT_UNEXPECTED', at, { component: shown(value.component_type ?? '') });
};

const compareRems = (
  expected: readonly (Uint8Array | null)[],
  found: readonly (Uint8Array | undefined)[],
  tell: Tell,
): void =>
  expected.forEach((rem, i) => {
    if (rem === null) return;
    const path = `${REALM}/${LABEL.realm.extensible_measurements}/${i}`;
    const value = found[i];
    if (value === undefined) tell('REFERENCE_UNCHECKED', path);
    else if (!equalBytes(value, rem)) tell('REM_MISMATCH', path, { expected: toHex(rem), found: toHex(value) });
  });

/** Compares the claims with the reference values. What the reference names must be there to be compared. */
export const compareWithReference = (
  reference: ReferenceValues,
  platform: PlatformClaims,
  realm: RealmClaims,
  tell: Tell,
): void => {
  const { implementation_id, instance_id, config, sw_components } = platform;
  const { initial_measurement: rim, extensible_measurements: rems, personalization_value: rpv } = realm;
  compareScalars(reference, { implementation_id, instance_id, config, rim, rpv }, tell);
  if (reference.components !== undefined) {
    if (sw_components === undefined) {
      tell('REFERENCE_UNCHECKED', `${PLATFORM}/${LABEL.platform.sw_components}`);
    } else compareComponents(reference.components, sw_components, tell);
  }
  if (reference.rems !== undefined) compareRems(reference.rems, rems ?? [], tell);
};
