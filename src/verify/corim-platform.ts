import type { CborMap } from '../cbor/index.ts';
import { type Crypto, type PublicKey, parseSpkiPem } from '../crypto/index.ts';
import {
  type At,
  bytesInTag,
  digestsAt,
  inTag,
  isDigestSize,
  itemsAt,
  mapAt,
  memberAt,
  refuse,
  TAG,
} from './corim-items.ts';
import { member } from './readers.ts';

/** What a CoRIM says of one software component. */
export interface CorimComponent {
  readonly component_type?: string;
  readonly version?: string;
  /** One or more, each by another algorithm: the component is to have one of them. */
  readonly digests: readonly Uint8Array[];
  readonly signer_id: Uint8Array;
}

/** What a CoRIM says of a platform: all that bear its implementation id. */
export interface CorimPlatform {
  readonly implementation_id: Uint8Array;
  readonly components: readonly CorimComponent[];
  /** Bits of the value that count are set in the mask. */
  readonly config?: { readonly value: Uint8Array; readonly mask: Uint8Array };
}

/** The key of one chip. */
export interface CorimAnchor {
  readonly implementation_id: Uint8Array;
  readonly instance_id: Uint8Array;
  readonly key: PublicKey;
}

/** Members of environments, measurements and their values (draft-ietf-rats-corim). */
export const ENVIRONMENT = { class: 0, instance: 1 } as const;
export const CLASS_ID = 0;
export const MEASUREMENT = { key: 0, value: 1 } as const;
export const VALUE = {
  version: 0,
  digests: 2,
  rawValue: 4,
  rawValueMask: 5,
  name: 11,
  cryptokeys: 13,
  registers: 14,
} as const;
const VERSION = { version: 0, scheme: 1 } as const;
const SSD_1_COMPONENT = { type: 1, version: 4, signer: 5 } as const;

const MKEY = { component: 'cca.software-component', config: 'cca.platform-config' } as const;

const IMPLEMENTATION_ID_SIZE = 32;
const INSTANCE_ID_SIZE = 33;
const UEID_RANDOM = 0x01;

/** One kind of profile, as far as they differ. */
export type CorimGeneration = '2025' | 'ssd-1';

const implementationId = (environment: At<CborMap>, generation: CorimGeneration): Uint8Array => {
  const { path } = environment;
  const classMap = memberAt(environment, ENVIRONMENT.class, 'class');
  const id = classMap && memberAt(mapAt(classMap, 'CLASS_TYPE'), CLASS_ID, 'id');
  if (id === undefined) return refuse('CLASS_MISSING', path);
  const bytes = bytesInTag(id.item, generation === '2025' ? TAG.bytes : TAG.ssd1ImplementationId);
  if (bytes === undefined) return refuse('CLASS_TYPE', id.path);
  return bytes.length === IMPLEMENTATION_ID_SIZE ? bytes : refuse('CLASS_SIZE', id.path);
};

const textAt = (at: At | undefined): string | undefined =>
  at === undefined ? undefined : at.item.type === 'text' ? at.item.value : refuse('NAME_TYPE', at.path);

const versionAt = (at: At | undefined): string | undefined => {
  if (at === undefined) return undefined;
  const map = mapAt(at, 'VERSION');
  const version = member(map.item, VERSION.version);
  if (version?.type !== 'text' || member(map.item, VERSION.scheme) !== undefined) return refuse('VERSION', at.path);
  return version.value;
};

const signerAt = (value: At<CborMap>): Uint8Array => {
  const keys = memberAt(value, VALUE.cryptokeys, 'cryptokeys');
  const [only, ...more] = keys === undefined ? [] : itemsAt(keys, 'SIGNER');
  const bytes = only && bytesInTag(only.item, TAG.bytes);
  if (bytes === undefined || more.length > 0 || !isDigestSize(bytes.length)) {
    return refuse('SIGNER', keys?.path ?? value.path);
  }
  return bytes;
};

const digestsOf = (value: At<CborMap>): readonly Uint8Array[] => {
  const digests = memberAt(value, VALUE.digests, 'digests');
  return digests === undefined ? refuse('DIGESTS_MISSING', value.path) : digestsAt(digests);
};

const component = (
  component_type: string | undefined,
  version: string | undefined,
  digests: readonly Uint8Array[],
  signer_id: Uint8Array,
): CorimComponent => ({
  ...(component_type === undefined ? {} : { component_type }),
  ...(version === undefined ? {} : { version }),
  digests,
  signer_id,
});

const component2025 = (value: At<CborMap>): CorimComponent =>
  component(
    textAt(memberAt(value, VALUE.name, 'name')),
    versionAt(memberAt(value, VALUE.version, 'version')),
    digestsOf(value),
    signerAt(value),
  );

