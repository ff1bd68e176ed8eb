import { equalBytes } from '../../bytes/index.ts';
import { type Description, describeToken } from '../describe.ts';
import { readHead } from '../head.ts';
import type { Node, Stop } from '../node.ts';
import type { Difference, DifferenceKind, Remark, Side, TokenDiff } from './difference.ts';
import { aroundText, commonForm, formOf } from './forms.ts';
import { Identities } from './identity.ts';
import { entryPairs, memberPairs, type Pairs } from './pairs.ts';
import { signatureRemark } from './remarks.ts';
import { inside, outermost, type Spot, underIndex, underKey } from './spot.ts';

const sideOf = (node: Node | undefined): Side | undefined => {
  if (node === undefined) return undefined;
  const offset = node.key?.start ?? node.start;
  const holds = node.children.length > 0 ? '…' : '';
  return { offset, length: node.end - offset, text: `${node.text}${holds}${node.close}`, meaning: node.meaning };
};

const stopSide = (stop: Stop | undefined, size: number): Side | undefined =>
  stop && { offset: stop.offset, length: size - stop.offset, text: stop.reason, meaning: undefined };

/** Where the outermost item ended too early, or the bytes go on after it. */
const outerStop = ({ root, stops }: Description): Stop | undefined => {
  const within = new Set<Stop | undefined>();
  const collect = (node: Node): void => {
    within.add(node.stoppedInside);
    for (const child of node.children) collect(child);
  };
  if (root !== undefined) collect(root);
  return stops.find((stop) => !within.has(stop));
};

/** Compares two tokens node by node; what was found so far stays in it. */
class Comparison {
  readonly differences: Difference[] = [];
  readonly remarks: Remark[] = [];
  readonly #a: Uint8Array;
  readonly #b: Uint8Array;
  readonly #identities = new Identities();

  constructor(a: Uint8Array, b: Uint8Array) {
    this.#a = a;
    this.#b = b;
  }

  tell(kind: DifferenceKind, { place, names }: Spot, what: string, a: Side | undefined, b: Side | undefined): void {
    this.differences.push({ kind, place, names, what, a, b });
  }

