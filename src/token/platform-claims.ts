import { bool, bstr, type ClaimTable, claim, mapOf, oneOf, oneOrMore, optional, text, ueid, uint } from './claim.ts';

const digest = bstr(32, 48, 64);

/** A software component (token 4, component map). */
export const componentClaims = {
  component_type: optional(1, text, 'role of the component'),
  measurement_value: claim(2, digest, 'what the slot holds'),
  version: optional(4, text, 'version as its signer names it'),
  signer_id: claim(5, digest, 'hash of the key that signed it'),
  hash_algo_id: optional(6, text, 'algorithm of the measurement, when it is not the default'),
} as const satisfies ClaimTable;

/** A software component since the 2024 profile. */
export const componentClaims2024 = {
  ...componentClaims,
  live_activation: optional(7, bool, 'whether it may be replaced without a reset'),
  countersigner_ids: optional(8, oneOrMore(digest), 'hashes of the keys that signed it besides'),
} as const satisfies ClaimTable;

/** The orders in which producers write the members of a component (token 4, token-next 8). */
export const COMPONENT_ORDERS = {
  rse: ['signer_id', 'version', 'component_type', 'hash_algo_id', 'measurement_value'],
  sample: ['component_type', 'signer_id', 'measurement_value', 'hash_algo_id', 'version'],
  go: ['component_type', 'measurement_value', 'version', 'signer_id', 'hash_algo_id'],
  islet: ['component_type', 'hash_algo_id', 'measurement_value', 'version', 'signer_id'],
  'rmm-2.0': ['component_type', 'version', 'measurement_value', 'signer_id', 'hash_algo_id'],
} as const satisfies Record<string, readonly (keyof typeof componentClaims)[]>;
export type ComponentOrder = keyof typeof COMPONENT_ORDERS;

/** A list of components, members in this order; those that came with the 2024 profile stand last in every order. */
export const components = <T extends ClaimTable>(table: T, order: ComponentOrder) =>
  oneOrMore(mapOf(table, [...COMPONENT_ORDERS[order], 'live_activation', 'countersigner_ids']));

/** The claims of the legacy and of the 2023 profile (token 4): the profile string alone differs. */
export const platformClaims2023 = {
  challenge: claim(10, digest, 'hash of the RAK'),
  instance_id: claim(256, ueid, 'identifies the chip'),
  profile: claim(265, text, 'names this table'),
  lifecycle: claim(2395, uint, 'state of the security lifecycle, in bits 15:8'),
  implementation_id: claim(2396, bstr(32), 'identifies the design of the chip'),
  sw_components: claim(2399, components(componentClaims, 'rse'), 'what was measured at boot'),
  verification_service: optional(2400, text, 'where the token can be verified'),
  config: claim(2401, bstr(), 'configuration of the chip, opaque'),
  hash_algo_id: claim(2402, text, 'default algorithm of measurements'),
} as const satisfies ClaimTable;

/** An extension device, CXL memory, under the 2024 profile (token-next 3, 2404). */
export const extensionDeviceClaims = {
  hash_algo_id: optional(1, text, 'algorithm of the digests, when it is not the default'),
  measurement_digest: claim(2, digest, 'digest of the measurement exchange'),
  certificate_digest: claim(3, digest, 'digest of the certificate chain'),
  ide: claim(4, bool, 'whether IDE protects its traffic'),
  protocol: claim(5, text, 'protocol that attested it'),
  vca_digest: optional(6, digest, 'digest of the SPDM negotiation'),
} as const satisfies ClaimTable;

const devices = oneOrMore(mapOf(extensionDeviceClaims, Object.keys(extensionDeviceClaims)));

/** The claims of the 2024 profile, RMM 2.0 beta (token-next 3). */
export const platformClaims2024 = {
  ...platformClaims2023,
  client_id: claim(2394, oneOf(1), 'who asked: the Realm Management security domain'),
  sw_components: claim(2399, components(componentClaims2024, 'rse'), 'what was measured at boot'),
  manufacturing_config: optional(2403, bstr(), 'configuration set in manufacturing, opaque'),
  extension: optional(2404, devices, 'devices that extend the platform'),
} as const satisfies ClaimTable;