/** Before 2025 a component was named by its key, which held everything but its digests. */
const componentSsd1 = (key: At<CborMap>, value: At<CborMap>): CorimComponent => {
  const signer = member(key.item, SSD_1_COMPONENT.signer);
  if (signer?.type !== 'bytes' || !isDigestSize(signer.value.length)) return refuse('SIGNER', key.path);
  return component(
    textAt(memberAt(key, SSD_1_COMPONENT.type, 'label')),
    textAt(memberAt(key, SSD_1_COMPONENT.version, 'version')),
    digestsOf(value),
    Uint8Array.from(signer.value),
  );
};

export const rawValueAt = (value: At<CborMap>): Uint8Array => {
  const raw = memberAt(value, VALUE.rawValue, 'raw-value');
  if (raw === undefined) return refuse('RAW_VALUE_MISSING', value.path);
  const bytes = bytesInTag(raw.item, TAG.bytes);
  return bytes ?? refuse('RAW_VALUE', raw.path);
};

const config = (at: At<CborMap>, generation: CorimGeneration): NonNullable<CorimPlatform['config']> => {
  const value = rawValueAt(at);
  const mask = memberAt(at, VALUE.rawValueMask, 'raw-value-mask');
  if (mask === undefined) {
    return generation === '2025' ? refuse('MASK_MISSING', at.path) : { value, mask: value.map(() => 0xff) };
  }
  if (mask.item.type !== 'bytes' || mask.item.value.length !== value.length) return refuse('MASK', mask.path);
  return { value, mask: Uint8Array.from(mask.item.value) };
};

/** One measurement: what it is of, and its value. */
export interface MeasurementAt {
  readonly key: At | undefined;
  readonly value: At<CborMap>;
}

export const measurementAt = (at: At): MeasurementAt => {
  const map = mapAt(at, 'TRIPLES');
  const value = memberAt(map, MEASUREMENT.value, 'value');
  return {
    key: memberAt(map, MEASUREMENT.key, 'key'),
    value: mapAt(value ?? refuse('TRIPLES', at.path), 'TRIPLES'),
  };
};

/** What a measurement of a platform is: a component, or the configuration. */
const platformPart = ({ key, value }: MeasurementAt, generation: CorimGeneration): CorimComponent | 'config' => {
  if (key === undefined) return refuse('MKEY_MISSING', value.path);
  if (generation === '2025') {
    if (key.item.type !== 'text') return refuse('MKEY_TYPE', key.path);
    if (key.item.value === MKEY.component) return component2025(value);
    return key.item.value === MKEY.config ? 'config' : refuse('MKEY_UNKNOWN', key.path);
  }
  const named = inTag(key.item, TAG.ssd1Component);
  if (named !== undefined) return componentSsd1(mapAt({ item: named, path: key.path }, 'MKEY_TYPE'), value);
  return inTag(key.item, TAG.ssd1Config) === undefined ? refuse('MKEY_TYPE', key.path) : 'config';
};

/** A reference triple of a platform. */
export const platformReference = (
  environment: At<CborMap>,
  measurements: readonly At[],
  generation: CorimGeneration,
): CorimPlatform => {
  const implementation_id = implementationId(environment, generation);
  const components: CorimComponent[] = [];
  const configs: NonNullable<CorimPlatform['config']>[] = [];
  for (const each of measurements) {
    const measurement = measurementAt(each);
    const part = platformPart(measurement, generation);
    if (part !== 'config') components.push(part);
    else if (configs.length > 0) refuse('CONFIG_REPEATED', each.path);
    else configs.push(config(measurement.value, generation));
  }
  if (components.length === 0) refuse('COMPONENT_MISSING', environment.path);
  return { implementation_id, components, ...(configs[0] === undefined ? {} : { config: configs[0] }) };
};

/** A key triple: the trust anchor of one chip. */
export const platformAnchor = (
  environment: At<CborMap>,
  keys: readonly At[],
  generation: CorimGeneration,
  crypto: Crypto,
): CorimAnchor => {
  const implementation_id = implementationId(environment, generation);
  const instance = memberAt(environment, ENVIRONMENT.instance, 'instance');
  if (instance === undefined) return refuse('INSTANCE_MISSING', environment.path);
  const instance_id = bytesInTag(instance.item, TAG.ueid);
  if (instance_id === undefined) return refuse('INSTANCE_TYPE', instance.path);
  if (instance_id.length !== INSTANCE_ID_SIZE || instance_id[0] !== UEID_RANDOM) refuse('INSTANCE_SIZE', instance.path);
  const [only, ...more] = keys;
  if (only === undefined || more.length > 0) return refuse('KEY_COUNT', environment.path);
  const pem = inTag(only.item, TAG.pkixBase64Key);
  if (pem?.type !== 'text') return refuse('KEY_TYPE', only.path);
  const key = parseSpkiPem(pem.value);
  if (key === undefined || !crypto.isOnCurve(key)) return refuse('KEY_MALFORMED', only.path);
  return { implementation_id, instance_id, key };
};