  nodes(spot: Spot, a: Node, b: Node): void {
    if (equalBytes(this.#rawA(a), this.#rawB(b))) return;
    const before = this.differences.length;
    if (a.type !== b.type) this.#forms(spot, a, b);
    else if (a.type === 'map') this.#maps(spot, a, b);
    else if (a.type === 'array') this.#arrays(spot, a, b);
    else if (a.type === 'tag') this.#tags(spot, a, b);
    else if (a.children.length > 0 && b.children.length > 0) this.#embedded(spot, a, b);
    else this.#leaves(spot, a, b);
    this.#problems(spot, a, b);
    this.#stops(spot, a, b);
    // Whatever is not the same bytes is told, if only as such.
    if (this.differences.length === before) this.#leaves(spot, a, b);
  }

  #rawA = (node: Node): Uint8Array => this.#a.subarray(node.start, node.end);
  #rawB = (node: Node): Uint8Array => this.#b.subarray(node.start, node.end);
  #idA = (node: Node): number => this.#identities.of({ bytes: this.#a, node });
  #idB = (node: Node): number => this.#identities.of({ bytes: this.#b, node });
  #isSame = (a: Node, b: Node): boolean => this.#idA(a) === this.#idB(b);

  #leaves(spot: Spot, a: Node, b: Node): void {
    const [left, right] = [sideOf(a), sideOf(b)];
    if (this.#isSame(a, b)) this.tell('encoding', spot, 'the same value, written otherwise', left, right);
    else this.tell('value', spot, this.#valueText(a, b), left, right);
  }

  #valueText(a: Node, b: Node): string {
    if (a.type !== 'bytes' || b.type !== 'bytes') return 'another value';
    const [left, right] = [this.#a.subarray(a.headEnd, a.end), this.#b.subarray(b.headEnd, b.end)];
    if (left.length !== right.length) return `another value: ${left.length} bytes, and ${right.length}`;
    const differing = left.filter((byte, i) => byte !== right[i]).length;
    const first = left.findIndex((byte, i) => byte !== right[i]);
    return `another value: ${differing} of ${left.length} bytes differ, from byte ${first} on`;
  }

  /** Heads of containers and byte strings: width, and definite or not. */
  #heads(spot: Spot, a: Node, b: Node): void {
    const headA = readHead(this.#a, a.start, a.end);
    const headB = readHead(this.#b, b.start, b.end);
    if (headA?.indicator === headB?.indicator && headA?.indefinite === headB?.indefinite) return;
    this.tell('encoding', spot, 'its head, written otherwise', sideOf(a), sideOf(b));
  }

  /** What is odd about one of them alone: bytes that are missing, a key that was there before. */
  #problems(spot: Spot, a: Node, b: Node): void {
    const told = (node: Node): readonly string[] => node.problems.filter((problem) => problem !== INDEFINITE);
    const onlyA = told(a).filter((problem) => !b.problems.includes(problem));
    const onlyB = told(b).filter((problem) => !a.problems.includes(problem));
    for (const problem of onlyA) this.tell('reading', spot, `in A, ${problem}`, sideOf(a), sideOf(b));
    for (const problem of onlyB) this.tell('reading', spot, `in B, ${problem}`, sideOf(a), sideOf(b));
  }

  #stops(spot: Spot, { stoppedInside: a }: Node, { stoppedInside: b }: Node): void {
    if (a?.reason === b?.reason) return;
    this.tell('reading', spot, stopText(a, b), stopSide(a, this.#a.length), stopSide(b, this.#b.length));
  }

  #tags(spot: Spot, a: Node, b: Node): void {
    const [contentA, contentB] = [a.children[0], b.children[0]];
    if (a.value !== b.value && commonForm(a, b, this.#isSame)?.a.type === 'tag') {
      this.#forms(spot, a, b);
      return;
    }
    if (a.value !== b.value) this.tell('form', spot, `tag ${a.value}, and tag ${b.value}`, sideOf(a), sideOf(b));
    else this.#heads(spot, a, b);
    if (contentA !== undefined && contentB !== undefined) this.nodes(inside(spot, a, contentA), contentA, contentB);
  }

  #embedded(spot: Spot, a: Node, b: Node): void {
    const [contentA, contentB] = [a.children[0], b.children[0]];
    this.#heads(spot, a, b);
    if (contentA !== undefined && contentB !== undefined) this.nodes(inside(spot, a, contentA), contentA, contentB);
  }

  #forms(spot: Spot, a: Node, b: Node): void {
    const common = commonForm(a, b, this.#isSame);
    if (common === undefined) {
      this.tell('form', spot, `${formOf(a)}, and ${formOf(b)}`, sideOf(a), sideOf(b));
      return;
    }
    const { aroundA, aroundB } = common;
    const what = `${aroundText(aroundA)} around it, and ${aroundText(aroundB)}`;
    this.tell('form', spot, what, sideOf(a), sideOf(b));
    const way = [...aroundA, common.a];
    const innermost = aroundA.reduce((at, holder, i) => {
      const child = way[i + 1];
      if (child === undefined) return at;
      return holder.type === 'array'
        ? underIndex(at, child, holder.children.indexOf(child))
        : inside(at, holder, child);
    }, spot);
    this.nodes(innermost, common.a, common.b);
  }

  #maps(spot: Spot, a: Node, b: Node): void {
    this.#heads(spot, a, b);
    const keysA = a.children.map(({ key }) => (key === undefined ? -1 : this.#idA(key)));
    const keysB = b.children.map(({ key }) => (key === undefined ? -1 : this.#idB(key)));
    const pairs = entryPairs(keysA, keysB);
    if (pairs.reordered) this.tell('encoding', spot, 'its entries in another order', sideOf(a), sideOf(b));
    this.#pairs(a, b, this.#rekeyed(spot, a, b, pairs), (child) => underKey(spot, child));
  }

  /** Tells of values that stand under another key; what is left stands alone. */
  #rekeyed(spot: Spot, a: Node, b: Node, pairs: Pairs): Pairs {
    const taken = new Set<number>();
    const onlyA = pairs.onlyA.filter((index) => {
      const left = a.children[index];
      const other = pairs.onlyB.find((i) => {
        const right = b.children[i];
        return left && right && !taken.has(i) && this.#isSame(left, right);
      });
      const right = other === undefined ? undefined : b.children[other];
      if (left === undefined || other === undefined || right === undefined) return true;
      taken.add(other);
      const what = `the same value under key ${left.key?.text}, and ${right.key?.text}`;
      this.tell('key', underKey(spot, left), what, sideOf(left), sideOf(right));
      return false;
    });
    return { ...pairs, onlyA, onlyB: pairs.onlyB.filter((index) => !taken.has(index)) };
  }

  #arrays(spot: Spot, a: Node, b: Node): void {
    this.#heads(spot, a, b);
    const pairs = memberPairs(a.children.map(this.#idA), b.children.map(this.#idB));
    if (pairs.reordered) this.tell('order', spot, 'its members in another order', sideOf(a), sideOf(b));
    const remark = signatureRemark(spot, a, b, (x, y) => equalBytes(this.#rawA(x), this.#rawB(y)));
    if (remark !== undefined) this.remarks.push(remark);
    this.#pairs(a, b, pairs, (child, index) => underIndex(spot, child, index));
  }

  #pairs(a: Node, b: Node, pairs: Pairs, spotOf: (child: Node, index: number) => Spot): void {
    const { both, onlyA, onlyB } = pairs;
    const ways = [...both.map(([i, j]) => [i, j] as const), ...onlyA.map((i) => [i, undefined] as const)];
    for (const [i, j] of ways.sort(([x], [y]) => x - y)) {
      const [left, right] = [a.children[i], j === undefined ? undefined : b.children[j]];
      if (left === undefined) continue;
      const spot = spotOf(left, i);
      if (right === undefined) this.tell('missing', spot, 'only in A', sideOf(left), undefined);
      else this.#pair(spot, left, right);
    }
    for (const j of onlyB) {
      const right = b.children[j];
      if (right !== undefined) this.tell('missing', spotOf(right, j), 'only in B', undefined, sideOf(right));
    }
  }

  #pair(spot: Spot, a: Node, b: Node): void {
    if (a.key && b.key && !equalBytes(this.#rawA(a.key), this.#rawB(b.key))) {
      this.tell('encoding', spot, 'its key, written otherwise', sideOf(a), sideOf(b));
    }
    this.nodes(spot, a, b);
  }
}

/** As the walk tells it of a head; here heads are compared. */
const INDEFINITE = 'indefinite length';

const stopText = (a: Stop | undefined, b: Stop | undefined): string => {
  if (a === undefined) return 'reading stops in B';
  return b === undefined ? 'reading stops in A' : 'reading stops in both, for another reason';
};

/**
 * All differences of two tokens, by claim.
 *
 * Total, in time and memory bounded as `describeToken` is. Any two byte strings that are not the same have a difference.
 * Nothing is verified.
 */
export const compareTokens = (a: Uint8Array, b: Uint8Array): TokenDiff => {
  if (equalBytes(a, b)) return { same: true, sameValues: true, differences: [], remarks: [] };
  const [left, right] = [describeToken(a), describeToken(b)];
  const comparison = new Comparison(a, b);
  const spot = outermost(left.shape === right.shape ? left.shape : 'cca');
  if (left.root !== undefined && right.root !== undefined) comparison.nodes(spot, left.root, right.root);
  const [stopA, stopB] = [outerStop(left), outerStop(right)];
  const reads = stopA?.reason === stopB?.reason;
  if (!reads) {
    comparison.tell('reading', spot, stopText(stopA, stopB), stopSide(stopA, a.length), stopSide(stopB, b.length));
  }
  const { differences, remarks } = comparison;
  if (differences.length === 0) {
    const what = 'bytes that could not be read differ';
    comparison.tell('reading', spot, what, stopSide(stopA, a.length), stopSide(stopB, b.length));
  }
  const sameValues = differences.every(({ kind }) => kind === 'encoding');
  return { same: false, sameValues, differences, remarks };
};
