import type { Shape } from '../describe.ts';
import type { Node } from '../node.ts';

/** Where in both tokens the comparison is: a place in the words of the verifier's findings, and the names on the way. */
export interface Spot {
  readonly place: string;
  readonly names: readonly string[];
}

/** Where the outermost item stands: a part without a collection stands where it would stand in one. */
export const outermost = (shape: Shape): Spot => ({
  place: shape === 'platform' || shape === 'realm' ? `${shape}.message` : 'token',
  names: [],
});

const PARTS: ReadonlyMap<string | undefined, string> = new Map([
  ['platform token', 'platform'],
  ['Realm token', 'realm'],
]);
const MEMBERS: ReadonlyMap<string | undefined, string> = new Map([
  ['protected header', 'protected'],
  ['unprotected header', 'unprotected'],
  ['payload', 'payload'],
  ['signature', 'signature'],
]);

/** Whose bytes they are, when the place is within a part and not yet within its claims. */
const partOf = (place: string): string | undefined => /^(platform|realm)\.\w+$/.exec(place)?.[1];

const named = ({ names }: Spot, { name }: Node, otherwise: string): readonly string[] => [...names, name ?? otherwise];

/** How a key is written in a place: a slash of its own would read as one of the place. */
const label = ({ value, text }: Node): string => String(value ?? text).replaceAll('/', '|');

/** The byte string with a part, if this is one: in the collection under its key, or in the record there. */
const entry = (spot: Spot, child: Node): string | undefined => {
  const part = child.type === 'bytes' ? PARTS.get(spot.names.at(-1)) : undefined;
  return part && `${part}.entry`;
};

/** The value under a key. */
export const underKey = (spot: Spot, child: Node): Spot => {
  const key = child.key === undefined ? '' : label(child.key);
  const names = named(spot, child, key);
  const place = `${spot.place}/${key}`;
  return { place: (spot.place === 'collection' ? entry({ place, names }, child) : undefined) ?? place, names };
};

/** A component is told by its type, which may say anything. */
const memberName = ({ children }: Node, index: number): string => {
  const type = children.find(({ name }) => name === 'type');
  return type?.type === 'text' ? `${index} ${type.text}` : `${index}`;
};

/** Member `index` of an array. Of a CMW record the byte string is the entry itself. */
export const underIndex = (spot: Spot, child: Node, index: number): Spot => {
  const part = partOf(spot.place);
  const member = MEMBERS.get(child.name);
  if (part !== undefined && member !== undefined) {
    return { place: `${part}.${member}`, names: named(spot, child, member) };
  }
  const ofRecord = /^collection\/[^/]+$/.test(spot.place) ? entry(spot, child) : undefined;
  if (ofRecord !== undefined) return { ...spot, place: ofRecord };
  return { place: `${spot.place}/${index}`, names: named(spot, child, memberName(child, index)) };
};

/** What a tag or a byte string holds. */
export const inside = (spot: Spot, holder: Node, child: Node): Spot => {
  const part = partOf(spot.place);
  const holdsMap = child.type === 'map';
  if (spot.place === 'token') return { ...spot, place: holdsMap ? 'collection' : spot.place };
  if (part === undefined) return spot;
  if (spot.place.endsWith('.payload') && holder.type === 'bytes') return { ...spot, place: part };
  if (holder.type === 'bytes' && spot.place.endsWith('.entry')) return { ...spot, place: `${part}.message` };
  return holder.type === 'tag' && spot.place.endsWith('.message') ? { ...spot, place: `${part}.array` } : spot;
};
