/**
 * How the profiles of CCA endorsements write the same facts (endorsements 1). `2025-text` is the profile of 2025 as
 * libraries had it before June 2026: veraison/corim 2fa49d7 and the services up to v0.0.2608.
 */
export type CorimProfile = '2025' | '2025-text' | 'ssd-1';

const NAMES_OF_2025 = {
  platform: 'tag:arm.com,2025:cca_platform#1.0.0',
  realm: 'tag:arm.com,2025:cca_realm#1.0.0',
} as const;

/** Profile names of platform and Realm CoRIMs. */
export const CORIM_PROFILES = {
  '2025': NAMES_OF_2025,
  '2025-text': NAMES_OF_2025,
  'ssd-1': { platform: 'http://arm.com/cca/ssd/1', realm: 'http://arm.com/cca/realm/1' },
} as const satisfies Record<CorimProfile, { readonly platform: string; readonly realm: string }>;

/**
 * What else changed between the tools that read the one profile and those that read the other: in whose words it is said
 * (`ssd1`: in those before 2025), the index of triples with attester keys, the tag around a CoRIM, where the tag of a CoMID
 * stands, and whether the profile is a URI under its tag, a bare text, or a list of such.
 */
export const CORIM_SHAPES = {
  '2025': { ssd1: false, attesterKeys: 3, tagged: true, tagInside: false, profile: 'uri' },
  '2025-text': { ssd1: false, attesterKeys: 3, tagged: true, tagInside: false, profile: 'text' },
  'ssd-1': { ssd1: true, attesterKeys: 2, tagged: false, tagInside: true, profile: 'list' },
} as const satisfies Record<CorimProfile, object>;

/** The profiles whose tools have templates. Those of `2025-text` could not hold a signer in them. */
export type TemplateProfile = Exclude<CorimProfile, '2025-text'>;

/** Whether it is said in the words of before 2025. */
export const isSsd1 = (profile: CorimProfile): boolean => CORIM_SHAPES[profile].ssd1;
