import { equalBytes, utf8 } from '../bytes/index.ts';
import { COLLECTION } from '../token/index.ts';
import { itemAt, type Path } from './tree.ts';
import type { Part, Wire, WireMap } from './wire.ts';

/**
 * Where something stands in a token, in the words of the verifier's findings: `platform/2395` is claim 2395 of the platform
 * token, `realm/44239/0` the first extensible measurement, `realm/44237/-2` member x of the COSE_Key in claim 44237.
 * Before the first `/` stands one of
 *
 * - `token`, the outermost item; `collection`, the map under its tags;
 * - `platform` and `realm`, the claims;
 * - of either part, with a dot: `entry` (the byte string in the collection), `message` (its COSE_Sign1, tag and all),
 *   `array`, `protected`, `unprotected`, `payload`, `signature`.
 */
export type Place = string;

/** The members of a COSE_Sign1 by their index (RFC 9052 4.2). */
const MEMBERS: Readonly<Record<string, number>> = { protected: 0, unprotected: 1, payload: 2, signature: 3 };

/** Tags and byte strings are passed through on the way to what they hold. */
const inward = (root: Wire, path: Path, types: readonly Wire['type'][]): Path => {
  let way = path;
  for (let wire = itemAt(root, way); wire !== undefined && types.includes(wire.type); wire = itemAt(root, way)) {
    way = [...way, 0];
  }
  return way;
};

const keyIs = (key: Wire, label: string): boolean =>
  key.type === 'int' ? String(key.value) === label : key.type === 'text' && equalBytes(key.value, utf8(label));

const entryIndex = (map: WireMap, label: string): number | undefined => {
  const index = map.entries.findIndex(({ key }) => keyIs(key, label));
  return index < 0 ? undefined : index;
};

/** One label further: the value of a key, or the n-th member of an array. */
const step = (root: Wire, path: Path, label: string): Path | undefined => {
  const inside = inward(root, path, ['tag', 'embedded']);
  const wire = itemAt(root, inside);
  const index = wire?.type === 'map' ? entryIndex(wire, label) : wire?.type === 'array' ? Number(label) : undefined;
  if (index === undefined || itemAt(root, [...inside, index]) === undefined) return undefined;
  return [...inside, index];
};

const collection = (root: Wire): Path => inward(root, [], ['tag']);

/** The byte string with the part: the entry itself, or the one in its CMW record. */
const entry = (root: Wire, part: Part): Path | undefined => {
  const path = step(root, collection(root), String(COLLECTION[part]));
  const wire = path && itemAt(root, path);
  if (path === undefined || wire?.type !== 'array') return path;
  const index = wire.items.findIndex(({ type }) => type === 'bytes' || type === 'embedded');
  return index < 0 ? undefined : [...path, index];
};

const message = (root: Wire, part: Part): Path | undefined => {
  const path = entry(root, part);
  return path && itemAt(root, path)?.type === 'embedded' ? [...path, 0] : undefined;
};

const member = (root: Wire, part: Part, name: string): Path | undefined => {
  if (name === 'entry') return entry(root, part);
  const path = message(root, part);
  if (path === undefined || name === 'message') return path;
  const array = inward(root, path, ['tag']);
  if (name === 'array') return array;
  const index = MEMBERS[name];
  return index === undefined || itemAt(root, [...array, index]) === undefined ? undefined : [...array, index];
};

const claims = (root: Wire, part: Part): Path | undefined => {
  const payload = member(root, part, 'payload');
  return payload && itemAt(root, payload)?.type === 'embedded' ? [...payload, 0] : undefined;
};

const start = (root: Wire, head: string): Path | undefined => {
  if (head === 'token') return [];
  if (head === 'collection') return collection(root);
  const [part, name] = head.split('.');
  if (part !== 'platform' && part !== 'realm') return undefined;
  return name === undefined ? claims(root, part) : member(root, part, name);
};

/** The way to a place, or undefined when nothing stands there. */
export const pathOf = (root: Wire, place: Place): Path | undefined => {
  const [head = '', ...labels] = place.split('/');
  let path = start(root, head);
  for (const label of labels) path = path && step(root, path, label);
  return path;
};

/** The place around a place, and the last label. */
export const parentOf = (place: Place): { readonly parent: Place; readonly label: string } => {
  const cut = place.lastIndexOf('/');
  return { parent: place.slice(0, Math.max(0, cut)), label: place.slice(cut + 1) };
};
