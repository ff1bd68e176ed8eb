import { bool, bstr, type ClaimTable, claim, exactly, mapOf, oneOf, oneOrMore, optional, text, ueid } from './claim.ts';

const digest = bstr(32, 48, 64);

/** MEC policies: the integer of RMM 2.0, and the text that says the same in RMM 1.1 (token 3, 44243). */
export const MEC_POLICIES = ['shared', 'private'] as const;
export type MecPolicy = (typeof MEC_POLICIES)[number];

const mecPolicy = oneOf(0, 1, ...MEC_POLICIES);

/** The claims of a Realm token without profile, RMM 1.0 before rel0: the RAK is a bare point (token 3). */
export const realmClaimsLegacy = {
  challenge: claim(10, bstr(64), 'the value the Realm passed to RSI_ATTESTATION_TOKEN_INIT'),
  personalization_value: claim(44235, bstr(64), 'RPV, from RmiRealmParams'),
  hash_algo_id: claim(44236, text, 'algorithm of the measurements'),
  public_key: claim(44237, bstr(), 'RAK'),
  initial_measurement: claim(44238, digest, 'RIM'),
  extensible_measurements: claim(44239, exactly(4, digest), 'REM 1 to 4'),
  public_key_hash_algo_id: claim(44240, text, 'algorithm that binds the RAK to the platform token'),
  mec_policy: optional(44243, mecPolicy, 'whether the Realm shares a memory encryption context'),
  instance_id: optional(256, ueid, 'identifies this Realm, anew for each'),
} as const satisfies ClaimTable;

/** The claims of the 2023 profile: the RAK is a COSE_Key. */
export const realmClaims2023 = {
  ...realmClaimsLegacy,
  profile: claim(265, text, 'names this table'),
} as const satisfies ClaimTable;

/** The claims of the 2024 and of the 2026 profile (token-next 2). */
export const realmClaims2024 = {
  ...realmClaims2023,
  instance_id: claim(256, ueid, 'identifies this Realm, anew for each'),
  mec_policy: claim(44243, mecPolicy, 'whether the Realm shares a memory encryption context'),
  lfa_policy: optional(44244, oneOf(0, 1), 'whether live activation is allowed while the Realm lives'),
  devices_hash: optional(44257, digest, 'hash of the device claims'),
} as const satisfies ClaimTable;

/** Realm profiles by the year in their name (token 3, token-next 3.1). */
export const REALM_PROFILES = {
  legacy: { value: undefined, claims: realmClaimsLegacy },
  '2023': { value: 'tag:arm.com,2023:realm#1.0.0', claims: realmClaims2023 },
  '2024': { value: 'tag:arm.com,2024:realm#2.0.0', claims: realmClaims2024 },
  '2026': { value: 'tag:arm.com,2026:realm#2.0.0', claims: realmClaims2024 },
} as const satisfies Record<string, { value: string | undefined; claims: ClaimTable }>;
export type RealmProfile = keyof typeof REALM_PROFILES;

/** The orders in which producers write Realm claims (token 3); each names every claim of every profile. */
// biome-ignore format: one producer, one table row
export const REALM_ORDERS = {
  'tf-rmm': ['challenge', 'instance_id', 'personalization_value', 'public_key', 'hash_algo_id', 'public_key_hash_algo_id',
    'mec_policy', 'profile', 'initial_measurement', 'extensible_measurements', 'lfa_policy', 'devices_hash'],
  islet: ['challenge', 'personalization_value', 'initial_measurement', 'extensible_measurements', 'hash_algo_id', 'public_key',
    'public_key_hash_algo_id', 'profile', 'instance_id', 'mec_policy', 'lfa_policy', 'devices_hash'],
  go: ['profile', 'challenge', 'personalization_value', 'initial_measurement', 'extensible_measurements', 'hash_algo_id',
    'public_key', 'public_key_hash_algo_id', 'instance_id', 'mec_policy', 'lfa_policy', 'devices_hash'],
  sample: ['profile', 'challenge', 'instance_id', 'hash_algo_id', 'public_key_hash_algo_id', 'personalization_value',
    'public_key', 'initial_measurement', 'mec_policy', 'extensible_measurements', 'lfa_policy', 'devices_hash'],
  'draft-04': ['profile', 'challenge', 'hash_algo_id', 'public_key_hash_algo_id', 'personalization_value', 'public_key',
    'initial_measurement', 'extensible_measurements', 'mec_policy', 'instance_id', 'lfa_policy', 'devices_hash'],
} as const satisfies Record<string, readonly (keyof typeof realmClaims2024)[]>;
export type RealmOrder = keyof typeof REALM_ORDERS;

/** A device assigned to a Realm (token-next 3.2, 44259). */
export const deviceClaims = {
  identity_digest: claim(1, digest, 'digest of its identity'),
  measurements_digest: claim(2, digest, 'digest of the measurement exchange'),
  protocol_digest: optional(3, digest, 'digest of the protocol negotiation'),
  ide_coherent: claim(4, bool, 'whether IDE protects coherent traffic'),
  ide_noncoherent: claim(5, bool, 'whether IDE protects non-coherent traffic'),
} as const satisfies ClaimTable;

/** The unsigned claims of the devices of a Realm, bound by its `devices_hash` (token-next 3.2). */
export const deviceTokenClaims = {
  profile: claim(265, text, 'names this table'),
  devices: claim(44259, oneOrMore(mapOf(deviceClaims, Object.keys(deviceClaims))), 'in the order of VDEV creation'),
} as const satisfies ClaimTable;

/** Device profiles by the year in their name. */
export const DEVICE_PROFILES = {
  '2025': 'tag:arm.com,2025:cca_device#2.0.0',
  '2026': 'tag:arm.com,2026:cca_device#2.0.0',
} as const;
export type DeviceProfile = keyof typeof DEVICE_PROFILES;
