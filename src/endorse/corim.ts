import { type CborValue, encode, sortedMap, Tagged } from '../cbor/index.ts';
import type { Crypto, HashName } from '../crypto/index.ts';
import { CORIM_SHAPES, type CorimProfile } from './profile.ts';

/** CBOR tags of CoRIM and CoMID (draft-ietf-rats-corim). */
export const CORIM_TAG = {
  corim: 501,
  comid: 506,
  ueid: 550,
  pkixBase64Key: 554,
  pkixBase64Cert: 555,
  thumbprint: 557,
  bytes: 560,
  uri: 32,
  uuid: 37,
} as const;

/** Digest algorithms of the Named Information registry. */
export const NAMED_INFORMATION = { 'sha-256': 1, 'sha-384': 7, 'sha-512': 8 } as const satisfies Record<
  HashName,
  number
>;

/** A map with integer keys in deterministic order (RFC 8949 4.2.1); members that are undefined are left out. */
export const intMap = (members: Readonly<Record<number, CborValue | undefined>>): CborValue =>
  sortedMap(
    Object.entries(members)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [Number(key), value] as const),
  );

export const taggedBytes = (bytes: Uint8Array): CborValue => new Tagged(CORIM_TAG.bytes, bytes);

export const digest = (algorithm: HashName, value: Uint8Array): CborValue => [NAMED_INFORMATION[algorithm], value];

/** The members of a measurement's value that CCA profiles use. */
export interface MeasurementValue {
  readonly version?: CborValue;
  readonly digests?: readonly CborValue[];
  readonly rawValue?: CborValue;
  readonly rawValueMask?: Uint8Array;
  readonly name?: string;
  readonly cryptokeys?: readonly CborValue[];
  readonly integrityRegisters?: CborValue;
}

/** One measurement before it is written. */
export interface Measurement {
  readonly key?: CborValue;
  readonly value: MeasurementValue;
}

const writeMeasurement = ({ key, value }: Measurement): CborValue =>
  intMap({
    0: key,
    1: intMap({
      0: value.version,
      2: value.digests,
      4: value.rawValue,
      5: value.rawValueMask,
      11: value.name,
      13: value.cryptokeys,
      14: value.integrityRegisters,
    }),
  });

/** What a statement is about: a class, an instance of it, or both. */
export interface Environment {
  readonly classId?: CborValue;
  readonly vendor?: string;
  readonly instance?: CborValue;
}

const writeEnvironment = ({ classId, vendor, instance }: Environment): CborValue =>
  intMap({ 0: classId === undefined ? undefined : intMap({ 0: classId, 1: vendor }), 1: instance });

/** Reference values of one environment. */
export interface ReferenceTriple {
  readonly environment: Environment;
  readonly measurements: readonly Measurement[];
}

/** Keys that verify the attester in one environment. */
export interface KeyTriple {
  readonly environment: Environment;
  readonly keys: readonly CborValue[];
}

/** What a CoMID states. */
export interface Triples {
  readonly references?: readonly ReferenceTriple[];
  readonly attesterKeys?: readonly KeyTriple[];
}

/** A name-based UUID (RFC 9562 5.8) of what it names: the same content has the same identifier. */
export const uuidOf = (crypto: Crypto, ...content: readonly Uint8Array[]): Uint8Array => {
  const hash = crypto.hash('sha-256');
  const joined = content.map((part) => hash.digest(part));
  const bytes = hash.digest(Uint8Array.from(joined.flatMap((part) => [...part]))).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes;
};

/** The usual text of a UUID. */
export const uuidText = (uuid: Uint8Array): string => {
  const hex = Array.from(uuid, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};

/** A concise module identifier: what a CoRIM holds, one for each kind of statement. */
export const comid = (tagId: Uint8Array, { references, attesterKeys }: Triples, profile: CorimProfile): Uint8Array =>
  encode(
    intMap({
      1: intMap({ 0: tagId }),
      4: intMap({
        0: references?.map(({ environment, measurements }) => [
          writeEnvironment(environment),
          measurements.map(writeMeasurement),
        ]),
        [CORIM_SHAPES[profile].attesterKeys]: attesterKeys?.map(({ environment, keys }) => [
          writeEnvironment(environment),
          keys,
        ]),
      }),
    }),
  );

/** Who made it: it must not be mistaken for anybody else's. */
export const ENTITY = { name: 'swcca (simulated)', regid: 'https://swcca.invalid/' } as const;
const ROLE_MANIFEST_CREATOR = 1;

/** The head of a tag alone, for tools that look for it inside a byte string. */
const COMID_HEAD = encode(new Tagged(CORIM_TAG.comid, 0)).slice(0, -1);

const PROFILE_ITEM = {
  uri: (name: string): CborValue => new Tagged(CORIM_TAG.uri, name),
  text: (name: string): CborValue => name,
  list: (name: string): CborValue => [name],
} as const;

/** An unsigned CoRIM around CoMIDs, in deterministic encoding. */
export const corim = (
  id: Uint8Array,
  name: string,
  comids: readonly Uint8Array[],
  profile: CorimProfile,
): Uint8Array => {
  const { tagged, tagInside } = CORIM_SHAPES[profile];
  const content = intMap({
    0: uuidText(id),
    1: comids.map((bytes) => (tagInside ? Uint8Array.of(...COMID_HEAD, ...bytes) : new Tagged(CORIM_TAG.comid, bytes))),
    3: PROFILE_ITEM[CORIM_SHAPES[profile].profile](name),
    5: [intMap({ 0: ENTITY.name, 1: new Tagged(CORIM_TAG.uri, ENTITY.regid), 2: [ROLE_MANIFEST_CREATOR] })],
  });
  return encode(tagged ? new Tagged(CORIM_TAG.corim, content) : content);
};
