import { type Detected, detectDialect, featuresOf } from './dialect.ts';
import { TAG } from './labels.ts';
import type { Node, Stop } from './node.ts';
import { Walker } from './walk.ts';

/** Larger than any token has a reason to be. */
const MAX_BYTES = 1 << 20;

/** What the outermost item is. */
export type Shape = 'cca' | 'platform' | 'realm' | 'claims' | 'cose' | 'cbor' | 'nothing';

/** A token, or whatever the bytes are, as far as it can be read. */
export interface Description extends Detected {
  readonly shape: Shape;
  readonly size: number;
  readonly bytes: Uint8Array;
  /** Undefined when not even one item can be read. */
  readonly root: Node | undefined;
  /** Where reading stopped before the end of the bytes, and inside which byte strings it did. */
  readonly stops: readonly Stop[];
}

const stopsInside = (node: Node): readonly Stop[] => [
  ...(node.stoppedInside === undefined ? [] : [node.stoppedInside]),
  ...node.children.flatMap(stopsInside),
];

/** Names that only this kind of claims has. */
const OF_PLATFORM = ['implementation id', 'software components', 'lifecycle'];
const OF_REALM = ['Realm attestation key (RAK)', 'initial measurement (RIM)', 'personalization value (RPV)'];

const holds = (node: Node, wanted: readonly string[]): boolean =>
  (node.name !== undefined && wanted.includes(node.name)) || node.children.some((child) => holds(child, wanted));

const shapeOf = (root: Node | undefined): Shape => {
  if (root === undefined) return 'nothing';
  if (root.type === 'tag' && root.value === TAG.selfDescribed) return shapeOf(root.children[0]);
  const inner = root.type === 'tag' ? (root.children[0] ?? root) : root;
  if (inner.type === 'map') {
    if (inner.children.some(({ name }) => name === 'platform token' || name === 'Realm token')) return 'cca';
    return holds(inner, [...OF_PLATFORM, ...OF_REALM]) ? 'claims' : 'cbor';
  }
  if (inner.children[0]?.name !== 'protected header') return 'cbor';
  return holds(inner, OF_REALM) ? 'realm' : holds(inner, OF_PLATFORM) ? 'platform' : 'cose';
};

const TOO_LARGE = { node: undefined, stop: { offset: 0, reason: `larger than ${MAX_BYTES} bytes, which no token is` } };

/**
 * Reads any bytes for people: every item with its offset, its name and its meaning, and the dialect they are nearest to.
 *
 * Total, in time and memory bounded by the size of what is shown. Nothing is verified: a forged token reads as well as a
 * good one.
 */
export const describeToken = (bytes: Uint8Array): Description => {
  const { node: root, stop } = bytes.length > MAX_BYTES ? TOO_LARGE : new Walker(bytes).token();
  const stops = [...(root === undefined ? [] : stopsInside(root)), ...(stop === undefined ? [] : [stop])];
  const features = featuresOf(root, stops.length === 0);
  return { ...detectDialect(features), shape: shapeOf(root), size: bytes.length, bytes, root, stops };
};
