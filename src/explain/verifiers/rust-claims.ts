import type { CborItem, CborMap } from '../../cbor/index.ts';
import { isLifecycle, LABEL, PROFILE } from '../items.ts';
import { bytesAt, hashAt, integerOf, measurementAt, sizedAt, textAt } from './rust-items.ts';
import { mismatch, refuse, semantic, syntax } from './rust-refusal.ts';

const { platform: P, realm: R, component: C } = LABEL;

/** What differs between the release and the development code. */
export interface Edition {
  readonly platformProfiles: readonly string[];
  /** Whether a Realm profile is read, and its key as a COSE_Key then. */
  readonly realmProfile: boolean;
}

export const RELEASE: Edition = { platformProfiles: [PROFILE.legacy], realmProfile: false };
export const MAIN: Edition = { platformProfiles: [PROFILE.legacy, PROFILE.platform2023], realmProfile: true };

/** A claim: its name in errors, and what reads it. */
type Claim = readonly [name: string, read: (item: CborItem) => unknown];
export type Claims = ReadonlyMap<number, unknown>;

/** Reads claims in the order in which they are written. */
export const readClaims = (
  map: CborMap,
  table: Readonly<Record<number, Claim>>,
  unknown: (key: CborItem) => void = () => undefined,
): Claims => {
  const found = new Map<number, unknown>();
  for (const { key, value } of map.entries) {
    const label = Number(integerOf(key) ?? Number.NaN);
    const claim = Object.hasOwn(table, label) ? table[label] : undefined;
    if (claim === undefined) {
      unknown(key);
      continue;
    }
    const [name, read] = claim;
    if (found.has(label)) refuse(`Duplicated claim: ${name}`);
    found.set(label, read(value));
  }
  return found;
};

const COMPONENT: Readonly<Record<number, Claim>> = {
  [C.type]: ['measurement-type', (item) => textAt(item, 'measurement-type')],
  [C.value]: ['measurement-value', (item) => measurementAt(item, 'measurement-value')],
  [C.version]: ['version', (item) => textAt(item, 'version')],
  [C.signer]: ['signer-id', (item) => bytesAt(item, 'signer-id')],
  [C.description]: ['hash-algo-id', (item) => hashAt(item, 'hash-algo-id')],
};

export const need = (claims: Claims, names: Readonly<Record<number, string>>, order: readonly number[]): void => {
  const missing = order.find((label) => !claims.has(label));
  if (missing !== undefined) refuse(`Missing claim: ${names[missing]}`);
};

const componentsAt = (item: CborItem): void => {
  const { items } = item.type === 'array' ? item : mismatch('software-components MUST be array');
  if (items.length === 0) semantic('…');
  for (const [i, each] of items.entries()) {
    const map = each.type === 'map' ? each : mismatch(`sw-component[${i}] MUST be map`);
    const claims = readClaims(map, COMPONENT, (key) => {
      const label = integerOf(key);
      syntax(label === undefined ? 'non-integer key in sw-components' : `unknown key ${label} in sw-components`);
    });
    need(claims, { [C.value]: 'measurement-value', [C.signer]: 'signer-id' }, [C.value, C.signer]);
  }
};

const lifecycleAt = (item: CborItem): void => {
  const value = integerOf(item) ?? mismatch('lifecycle MUST be int');
  if (!isLifecycle(value)) semantic(`unknown lifecycle ${value}`);
};

export const platformTable = ({ platformProfiles }: Edition): Readonly<Record<number, Claim>> => ({
  [P.profile]: [
    'profile',
    (item) => {
      const profile = textAt(item, 'profile');
      return platformProfiles.includes(profile)
        ? profile
        : refuse(platformProfiles.length > 1 ? '…' : `Semantic error: unknown profile ${profile}`);
    },
  ],
  [P.challenge]: ['challenge', (item) => measurementAt(item, 'challenge')],
  [P.implementationId]: ['implementation-id', (item) => sizedAt(item, 'implementation-id', 32)],
  [P.instanceId]: ['instance-id', (item) => sizedAt(item, 'instance-id', 33)],
  [P.config]: ['config', (item) => bytesAt(item, 'config')],
  [P.lifecycle]: ['lifecycle', lifecycleAt],
  [P.components]: ['software-components', componentsAt],
  [P.service]: ['verification-service', (item) => textAt(item, 'verification-service')],
  [P.hash]: ['hash-algo-id', (item) => hashAt(item, 'hash-algo-id')],
});

export const PLATFORM_ORDER = [
  P.profile,
  P.challenge,
  P.implementationId,
  P.instanceId,
  P.config,
  P.lifecycle,
  P.components,
  P.hash,
];
export const PLATFORM_NAMES = {
  [P.profile]: 'profile',
  [P.challenge]: 'challenge',
  [P.implementationId]: 'implementation-id',
  [P.instanceId]: 'instance-id',
  [P.config]: 'config',
  [P.lifecycle]: 'lifecycle',
  [P.components]: 'sw-components',
  [P.hash]: 'hash-algo',
};

const RAW_KEY_SIZE = 97;
const REM_COUNT = 4;

const remsAt = (item: CborItem): void => {
  const { items } = item.type === 'array' ? item : mismatch('extensible-measurements MUST be array');
  if (items.length !== REM_COUNT) {
    semantic(`extensible-measurements: expecting ${REM_COUNT} slots, got ${items.length}`);
  }
  for (const [i, each] of items.entries()) measurementAt(each, `extensible-measurement[${i}]`);
};

export const realmTable = (isCoseKey: boolean): Readonly<Record<number, Claim>> => ({
  [R.challenge]: ['challenge', (item) => sizedAt(item, 'challenge', 64)],
  [R.rpv]: ['personalization-value', (item) => sizedRpv(item)],
  [R.rim]: ['initial-measurement', (item) => measurementAt(item, 'initial-measurement')],
  [R.rems]: ['extensible-measurements', remsAt],
  [R.hash]: ['hash-algo-id', (item) => hashAt(item, 'hash-algo-id')],
  [R.key]: [
    'public-key',
    (item) => (isCoseKey ? bytesAt(item, 'public-key') : sizedAt(item, 'public-key', RAW_KEY_SIZE)),
  ],
  [R.keyHash]: ['public-key-hash-algo-id', (item) => hashAt(item, 'public-key-hash-algo-id')],
});

const sizedRpv = (item: CborItem): Uint8Array => {
  const bytes = item.type === 'bytes' ? item.value : refuse('Claim type mismatch: …');
  return bytes.length === 64 ? bytes : refuse('Semantic error: …');
};

export const REALM_ORDER = [R.challenge, R.rpv, R.rim, R.rems, R.hash, R.key, R.keyHash];
export const REALM_NAMES = {
  [R.challenge]: 'challenge',
  [R.rpv]: 'personalization-value',
  [R.rim]: 'initial-measurement',
  [R.rems]: 'extensible-measurements',
  [R.hash]: 'hash-algo-id',
  [R.key]: 'public-key',
  [R.keyHash]: 'public-key-hash-algo-id',
};
