import { PLATFORM, PROFILE, REALM, TAG } from './labels.ts';
import type { Node } from './node.ts';

/** What of a token tells its dialect; undefined is what a token does not show. */
export interface Features {
  /** Tag of the collection. */
  readonly outer: string | undefined;
  readonly platformProfile: string | undefined;
  readonly realmProfile: string | undefined;
  /** Form of claim 44237. */
  readonly rak: string | undefined;
  /** Form of claim 44243. */
  readonly mec: string | undefined;
  /** The platform claim that binds the Realm attestation key. */
  readonly binding: string | undefined;
}
export type FeatureName = keyof Features;

const NO_PROFILE = 'none';

/** Profile strings by the name that is used for them. */
const PROFILES: ReadonlyMap<string, string> = new Map([
  ['http://arm.com/CCA-SSD/1.0.0', 'legacy'],
  ['tag:arm.com,2023:cca_platform#1.0.0', '2023'],
  ['tag:arm.com,2024:cca_platform#2.0.0', '2024'],
  ['tag:arm.com,2023:realm#1.0.0', '2023'],
  ['tag:arm.com,2024:realm#2.0.0', '2024'],
  ['tag:arm.com,2026:realm#2.0.0', '2026'],
]);
/** The 2026 platform profile names its model and its minor version. */
const PLATFORM_2026 = /^tag:arm\.com,2026:cca_platform#2\.[01]\.0([;#](delegated|direct|HESRAK))?$/;

const profileName = (value: string): string => PROFILES.get(value) ?? (PLATFORM_2026.test(value) ? '2026' : value);

/** The named dialects. */
const DIALECTS = {
  'rmm-1.0': {
    outer: '399',
    platformProfile: '2023',
    realmProfile: '2023',
    rak: 'COSE_Key',
    mec: 'absent',
    binding: '10',
  },
  'rmm-1.0-legacy': {
    outer: '399',
    platformProfile: 'legacy',
    realmProfile: NO_PROFILE,
    rak: 'raw',
    mec: 'absent',
    binding: '10',
  },
  'rmm-1.1': {
    outer: '907',
    platformProfile: '2023',
    realmProfile: '2023',
    rak: 'COSE_Key',
    mec: 'text',
    binding: '10',
  },
  'tf-rmm-main': {
    outer: '907',
    platformProfile: '2023',
    realmProfile: '2024',
    rak: 'COSE_Key',
    mec: 'integer',
    binding: '10',
  },
  'rmm-2.0': {
    outer: '907',
    platformProfile: '2024',
    realmProfile: '2024',
    rak: 'COSE_Key',
    mec: 'integer',
    binding: '10',
  },
  'draft-04': {
    outer: '907',
    platformProfile: '2026',
    realmProfile: '2026',
    rak: 'COSE_Key',
    mec: 'integer',
    binding: '2408',
  },
} as const satisfies Record<string, Record<FeatureName, string>>;
export type DialectName = keyof typeof DIALECTS;
const DIALECT_NAMES = Object.keys(DIALECTS) as readonly DialectName[];

export const featuresOfDialect = (name: DialectName): Features => DIALECTS[name];

/** How much a difference counts: profiles name the dialect, the rest are habits of its producers. */
const WEIGHTS = { platformProfile: 8, realmProfile: 8, binding: 4, rak: 4, outer: 2, mec: 1 } as const satisfies Record<
  FeatureName,
  number
>;
const FEATURE_NAMES = Object.keys(WEIGHTS) as readonly FeatureName[];

/** What people call them. */
export const FEATURE_WORDS = {
  outer: 'outer tag',
  platformProfile: 'platform profile',
  realmProfile: 'Realm profile',
  rak: `form of the RAK (${REALM.rak})`,
  mec: `MEC policy (${REALM.mecPolicy})`,
  binding: 'binding claim',
} as const satisfies Record<FeatureName, string>;

/** The dialect a token is nearest to, and why. */
export interface Detected {
  /** Undefined when no profile is a known one. */
  readonly dialect: DialectName | undefined;
  /** Others that fit as well, since the token does not show what sets them apart. */
  readonly also: readonly DialectName[];
  /** One line for each feature that it shares with the dialect. */
  readonly why: readonly string[];
  /** One line for each in which it differs: none when it is this dialect to the letter. */
  readonly differences: readonly string[];
  readonly features: Features;
}