/** A public key that the trusted boot base has provisioned (token-next 3, 2405). */
export const rotpkClaims = {
  name: claim(1, text, 'whose key it is'),
  active: claim(2, uint, 'the array in use'),
  index: claim(3, uint, 'place in that array'),
  key_hash: claim(4, digest, 'hash of the key'),
} as const satisfies ClaimTable;

/** The claims of the 2026 profile, delegated model: draft -04, where 2408 binds and 10 must be absent (token-next 3). */
export const platformClaims2026 = {
  workload_binding: claim(2408, digest, 'hash of the RAK'),
  instance_id: platformClaims2023.instance_id,
  profile: platformClaims2023.profile,
  lifecycle: platformClaims2023.lifecycle,
  implementation_id: platformClaims2023.implementation_id,
  verification_service: platformClaims2023.verification_service,
  config: platformClaims2023.config,
  hash_algo_id: platformClaims2023.hash_algo_id,
  client_id: platformClaims2024.client_id,
  sw_components: platformClaims2024.sw_components,
  manufacturing_config: platformClaims2024.manufacturing_config,
  tbb_rotpk: optional(2405, oneOrMore(mapOf(rotpkClaims, Object.keys(rotpkClaims))), 'keys of the trusted boot base'),
  peer_signers: optional(2406, oneOrMore(bstr()), 'signers of peers'),
  tpm_binding: optional(2407, bstr(), 'binds a discrete TPM, opaque'),
} as const satisfies ClaimTable;

/** Platform profiles by the year in their name, and the claim that binds the RAK under each (token-next 3.1). */
export const PLATFORM_PROFILES = {
  legacy: {
    value: 'http://arm.com/CCA-SSD/1.0.0',
    claims: platformClaims2023,
    component: componentClaims,
    binding: 'challenge',
  },
  '2023': {
    value: 'tag:arm.com,2023:cca_platform#1.0.0',
    claims: platformClaims2023,
    component: componentClaims,
    binding: 'challenge',
  },
  '2024': {
    value: 'tag:arm.com,2024:cca_platform#2.0.0',
    claims: platformClaims2024,
    component: componentClaims2024,
    binding: 'challenge',
  },
  '2026': {
    value: 'tag:arm.com,2026:cca_platform#2.0.0',
    claims: platformClaims2026,
    component: componentClaims2024,
    binding: 'workload_binding',
  },
} as const satisfies Record<string, { value: string; claims: ClaimTable; component: ClaimTable; binding: string }>;
export type PlatformProfile = keyof typeof PLATFORM_PROFILES;

type PlatformClaimName = keyof typeof platformClaims2024 | keyof typeof platformClaims2026;

/** Whichever of the two the profile has. */
const BINDING = ['challenge', 'workload_binding'] as const;
/** Claims that only later profiles have and no producer places elsewhere. */
const LATER = ['manufacturing_config', 'extension', 'tbb_rotpk', 'peer_signers', 'tpm_binding'] as const;

/** The orders in which producers write platform claims (token 4, token-next 8); each names every claim of every profile. */
// biome-ignore format: one producer, one table row
export const PLATFORM_ORDERS = {
  rse: [...BINDING, 'instance_id', 'implementation_id', 'lifecycle', 'sw_components', 'profile', 'hash_algo_id', 'config',
    'verification_service', 'client_id', ...LATER],
  sample: ['profile', ...BINDING, 'implementation_id', 'instance_id', 'config', 'lifecycle', 'hash_algo_id', 'client_id',
    'verification_service', 'sw_components', ...LATER],
  go: ['profile', ...BINDING, 'implementation_id', 'instance_id', 'config', 'lifecycle', 'sw_components',
    'verification_service', 'hash_algo_id', 'client_id', ...LATER],
  islet: [...BINDING, 'instance_id', 'profile', 'lifecycle', 'implementation_id', 'sw_components', 'verification_service',
    'config', 'hash_algo_id', 'client_id', ...LATER],
  'rmm-2.0': ['profile', ...BINDING, 'implementation_id', 'instance_id', 'config', 'lifecycle', 'hash_algo_id', 'client_id',
    'sw_components', 'verification_service', ...LATER],
} as const satisfies Record<string, readonly PlatformClaimName[]>;
export type PlatformOrder = keyof typeof PLATFORM_ORDERS;
