import { decodePrefix } from '../../cbor/index.ts';
import { parseCoseKey } from '../../cose/index.ts';
import { type PublicKey, parseSec1Point } from '../../crypto/index.ts';
import { isInteger, LABEL, memberOf } from '../items.ts';
import type { Input } from '../rule.ts';
import { NESTED_MOST } from './rust-items.ts';
import { had } from './rust-refusal.ts';
import type { RustView } from './rust-view.ts';

const UNCOMPRESSED = 4;
const HYBRID_EVEN = 6;

/** A point with both coordinates; OpenSSL also takes one that says as well whether y is odd. */
const pointOf = (bytes: Uint8Array): PublicKey | undefined => {
  const [form = 0] = bytes;
  const isHybrid = form === (HYBRID_EVEN | ((bytes.at(-1) ?? 0) & 1));
  return parseSec1Point('P-384', isHybrid ? Uint8Array.of(UNCOMPRESSED, ...bytes.subarray(1)) : bytes);
};

/** The key out of a point: numbers lose their leading zeros on the way, and a key that lost one fits no more. */
const rawKey = (bytes: Uint8Array, { crypto }: Input): PublicKey | undefined => {
  const key = pointOf(bytes);
  return key !== undefined && crypto.isOnCurve(key) && key.x[0] !== 0 && key.y[0] !== 0 ? key : undefined;
};

/** Members of a COSE_Key that the library knows; with any other it reads none. */
const KEY_LABELS = [1, 2, 3, 4, 5, -1, -2, -3, -4];
const OPERATION_VERIFY = 2;

const isKnownKey = (bytes: Uint8Array): boolean => {
  const decoded = decodePrefix(bytes, { maxDepth: NESTED_MOST });
  if (!decoded.ok || decoded.item.type !== 'map') return false;
  const map = decoded.item;
  if (map.entries.some(({ key }) => !KEY_LABELS.some((label) => isInteger(key, label)))) return false;
  const operations = memberOf(map, LABEL.coseKey.ops);
  return (
    operations === undefined ||
    (operations.type === 'array' && operations.items.some((each) => isInteger(each, OPERATION_VERIFY)))
  );
};

export const realmKeyOf = ({ realm, isCoseKey, input }: RustView): PublicKey | undefined => {
  const bytes = had(realm).get(LABEL.realm.key) as Uint8Array;
  if (!isCoseKey) return rawKey(bytes, input);
  if (!isKnownKey(bytes)) return undefined;
  const parsed = parseCoseKey(bytes);
  return parsed.ok && input.crypto.isOnCurve(parsed.value) ? parsed.value : undefined;
};
