/** How the profiles of CCA endorsements write the same facts (endorsements 1). */
export type CorimProfile = '2025' | 'ssd-1';

/** Profile names of platform and Realm CoRIMs. */
export const CORIM_PROFILES = {
  '2025': { platform: 'tag:arm.com,2025:cca_platform#1.0.0', realm: 'tag:arm.com,2025:cca_realm#1.0.0' },
  'ssd-1': { platform: 'http://arm.com/cca/ssd/1', realm: 'http://arm.com/cca/realm/1' },
} as const satisfies Record<CorimProfile, { readonly platform: string; readonly realm: string }>;

/**
 * What else changed between the tools that read the one profile and those that read the other: the index of triples with
 * attester keys, the tag around a CoRIM, where the tag of a CoMID stands, and whether a CoRIM has a list of profiles, as bare text.
 */
export const CORIM_SHAPES = {
  '2025': { attesterKeys: 3, tagged: true, tagInside: false, profileList: false },
  'ssd-1': { attesterKeys: 2, tagged: false, tagInside: true, profileList: true },
} as const satisfies Record<CorimProfile, object>;
