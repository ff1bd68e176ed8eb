import { equalBytes } from '../../bytes/index.ts';
import { type CborItem, decodePrefix } from '../../cbor/index.ts';
import { bytesOf, isDigestSize, isInteger, LABEL, memberOf } from '../items.ts';
import type { Model, Rule, Stage } from '../rule.ts';
import { openPlain, type PlainPart, type PlainView } from './plain-view.ts';

const { platform: P, realm: R } = LABEL;

const FORMATTING = ' Attestation token error formatting';
const REALM_ABSENT = ' mandatory realm claims are absent.';
const PLATFORM_ABSENT = ' mandatory platform claims are absent.';

const rule = (
  id: string,
  stage: Stage,
  says: string,
  text: string,
  holds: (view: PlainView) => boolean,
): Rule<PlainView> => ({ id, stage, says, refuses: (view) => (holds(view) ? undefined : text) });

/** How many claims of the map have one of the labels; a claim that stands twice counts twice. */
const count = ({ claims }: PlainPart, labels: readonly number[]): number =>
  claims?.entries.filter(({ key }) => labels.some((label) => isInteger(key, label))).length ?? 0;

/** The suite counts eight platform claims, and knows the implementation id under a label that nobody uses. */
const PLATFORM_COUNTED = [
  P.challenge,
  P.instanceId,
  P.profile,
  239,
  P.lifecycle,
  P.components,
  P.service,
  P.config,
  P.hash,
];
const PLATFORM_LEAST = 8;
const REALM_COUNTED = [R.challenge, R.rpv, R.hash, R.key, R.rim, R.rems, R.keyHash];
const REALM_COUNT = 7;

const isMessage = ({ entry, sign1 }: PlainPart): boolean =>
  entry?.type === 'bytes' && sign1?.tagged === true && sign1.unprotected.entries.length === 0;

const sizeOf = ({ claims }: PlainPart, label: number): number =>
  bytesOf(claims && memberOf(claims, label))?.length ?? 0;

/** The suite's library reads through tags. */
const untagged = (item: CborItem): CborItem => (item.type === 'tag' ? untagged(item.content) : item);

const isOf = (item: CborItem, types: readonly CborItem['type'][]): boolean =>
  types.includes(item.type) && !('indefinite' in item && item.indefinite);

/** Whether claims that are there have the types that the suite reads. */
const areTyped = ({ claims }: PlainPart, types: Readonly<Record<number, readonly CborItem['type'][]>>): boolean =>
  Object.entries(types).every(([label, type]) => {
    const found = claims && memberOf(claims, Number(label));
    return found === undefined || isOf(untagged(found), type);
  });

const PLATFORM_TYPES = {
  [P.profile]: ['text'],
  [P.lifecycle]: ['uint', 'nint'],
  [P.implementationId]: ['bytes'],
  [P.config]: ['bytes'],
  [P.components]: ['array'],
  [P.service]: ['text'],
  [P.hash]: ['text'],
} as const;
const REALM_TYPES = { [R.rems]: ['array'], [R.hash]: ['text'], [R.keyHash]: ['text'] } as const;
/** The suite keeps measurements in an array of this size and looks at no bound. */
const REMS_MOST = 4;

const itemsOf = ({ claims }: PlainPart, label: number): readonly CborItem[] => {
  const found = claims && memberOf(claims, label);
  return found?.type === 'array' ? found.items : [];
};

const isCoseMap = ({ claims }: PlainPart): boolean => {
  const bytes = bytesOf(claims && memberOf(claims, R.key));
  const decoded = bytes && decodePrefix(bytes);
  return decoded?.ok === true && decoded.item.type === 'map' && memberOf(decoded.item, LABEL.coseKey.kty) !== undefined;
};

/** The architecture compliance suite: no signature and no binding is looked at. */
export const acs: Model<PlainView> = {
  id: 'acs',
  title: 'cca-rmm-acs 5d83304',
  evidence: 'predicted',
  open: openPlain,
  rules: [
    rule(
      'outer-tag',
      'decode',
      'the outer tag is 399 around a map of two',
      FORMATTING,
      ({ outer, map }) =>
        outer?.type === 'tag' &&
        outer.tag === LABEL.tag.collection &&
        map?.indefinite === false &&
        map.entries.length === 2,
    ),
    rule('entry-order', 'decode', 'the platform token stands first, the Realm token second', FORMATTING, ({ map }) => {
      const [first, second] = map?.entries ?? [];
      return isInteger(first?.key, LABEL.collection.platform) && isInteger(second?.key, LABEL.collection.realm);
    }),
    rule(
      'platform-message',
      'decode',
      'the platform token is a tagged COSE_Sign1 with an empty unprotected header',
      FORMATTING,
      ({ platform }) => isMessage(platform),
    ),
    rule(
      'realm-message',
      'decode',
      'the Realm token is a tagged COSE_Sign1 with an empty unprotected header',
      FORMATTING,
      ({ realm }) => isMessage(realm),
    ),
    rule(
      'platform-sizes',
      'validate',
      'challenge and instance id of the platform have their sizes',
      '…',
      ({ platform }) => isDigestSize(sizeOf(platform, P.challenge)) && sizeOf(platform, P.instanceId) === 33,
    ),
    rule(
      'platform-types',
      'validate',
      'platform claims have their types, components are maps',
      '…',
      ({ platform }) =>
        areTyped(platform, PLATFORM_TYPES) && itemsOf(platform, P.components).every(({ type }) => type === 'map'),
    ),
    rule(
      'realm-types',
      'validate',
      'Realm claims have their types; more than four REMs crash it',
      '…',
      ({ realm }) => areTyped(realm, REALM_TYPES) && itemsOf(realm, R.rems).length <= REMS_MOST,
    ),
    rule('realm-key', 'validate', 'the Realm attestation key is a COSE_Key', '…', ({ realm }) => isCoseMap(realm)),
    rule(
      'realm-sizes',
      'validate',
      'challenge, personalization value and initial measurement have their sizes',
      '…',
      ({ realm }) =>
        sizeOf(realm, R.challenge) === 64 && sizeOf(realm, R.rpv) === 64 && isDigestSize(sizeOf(realm, R.rim)),
    ),
    rule(
      'challenge',
      'validate',
      'the Realm challenge is the one that was asked for',
      '…',
      ({ realm, input: { challenge } }) => {
        const found = bytesOf(realm.claims && memberOf(realm.claims, R.challenge));
        return challenge === undefined || (found !== undefined && equalBytes(found, challenge));
      },
    ),
    rule(
      'realm-count',
      'validate',
      'exactly seven of the Realm claims of 1.0 are there',
      REALM_ABSENT,
      ({ realm }) => count(realm, REALM_COUNTED) === REALM_COUNT,
    ),
    rule(
      'platform-count',
      'validate',
      'eight platform claims are there; the suite misses the implementation id, so the optional verification service has to be',
      PLATFORM_ABSENT,
      ({ platform }) => count(platform, PLATFORM_COUNTED) >= PLATFORM_LEAST,
    ),
  ],
};
