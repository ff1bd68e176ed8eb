import type { KeyMember } from '../cose/index.ts';
import type { HashName } from '../crypto/index.ts';
import type { ComponentOrder, PlatformOrder, PlatformProfile } from './platform-claims.ts';
import type { DeviceProfile, RealmOrder, RealmProfile } from './realm-claims.ts';

/** The form of a token: every choice that producers of CCA tokens have made differently, as a field (token 8). */
export interface Dialect {
  readonly name: string;
  /** One line for people. */
  readonly summary: string;
  /** CBOR tag of the collection: 399 holds byte strings, 907 holds CMW records. */
  readonly outer: 399 | 907;
  /** Form of the entries, where it is not the one that goes with the tag: no reader is known to take that. */
  readonly entry?: 'bstr' | 'record' | undefined;
  readonly platformProfile: PlatformProfile;
  readonly realmProfile: RealmProfile;
  /** What claim 44237 holds: the point `04 ‖ x ‖ y`, or a COSE_Key. */
  readonly rak: 'raw' | 'cose-key';
  /** Order of the members of that COSE_Key; by default kty, crv, x, y. */
  readonly rakOrder?: readonly KeyMember[] | undefined;
  /** What claim 44240 names, and what binds the RAK; by default sha-256. */
  readonly rakHash?: HashName | undefined;
  /** Whether the platform token names its key, by the SHA-256 of its COSE_Key, in the unprotected header (token 2). */
  readonly kid?: boolean | undefined;
  /** How claim 44243 says the MEC policy. */
  readonly mec: 'int' | 'text' | 'none';
  /** Whether claim 256 of the Realm token is there. */
  readonly realmInstanceId: boolean;
  /** Whether claim 44244 of the Realm token is there. */
  readonly lfaPolicy: boolean;
  /** The profile of the device claims, where devices can be attested. */
  readonly deviceProfile: DeviceProfile | undefined;
  readonly platformOrder: PlatformOrder;
  readonly componentOrder: ComponentOrder;
  readonly realmOrder: RealmOrder;
}

const rmm10: Dialect = {
  name: 'rmm-1.0',
  summary: 'RMM 1.0-rel0: tag 399, 2023 profiles, RAK as COSE_Key',
  outer: 399,
  platformProfile: '2023',
  realmProfile: '2023',
  rak: 'cose-key',
  mec: 'none',
  realmInstanceId: false,
  lfaPolicy: false,
  deviceProfile: undefined,
  platformOrder: 'rse',
  componentOrder: 'rse',
  realmOrder: 'tf-rmm',
};

/** The dialects that stacks speak or documents describe (token 8, token-next 8). */
export const DIALECTS = {
  'rmm-1.0': rmm10,
  'rmm-1.0-legacy': {
    ...rmm10,
    name: 'rmm-1.0-legacy',
    summary: 'RMM 1.0 before rel0: tag 399, the old platform profile, no Realm profile, bare RAK',
    platformProfile: 'legacy',
    realmProfile: 'legacy',
    rak: 'raw',
  },
  'rmm-1.1': {
    ...rmm10,
    name: 'rmm-1.1',
    summary: 'RMM 1.1-alp14: tag 907, 2023 profiles, MEC policy as text',
    outer: 907,
    mec: 'text',
  },
  'tf-rmm-main': {
    ...rmm10,
    name: 'tf-rmm-main',
    summary: 'TF-RMM main on FVP: tag 907, 2023 platform, 2024 Realm with instance id and MEC policy',
    outer: 907,
    realmProfile: '2024',
    mec: 'int',
    realmInstanceId: true,
    platformOrder: 'sample',
    componentOrder: 'sample',
  },
  'rmm-2.0': {
    ...rmm10,
    name: 'rmm-2.0',
    summary: 'RMM 2.0 beta: tag 907, 2024 profiles, client id, live activation, devices',
    outer: 907,
    platformProfile: '2024',
    realmProfile: '2024',
    mec: 'int',
    realmInstanceId: true,
    lfaPolicy: true,
    deviceProfile: '2025',
    platformOrder: 'rmm-2.0',
    componentOrder: 'rmm-2.0',
  },
  'draft-04': {
    ...rmm10,
    name: 'draft-04',
    summary: 'draft-ffm-rats-cca-token-04: tag 907, 2026 profiles, the RAK bound by claim 2408',
    outer: 907,
    platformProfile: '2026',
    realmProfile: '2026',
    mec: 'int',
    realmInstanceId: true,
    lfaPolicy: true,
    deviceProfile: '2026',
    platformOrder: 'sample',
    componentOrder: 'sample',
    realmOrder: 'draft-04',
  },
} as const satisfies Record<string, Dialect>;
export type DialectName = keyof typeof DIALECTS;

/** The parts in which a dialect differs from the one whose name it has. */
export const knobsOf = (dialect: Dialect): Partial<Dialect> => {
  const named = { ...dialectNamed(dialect.name) } as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(dialect).filter(([part, value]) => named[part] !== value));
};

/** The dialect, under any of its names. */
export const dialectNamed = (name: string): Dialect | undefined =>
  Object.hasOwn(DIALECTS, name) ? DIALECTS[name as DialectName] : undefined;
