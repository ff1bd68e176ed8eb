/** Sets of platform claims: what 1.0 defined, RMM 2.0 beta and draft -03, draft -04. */
export type PlatformGeneration = '1' | '2024' | '2026';
/** Sets of Realm claims, named likewise. */
export type RealmGeneration = '1' | '2024' | '2026';

/**
 * How the platform token vouches for the Realm: by the hash of the key that signs the Realm token, by the hash of the
 * unsigned Realm claims, or by the first with the Realm challenge beside it (the key never leaves the HES).
 */
export type BindingModel = 'delegated' | 'direct' | 'hesrak';

export interface PlatformProfile {
  readonly generation: PlatformGeneration;
  readonly model: BindingModel;
  /** Whether there are extension devices (claim 2404) in this profile. */
  readonly extension: boolean;
  /** Realm profiles that belong to it; `none` is a Realm token without a profile claim. */
  readonly realms: readonly string[];
}

export interface RealmProfile {
  readonly generation: RealmGeneration;
  readonly rak: 'raw' | 'cose-key';
}

/** What stands for the profile of a Realm token that has none. */
export const NO_PROFILE = 'none';

const REALM_1 = 'tag:arm.com,2023:realm#1.0.0';
const REALM_2024 = 'tag:arm.com,2024:realm#2.0.0';
const REALM_2026 = 'tag:arm.com,2026:realm#2.0.0';

export const REALM_PROFILES: ReadonlyMap<string, RealmProfile> = new Map([
  [NO_PROFILE, { generation: '1', rak: 'raw' }],
  [REALM_1, { generation: '1', rak: 'cose-key' }],
  [REALM_2024, { generation: '2024', rak: 'cose-key' }],
  [REALM_2026, { generation: '2026', rak: 'cose-key' }],
]);

/** The Realm claims that a platform profile describes when the Realm token has no profile of its own. */
export const INHERITED_REALM: Readonly<Record<PlatformGeneration, RealmProfile | undefined>> = {
  '1': undefined,
  '2024': REALM_PROFILES.get(REALM_2024),
  '2026': REALM_PROFILES.get(REALM_2026),
};

const first = (...realms: readonly string[]): PlatformProfile => ({
  generation: '1',
  model: 'delegated',
  extension: false,
  realms,
});

const of2024 = (model: BindingModel): PlatformProfile => ({
  generation: '2024',
  model,
  extension: true,
  realms: [REALM_2024],
});

const PLATFORM_2026 = ['2.0.0', '2.1.0'] as const;
/** Draft -04 separates the model with a semicolon; RMM 2.0-bet3 is reported to use a number sign. */
const MODELS_2026 = {
  '': 'delegated',
  ';delegated': 'delegated',
  '#delegated': 'delegated',
  ';direct': 'direct',
  '#direct': 'direct',
  ';HESRAK': 'hesrak',
  '#HESRAK': 'hesrak',
} as const satisfies Record<string, BindingModel>;

const profilesOf2026 = PLATFORM_2026.flatMap((version) =>
  Object.entries(MODELS_2026).map(([suffix, model]): [string, PlatformProfile] => [
    `tag:arm.com,2026:cca_platform#${version}${suffix}`,
    { generation: '2026', model, extension: version !== '2.0.0', realms: [REALM_2026] },
  ]),
);

export const PLATFORM_PROFILES: ReadonlyMap<string, PlatformProfile> = new Map([
  ['http://arm.com/CCA-SSD/1.0.0', first(NO_PROFILE)],
  // No document pairs it with the 2024 Realm profile, yet that is what TF-RMM makes on a platform of 1.0.
  ['tag:arm.com,2023:cca_platform#1.0.0', first(REALM_1, REALM_2024)],
  ['tag:arm.com,2024:cca_platform#1.1.0', first(REALM_1)],
  ['tag:arm.com,2024:cca_platform#2.0.0', of2024('delegated')],
  ['tag:arm.com,2024:cca_platform#2.0.0;direct', of2024('direct')],
  ...profilesOf2026,
]);

export const DEVICE_PROFILES: readonly string[] = [
  'tag:arm.com,2025:cca_device#2.0.0',
  'tag:arm.com,2026:cca_device#2.0.0',
];
