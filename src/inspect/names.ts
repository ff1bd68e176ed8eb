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
  | 'other';

type Names = ReadonlyMap<number | bigint | string, string>;

const names = (entries: Readonly<Record<number, string>>): Names =>
  new Map(Object.entries(entries).map(([label, name]) => [Number(label), name]));

const NONE: Names = new Map();

/** Names of map keys by context: those of the drafts, of RFC 9052 and of the RMM specification. */
export const KEY_NAMES: Readonly<Record<Context, Names>> = {
  token: NONE,
  sign1: NONE,
  other: NONE,
  collection: names({
    44234: 'platform token',
    44241: 'Realm token',
    44251: 'unsigned Realm claims',
    44252: 'selective device evidence',
    44253: 'comprehensive device evidence',
    44254: 'certificate chain of the platform key',
    44255: 'certificate chain with evidence',
    44256: 'firmware activity log',
    44258: 'device token',
  }),
  header: names({ 1: 'alg', 2: 'crit', 3: 'content type', 4: 'kid', 33: 'x5chain', 34: 'x5t' }),
  platform: names({
    10: 'challenge',
    256: 'instance id',
    265: 'profile',
    2394: 'client id',
    2395: 'lifecycle',
    2396: 'implementation id',
    2399: 'software components',
    2400: 'verification service',
    2401: 'config',
    2402: 'hash algorithm',
    2403: 'manufacturing config',
    2404: 'extension devices',
    2405: 'public keys of the boot base',
    2406: 'peer signers',
    2407: 'TPM binding',
    2408: 'workload binding',
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
    265: 'profile',
    44235: 'personalization value (RPV)',
    44236: 'hash algorithm',
    44237: 'Realm attestation key (RAK)',
    44238: 'initial measurement (RIM)',
    44239: 'extensible measurements (REM 1 to 4)',
    44240: 'hash algorithm of the RAK',
    44243: 'MEC policy',
    44244: 'LFA policy',
    44257: 'hash of the device token',
  }),
  device_token: names({ 265: 'profile', 44259: 'devices' }),
  device: names({
    1: 'identity digest',
    2: 'measurements digest',
    3: 'negotiation digest',
    4: 'coherent traffic under IDE',
    5: 'non-coherent traffic under IDE',
  }),
  cose_key: names({
    1: 'kty',
    2: 'kid',
    3: 'alg',
    4: 'key_ops',
    '-1': 'crv',
    '-2': 'x',
    '-3': 'y',
    '-4': 'd, the private part',
  }),
};

const SIGN1_PARTS = ['protected header', 'unprotected header', 'payload', 'signature'];

/** Names of array members by context. */
export const memberName = (context: Context, index: number): string | undefined =>
  context === 'sign1' ? SIGN1_PARTS[index] : undefined;

export const TAG_NAMES: Names = names({
  17: 'COSE_Mac0',
  18: 'COSE_Sign1',
  61: 'CWT',
  98: 'COSE_Sign',
  399: 'CCA token: collection of byte strings',
  907: 'CCA token: collection of CMW records',
  55799: 'self-described CBOR',
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
      return key === 1 ? ALGORITHMS.get(value) : undefined;
    case 'cose_key':
      if (key === 3) return ALGORITHMS.get(value);
      return key === 1 ? KEY_TYPES.get(value) : key === -1 ? CURVES.get(value) : undefined;
    case 'platform':
      return key === 2395 && value >= 0 ? lifecycle(value) : undefined;
    case 'realm':
      return key === 44243 ? MEC_POLICIES.get(value) : key === 44244 ? LFA_POLICIES.get(value) : undefined;
    case 'collection':
      return CONTENT_FORMATS.get(value);
    default:
      return undefined;
  }
};
