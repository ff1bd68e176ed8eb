import type { CborMap } from '../../cbor/index.ts';
import { LABEL, memberOf, PROFILE } from '../items.ts';
import type { Input } from '../rule.ts';
import {
  type Claims,
  type Edition,
  MAIN,
  need,
  PLATFORM_NAMES,
  PLATFORM_ORDER,
  platformTable,
  REALM_NAMES,
  REALM_ORDER,
  RELEASE,
  readClaims,
  realmTable,
} from './rust-claims.ts';
import { type Message, readMessage } from './rust-cose.ts';
import { bytesAt, integerOf, readItem, textAt } from './rust-items.ts';
import { attempt, had, mismatch, refuse, type Step, syntax } from './rust-refusal.ts';

const { realm: R } = LABEL;

export interface RustView {
  readonly input: Input;
  readonly entries: Step<{ readonly platform: Uint8Array; readonly realm: Uint8Array }>;
  readonly platformMessage: Step<Message>;
  readonly realmMessage: Step<Message>;
  readonly platform: Step<Claims>;
  readonly realm: Step<Claims>;
  readonly isCoseKey: boolean;
}

const readCollection = (bytes: Uint8Array): { readonly platform: Uint8Array; readonly realm: Uint8Array } => {
  const outer = readItem(bytes);
  if (outer.type !== 'tag' || integerOf(outer) !== undefined) return syntax('expecting tag type');
  if (outer.tag !== LABEL.tag.collection) return syntax(`expecting tag 399, got ${outer.tag}`);
  if (outer.content.type !== 'map') return syntax('expecting map type');
  let platform = new Uint8Array();
  let realm = new Uint8Array();
  for (const { key, value } of outer.content.entries) {
    const label = integerOf(key) ?? syntax('expecting integer key');
    if (label === BigInt(LABEL.collection.platform)) platform = Uint8Array.from(bytesAt(value, 'platform token'));
    else if (label === BigInt(LABEL.collection.realm)) realm = Uint8Array.from(bytesAt(value, 'realm token'));
    else syntax(`unknown key ${label} in collection`);
  }
  if (platform.length === 0) syntax('missing platform token');
  if (realm.length === 0) syntax('missing realm token');
  return { platform, realm };
};

const messageOf = (part: 'platform' | 'realm', bytes: Uint8Array): Message => {
  const step = attempt(() => readMessage(bytes));
  return 'value' in step ? step.value : syntax(`${part} token: ${step.error}`);
};

const realmProfileOf = (map: CborMap, { realmProfile }: Edition): boolean => {
  const profile = realmProfile ? memberOf(map, R.profile) : undefined;
  if (profile === undefined) return false;
  return textAt(profile, 'profile') === PROFILE.realm1 ? true : refuse('…');
};

/** What either edition reads in the same way. */
interface Reading {
  readonly input: Input;
  readonly entries: RustView['entries'];
  readonly platformMessage: Step<Message>;
  readonly realmMessage: Step<Message>;
  readonly platformMap: Step<CborMap>;
  readonly realmMap: Step<CborMap>;
}

const readingOf = (input: Input): Reading => {
  const entries = attempt(() => readCollection(input.token));
  const platformMessage = attempt(() => messageOf('platform', had(entries).platform));
  const realmMessage = attempt(() => messageOf('realm', had(entries).realm));
  const claimsMap = (message: Step<Message>, wrong: () => never): Step<CborMap> =>
    attempt(() => {
      const item = readItem(had(message).payload);
      return item.type === 'map' ? item : wrong();
    });
  const platformMap = claimsMap(platformMessage, () => syntax('expecting map type'));
  const realmMap = claimsMap(realmMessage, () => mismatch('expecting map type'));
  return { input, entries, platformMessage, realmMessage, platformMap, realmMap };
};

const viewOf = (edition: Edition, { platformMap, realmMap, ...read }: Reading): RustView => {
  const platform = attempt(() => {
    const claims = readClaims(had(platformMap), platformTable(edition));
    need(claims, PLATFORM_NAMES, PLATFORM_ORDER);
    return claims;
  });
  let isCoseKey = false;
  const realm = attempt(() => {
    const map = had(realmMap);
    isCoseKey = realmProfileOf(map, edition);
    const claims = readClaims(map, realmTable(isCoseKey));
    need(claims, REALM_NAMES, REALM_ORDER);
    return claims;
  });
  return { ...read, platform, realm, isCoseKey };
};

export interface RustViews {
  readonly release: RustView;
  readonly main: RustView;
}

export const openRust = (input: Input): RustViews => {
  const read = readingOf(input);
  return { release: viewOf(RELEASE, read), main: viewOf(MAIN, read) };
};
