import { KEY_ORDER, type KeyMember } from '../../cose/index.ts';
import type { HashName } from '../../crypto/index.ts';
import type { HesSwitches } from '../../hes/index.ts';
import {
  type Dialect,
  PLATFORM_PROFILES,
  type PlatformProfile,
  REALM_PROFILES,
  type RealmProfile,
} from '../../token/index.ts';
import type { Call, Option } from '../command.ts';
import { badCommandLine } from '../exit.ts';
import { choice, flag } from './values.ts';

const OUTER = ['399', '907'] as const;
const ENTRIES = ['bstr', 'record'] as const;
const RAK = ['cose-key', 'raw'] as const;
const MEC = ['int', 'text', 'none'] as const;
const HASHES: readonly HashName[] = ['sha-256', 'sha-384', 'sha-512'];
const PLATFORM_PROFILE_NAMES = Object.keys(PLATFORM_PROFILES) as PlatformProfile[];
const REALM_PROFILE_NAMES = Object.keys(REALM_PROFILES) as RealmProfile[];

/** The orders of claims that one producer has, in both tokens (token 3, 4; token-next 8). */
const ORDERS = {
  rse: { platformOrder: 'rse', componentOrder: 'rse', realmOrder: 'tf-rmm' },
  sample: { platformOrder: 'sample', componentOrder: 'sample', realmOrder: 'sample' },
  go: { platformOrder: 'go', componentOrder: 'go', realmOrder: 'go' },
  islet: { platformOrder: 'islet', componentOrder: 'islet', realmOrder: 'islet' },
  'rmm-2.0': { platformOrder: 'rmm-2.0', componentOrder: 'rmm-2.0', realmOrder: 'tf-rmm' },
  'draft-04': { platformOrder: 'sample', componentOrder: 'sample', realmOrder: 'draft-04' },
} as const satisfies Record<string, Pick<Dialect, 'platformOrder' | 'componentOrder' | 'realmOrder'>>;
const ORDER_NAMES = Object.keys(ORDERS) as (keyof typeof ORDERS)[];

const parseKeyOrder = (text: string): readonly KeyMember[] => {
  const members = text.split(',');
  const known = members.filter((member): member is KeyMember => KEY_ORDER.some((each) => each === member));
  const complete = known.length === KEY_ORDER.length && new Set(known).size === known.length;
  if (!complete || members.length !== known.length) {
    throw badCommandLine(`"${text}" does not name each of ${KEY_ORDER.join(', ')} once, with commas`);
  }
  return known;
};

const oneOf = <const C extends string>(choices: readonly C[], help: string) =>
  ({ kind: 'option', value: choices.join('|'), help, parse: (text) => choice(choices, text) }) satisfies Option<C>;

/** Single parts of a dialect: each overrides what `--dialect` says. */
export const dialectOptions = {
  outer: oneOf(OUTER, 'tag of the collection; entries take the form that goes with it'),
  entry: oneOf(ENTRIES, 'form of the entries, where it is not the one that goes with the tag'),
  'platform-profile': oneOf(PLATFORM_PROFILE_NAMES, 'profile of the platform token, by its year'),
  'realm-profile': oneOf(REALM_PROFILE_NAMES, 'profile of the Realm token, by its year; legacy is none'),
  rak: oneOf(RAK, 'form of the Realm key in claim 44237, and of what binds it'),
  'rak-order': {
    kind: 'option',
    value: KEY_ORDER.join(','),
    help: 'order of the members of that COSE_Key',
    parse: parseKeyOrder,
  } satisfies Option<readonly KeyMember[]>,
  'rak-hash': oneOf(HASHES, 'hash that binds the Realm key, and claim 44240'),
  'platform-hash': oneOf(HASHES, 'hash of the measured boot, and claim 2402: it sets the size of measurements'),
  mec: oneOf(MEC, 'form of the MEC policy, claim 44243'),
  kid: flag('name the platform key in the unprotected header, as RSE can do'),
  order: oneOf(ORDER_NAMES, 'whose order the claims of both tokens have'),
} as const;

type DialectValues = Call<typeof dialectOptions>['values'];

/** Changes to what `--dialect` names. */
export interface Knobs {
  readonly dialect: (dialect: Dialect) => Dialect;
  readonly hes: Partial<HesSwitches>;
}

/** A dialect with the parts that the options name in the place of its own. */
const withKnobs = (dialect: Dialect, values: DialectValues): Dialect => {
  const { outer, entry, rak, mec, kid, order } = values;
  const { 'platform-profile': platformProfile, 'realm-profile': realmProfile } = values;
  const { 'rak-order': rakOrder, 'rak-hash': rakHash } = values;
  return {
    ...dialect,
    ...(outer === undefined ? {} : { outer: outer === '399' ? 399 : 907 }),
    ...(entry === undefined ? {} : { entry }),
    ...(platformProfile === undefined ? {} : { platformProfile }),
    ...(realmProfile === undefined ? {} : realmParts(realmProfile)),
    ...(rak === undefined ? {} : { rak }),
    ...(rakOrder === undefined ? {} : { rakOrder }),
    ...(rakHash === undefined ? {} : { rakHash }),
    ...(mec === undefined ? {} : { mec }),
    ...(kid ? { kid } : {}),
    ...(order === undefined ? {} : ORDERS[order]),
  };
};

/** Claims that a Realm profile must have, or has no place for, follow it. */
const realmParts = (realmProfile: RealmProfile): Partial<Dialect> => {
  const since2024 = realmProfile === '2024' || realmProfile === '2026';
  return {
    realmProfile,
    realmInstanceId: since2024,
    lfaPolicy: since2024,
    ...(since2024 ? { mec: 'int' } : { mec: 'none' }),
    rak: realmProfile === 'legacy' ? 'raw' : 'cose-key',
  };
};

/** What the options change: the dialect, and HES, which has to know of some of it. */
export const knobsFrom = (values: DialectValues): Knobs => ({
  dialect: (dialect) => withKnobs(dialect, values),
  hes: values['platform-hash'] === undefined ? {} : { serviceHash: values['platform-hash'] },
});