type Claims = ReadonlyMap<unknown, Node>;

/** Values by key; of a repeated key the first. */
const claimsIn = ({ children }: Node): Claims =>
  new Map([...children].reverse().map((child) => [child.key?.value, child]));

/** The first sets of claims of either token, and the tag of the collection, wherever they stand. */
const claimsOf = (root: Node | undefined): { platform?: Claims; realm?: Claims; outer?: string } => {
  const found: { platform?: Claims; realm?: Claims; outer?: string } = {};
  const visit = (node: Node): void => {
    const { type, value } = node;
    if (type === 'tag' && (value === TAG.collection || value === TAG.cmw)) found.outer ??= String(value);
    const claims = type === 'map' ? claimsIn(node) : undefined;
    if (claims?.has(REALM.rak) || claims?.has(REALM.rim)) found.realm ??= claims;
    else if (claims?.has(PLATFORM.implementationId) || claims?.has(PLATFORM.components)) found.platform ??= claims;
    node.children.forEach(visit);
  };
  if (root !== undefined) visit(root);
  return found;
};

const MEC_FORMS: Readonly<Partial<Record<Node['type'], string>>> = { uint: 'integer', text: 'text' };

/** @param complete whether all bytes were read: only then is an absent claim known to be absent. */
export const featuresOf = (root: Node | undefined, complete: boolean): Features => {
  const { platform, realm, outer } = claimsOf(root);
  const absent = (word: string): string | undefined => (complete ? word : undefined);
  const platformProfile = platform?.get(PROFILE);
  const realmProfile = realm?.get(PROFILE);
  const rak = realm?.get(REALM.rak);
  const mec = realm?.get(REALM.mecPolicy);
  const bindings = [PLATFORM.workloadBinding, PLATFORM.challenge].filter((label) => platform?.has(label));
  return {
    outer,
    platformProfile: platformProfile?.type === 'text' ? profileName(String(platformProfile.value)) : undefined,
    realmProfile:
      realmProfile?.type === 'text'
        ? profileName(String(realmProfile.value))
        : realm !== undefined && realmProfile === undefined
          ? absent(NO_PROFILE)
          : undefined,
    rak: rak && (rak.type !== 'bytes' ? `a ${rak.type}` : rak.children.length > 0 ? 'COSE_Key' : 'raw'),
    mec: realm === undefined ? undefined : mec === undefined ? absent('absent') : (MEC_FORMS[mec.type] ?? mec.type),
    binding: bindings.length === 0 ? undefined : String(bindings[0]),
  };
};

const KNOWN_PROFILES = new Set(['legacy', '2023', '2024', '2026']);

/** Finds the dialect with the fewest and lightest differences. */
export const detectDialect = (features: Features): Detected => {
  const shown = FEATURE_NAMES.filter((name) => features[name] !== undefined);
  const differing = (dialect: DialectName): readonly FeatureName[] =>
    shown.filter((name) => features[name] !== DIALECTS[dialect][name]);
  const weight = (dialect: DialectName): number => differing(dialect).reduce((sum, name) => sum + WEIGHTS[name], 0);
  const isLegacyRealm = features.realmProfile === NO_PROFILE && features.rak === 'raw';
  const isNamed = [features.platformProfile, features.realmProfile].some(
    (name) => name !== undefined && KNOWN_PROFILES.has(name),
  );
  const ranked = [...DIALECT_NAMES].sort((a, b) => weight(a) - weight(b));
  const dialect = isNamed || isLegacyRealm ? ranked[0] : undefined;
  if (dialect === undefined) {
    return { dialect, also: [], why: [], differences: ['no profile of a known dialect'], features };
  }
  const differences = differing(dialect);
  return {
    dialect,
    also: ranked.slice(1).filter((other) => weight(other) === weight(dialect)),
    why: shown.filter((name) => !differences.includes(name)).map((name) => `${FEATURE_WORDS[name]}: ${features[name]}`),
    differences: differences.map(
      (name) => `${FEATURE_WORDS[name]}: ${features[name]}, where ${dialect} has ${DIALECTS[dialect][name]}`,
    ),
    features,
  };
};
