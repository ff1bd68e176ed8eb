import { type CborItem, type CborMap, decodePrefix, problems } from '../cbor/index.ts';
import { CONTENT_FORMATS, SELF_DESCRIBED_TAG, VERIFY_CLAIM_LABELS, WRAPPER_TAGS } from './labels.ts';
import { LAYER_LIMITS, type Place, tellAt, tellCborError, tellProblems, within } from './layer.ts';
import { member } from './readers.ts';

/** What the bytes turned out to be. `realm` is a Realm token alone, `unknown` no token at all. */
export type TokenKind = 'cca' | 'platform' | 'realm' | 'unknown';

/** A byte string of the token and the offset of its first byte, if it is contiguous there. */
export interface Embedded {
  readonly bytes: Uint8Array;
  readonly base: number | undefined;
}

/** An entry that only some profiles define: it is looked at when the profile does. */
export interface Pending {
  readonly open: () => Embedded | undefined;
}

/** The parts of a token, before anything is read in them. */
export interface Opened {
  readonly shape: 'collection' | 'sign1';
  readonly platform: Embedded | undefined;
  readonly realm: Embedded | undefined;
  /** Unsigned Realm claims, of the direct model. */
  readonly realmClaims: Pending | undefined;
  readonly devices: Pending | undefined;
  readonly shortest: boolean;
}

const LABEL = VERIFY_CLAIM_LABELS.collection;
const RECORD_SIZE = 2;

const embedded = (item: CborItem, place: Place): Embedded | undefined => {
  if (item.type !== 'bytes') {
    tellAt(place, item, 'ENTRY_FORM', { expected: 'bytes', found: item.type });
    return undefined;
  }
  const contiguous = !item.indefinite && place.base !== undefined;
  return { bytes: item.value, base: contiguous ? (place.base ?? 0) + item.headEnd : undefined };
};

/** A CMW record: content format, byte string, and an indicator that CCA does not use. */
const record = (item: CborItem, contentFormat: number, place: Place): Embedded | undefined => {
  if (item.type !== 'array') {
    tellAt(place, item, 'ENTRY_FORM', { expected: 'array', found: item.type });
    return undefined;
  }
  const [format, content, indicator] = item.items;
  if (format === undefined || content === undefined || item.items.length > RECORD_SIZE + 1) {
    tellAt(place, item, 'ENTRY_FORM', { expected: `array of ${RECORD_SIZE}`, found: item.items.length });
    return undefined;
  }
  if (format.type !== 'uint' || format.value !== contentFormat) {
    tellAt(place, format, 'CONTENT_FORMAT', {
      expected: contentFormat,
      found: format.type === 'uint' ? String(format.value) : format.type,
    });
  }
  if (indicator?.type === 'uint') tellAt(place, indicator, 'RECORD_INDICATOR');
  else if (indicator !== undefined) tellAt(place, indicator, 'ENTRY_FORM', { expected: 'uint', found: indicator.type });
  return embedded(content, place);
};

/** The form of an entry follows the tag. Under another tag the form it has is taken, so that more can be told. */
const openEntry = (
  item: CborItem,
  tag: number | bigint | undefined,
  contentFormat: number,
  place: Place,
): Embedded | undefined => {
  const asRecord = tag === WRAPPER_TAGS.cmw || (tag !== WRAPPER_TAGS.collection && item.type === 'array');
  return asRecord ? record(item, contentFormat, place) : embedded(item, place);
};

const openCollection = (
  map: CborMap,
  tag: number | bigint | undefined,
  place: Place,
): Omit<Opened, 'shortest' | 'shape'> => {
  for (const { key } of map.entries) {
    if (key.type !== 'uint' && key.type !== 'nint' && key.type !== 'text') tellAt(place, key, 'COLLECTION_KEY_TYPE');
  }
  const signed = (label: number, isDue: boolean): Embedded | undefined => {
    const item = member(map, label);
    const at = within(place, label);
    if (item !== undefined) return openEntry(item, tag, CONTENT_FORMATS.eat_cwt, at);
    if (isDue) tellAt(at, map, 'ENTRY_MISSING');
    return undefined;
  };
  const unsigned = (label: number): Pending | undefined => {
    const item = member(map, label);
    return item && { open: () => openEntry(item, tag, CONTENT_FORMATS.uccs_cbor, within(place, label)) };
  };
  const realmClaims = unsigned(LABEL.realm_claims);
  return {
    platform: signed(LABEL.platform, true),
    realm: signed(LABEL.realm, realmClaims === undefined),
    realmClaims,
    devices: unsigned(LABEL.devices),
  };
};

const EMPTY = { platform: undefined, realm: undefined, realmClaims: undefined, devices: undefined } as const;

const hasEntries = (map: CborMap): boolean => Object.values(LABEL).some((label) => member(map, label) !== undefined);

/** Whether an untagged item, or one under a tag that is not ours, may be meant as a COSE message. */
const looksLikeCose = (item: CborItem): boolean => item.type === 'array' && item.items[0]?.type === 'bytes';

/**
 * Takes the bytes apart as far as the wrapper goes.
 *
 * @returns undefined when they are no token, which has been reported.
 */
export const openToken = (bytes: Uint8Array, place: Place): Opened | undefined => {
  const decoded = decodePrefix(bytes, LAYER_LIMITS);
  if (!decoded.ok) {
    tellCborError(decoded.error, place);
    return undefined;
  }
  const outermost = decoded.item;
  if (outermost.end < bytes.length) tellCborError({ code: 'TRAILING_BYTES', offset: outermost.end }, place);
  const selfDescribed = outermost.type === 'tag' && outermost.tag === SELF_DESCRIBED_TAG;
  if (selfDescribed) tellAt(place, outermost, 'WRAPPER_SELF_DESCRIBED');
  const item = selfDescribed ? outermost.content : outermost;
  const tag = item.type === 'tag' ? item.tag : undefined;
  const content = item.type === 'tag' ? item.content : item;

  // What the message does wrong as CBOR is told when it is read as one.
  if (looksLikeCose(content) && tag !== WRAPPER_TAGS.collection && tag !== WRAPPER_TAGS.cmw) {
    const platform = { bytes: bytes.subarray(item.start, item.end), base: item.start };
    return { shape: 'sign1', ...EMPTY, platform, shortest: outermost.shortest };
  }
  const { shortest } = tellProblems(problems(outermost), place);
  if (tag === WRAPPER_TAGS.collection || tag === WRAPPER_TAGS.cmw) {
    if (content.type === 'map') return { shape: 'collection', ...openCollection(content, tag, place), shortest };
    tellAt(place, content, 'COLLECTION_NOT_MAP', { found: content.type });
    return { shape: 'collection', ...EMPTY, shortest };
  }
  if (content.type === 'map' && hasEntries(content)) {
    tellAt(place, item, tag === undefined ? 'WRAPPER_TAG_MISSING' : 'WRAPPER_TAG_UNKNOWN', {
      ...(tag === undefined ? {} : { found: String(tag) }),
    });
    return { shape: 'collection', ...openCollection(content, tag, place), shortest };
  }
  tellAt(place, outermost, 'NOT_A_TOKEN');
  return undefined;
};
