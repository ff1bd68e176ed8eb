import { COSE_KEY, DEVICES, ENTRY, HEADER_ALG, PLATFORM, PROFILE, REALM, TAG } from './labels.ts';

/** What surrounds an item, and therefore what its keys mean. */
export type Context =
  | 'token'
  | 'collection'
  | 'sign1'
  | 'header'
  | 'platform'
  | 'component'
  | 'realm'
  | 'device_token'
  | 'device'
  | 'cose_key'
  | 'measurements'
  | 'other';

type Names = ReadonlyMap<number | bigint | string, string>;

const names = (entries: Readonly<Record<number, string>>): Names =>
  new Map(Object.entries(entries).map(([label, name]) => [Number(label), name]));

const NONE: Names = new Map();

/** Names of map keys by context: those of the drafts, of RFC 9052 and of the RMM specification. */
const KEY_NAMES: Readonly<Record<Context, Names>> = {
  token: NONE,
  sign1: NONE,
  measurements: NONE,
  other: NONE,
  collection: names({
    [ENTRY.platform]: 'platform token',
    [ENTRY.realm]: 'Realm token',
    [ENTRY.realmClaims]: 'unsigned Realm claims',
    44252: 'selective device evidence',
    44253: 'comprehensive device evidence',
    44254: 'certificate chain of the platform key',
    44255: 'certificate chain with evidence',
    44256: 'firmware activity log',
    [ENTRY.devices]: 'device token',
  }),
  header: names({ [HEADER_ALG]: 'alg', 2: 'crit', 3: 'content type', 4: 'kid', 33: 'x5chain', 34: 'x5t' }),
  platform: names({
    [PLATFORM.challenge]: 'challenge',
    256: 'instance id',
    [PROFILE]: 'profile',
    2394: 'client id',
    [PLATFORM.lifecycle]: 'lifecycle',
    [PLATFORM.implementationId]: 'implementation id',
    [PLATFORM.components]: 'software components',
    2400: 'verification service',
    2401: 'config',
    2402: 'hash algorithm',
    2403: 'manufacturing config',
    2404: 'extension devices',
    2405: 'public keys of the boot base',
    2406: 'peer signers',
    2407: 'TPM binding',
    [PLATFORM.workloadBinding]: 'workload binding',
  }),
  component: names({
    1: 'type',
    2: 'measurement value',
    3: 'reserved',
    4: 'version',
    5: 'signer id',
    6: 'hash algorithm',
    7: 'live activation supported',
    8: 'countersigner ids',
  }),
  realm: names({
    10: 'challenge',
    256: 'Realm instance id',
    [PROFILE]: 'profile',
    44235: 'personalization value (RPV)',
    44236: 'hash algorithm',
    [REALM.rak]: 'Realm attestation key (RAK)',
    [REALM.rim]: 'initial measurement (RIM)',
    [REALM.rems]: 'extensible measurements (REM 1 to 4)',
    44240: 'hash algorithm of the RAK',
    [REALM.mecPolicy]: 'MEC policy',
    [REALM.lfaPolicy]: 'LFA policy',
    44257: 'hash of the device token',
  }),
  device_token: names({ [PROFILE]: 'profile', [DEVICES]: 'devices' }),
  device: names({
    1: 'identity digest',
    2: 'measurements digest',
    3: 'negotiation digest',
    4: 'coherent traffic under IDE',
    5: 'non-coherent traffic under IDE',
  }),
  cose_key: names({
    [COSE_KEY.kty]: 'kty',
    2: 'kid',
    [COSE_KEY.alg]: 'alg',
    4: 'key_ops',
    [COSE_KEY.crv]: 'crv',
    [COSE_KEY.x]: 'x',
    '-3': 'y',
    '-4': 'd, the private part',
  }),
};

const SIGN1_PARTS = ['protected header', 'unprotected header', 'payload', 'signature'];

/** The name of what stands in a context under a key or at an index, if it has one. */
export const nameOf = (context: Context, key: number | bigint | string): string | undefined => {
  if (context === 'sign1') return typeof key === 'number' ? SIGN1_PARTS[key] : undefined;
  return context === 'measurements' ? `REM ${Number(key) + 1}` : KEY_NAMES[context].get(key);
};

export const TAG_NAMES: Names = names({
  [TAG.mac0]: 'COSE_Mac0',
  [TAG.sign1]: 'COSE_Sign1',
  61: 'CWT',
  [TAG.sign]: 'COSE_Sign',
  [TAG.collection]: 'CCA token: collection of byte strings',
  [TAG.cmw]: 'CCA token: collection of CMW records',
  [TAG.selfDescribed]: 'self-described CBOR',
});

const ALGORITHMS: Names = names({ '-7': 'ES256', '-35': 'ES384', '-36': 'ES512', '-8': 'EdDSA' });
const CONTENT_FORMATS: Names = names({ 263: 'application/eat+cwt', 601: 'application/uccs+cbor' });
const MEC_POLICIES: Names = names({ 0: 'shared', 1: 'private' });
const LFA_POLICIES: Names = names({ 0: 'disallow', 1: 'allow' });
const KEY_TYPES: Names = names({ 1: 'OKP', 2: 'EC2', 3: 'RSA' });
const CURVES: Names = names({ 1: 'P-256', 2: 'P-384', 3: 'P-521', 6: 'Ed25519' });
/** States of the lifecycle by bits 15:8; bits 7:0 are the implementation's own. */
const LIFECYCLE: Names = names({
  0: 'unknown',
  16: 'assembly and test',
  32: 'platform RoT provisioning',
  48: 'secured',
  64: 'non-platform-RoT debug',
  80: 'recoverable platform RoT debug',
  96: 'decommissioned',
});

const lifecycle = (value: number | bigint): string =>
  `0x${value.toString(16)}, ${LIFECYCLE.get(Math.floor(Number(value) / 0x100)) ?? 'in no defined range'}`;

/** What an integer says where it stands: in a context, under a key or at an index. */
export const meaningOf = (
  context: Context,
  key: number | bigint | string,
  value: number | bigint,
): string | undefined => {
  switch (context) {
    case 'header':
      return key === HEADER_ALG ? ALGORITHMS.get(value) : undefined;
    case 'cose_key':
      if (key === COSE_KEY.alg) return ALGORITHMS.get(value);
      return key === COSE_KEY.kty ? KEY_TYPES.get(value) : key === COSE_KEY.crv ? CURVES.get(value) : undefined;
    case 'platform':
      return key === PLATFORM.lifecycle && value >= 0 ? lifecycle(value) : undefined;
    case 'realm':
      return key === REALM.mecPolicy
        ? MEC_POLICIES.get(value)
        : key === REALM.lfaPolicy
          ? LFA_POLICIES.get(value)
          : undefined;
    case 'collection':
      return CONTENT_FORMATS.get(value);
    default:
      return undefined;
  }
};
