import { isBadTag } from '../go-cbor.ts';
import { LABEL } from '../items.ts';
import type { Rule } from '../rule.ts';
import type { GoView } from './go-view.ts';

export const EVIDENCE = 'CBOR decoding of CCA evidence failed: ';

export const errorOf = (read: object): string | undefined => ('error' in read ? String(read.error) : undefined);
export const prefixed = (prefix: string, text: string | undefined): string | undefined => text && `${prefix}${text}`;

const wrongTag = (type: string, got: readonly (number | bigint)[], expected: number): string =>
  `${EVIDENCE}cbor: wrong tag number for ccatoken.${type}, got [${got.join(' ')}], expected [${expected}]`;

const wellFormed: Rule<GoView> = {
  id: 'cbor',
  stage: 'decode',
  says: 'the token is one item of CBOR with definite lengths',
  refuses: ({ outer }) => prefixed(EVIDENCE, errorOf(outer)),
};

/** The release reads the collection at once, and knows one tag. */
export const outerOfRelease: readonly Rule<GoView>[] = [
  wellFormed,
  {
    id: 'outer-tag',
    stage: 'decode',
    says: `the outer tag is ${LABEL.tag.collection}`,
    refuses: ({ outer, tags }) => {
      if (tags.length === 0) return `${EVIDENCE}cbor: cannot unmarshal …`;
      if (!('error' in outer) && isBadTag(outer)) return `${EVIDENCE}cbor: tag number …`;
      const [first, ...more] = tags;
      if (more.length === 0 && first === LABEL.tag.collection) return undefined;
      return wrongTag('CBORCollection', tags, LABEL.tag.collection);
    },
  },
];

const MAJOR_TAG = 6;
const NULLS = [0xf6, 0xf7];
/** Bytes of a head that follow its first one, by its low five bits; more than these cannot be. */
const HEAD_BYTES: Readonly<Record<number, number>> = { 24: 1, 25: 2, 26: 4, 27: 8 };

/** The number of the tag that a token starts with: its head alone is read, whatever comes then. */
const firstTag = (token: Uint8Array): bigint | 'crash' | 'no tag' => {
  const [first] = token;
  if (first === undefined) return 'crash';
  if (token.length === 1 && NULLS.includes(first)) return 0n;
  if (first >> 5 !== MAJOR_TAG) return 'no tag';
  const low = first & 0x1f;
  const size = HEAD_BYTES[low] ?? 0;
  if (size === 0) return BigInt(low);
  if (token.length <= size) return 'crash';
  return token.subarray(1, 1 + size).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
};

const TYPE_OF_TAG: ReadonlyMap<number | bigint | undefined, string> = new Map<number, string>([
  [LABEL.tag.collection, 'CBORCollection'],
  [LABEL.tag.cmw, 'CBORCMWCollection'],
]);

/** What came after it looks at the first tag, before anything else, and then reads the collection that goes with it. */
export const outerOfNext: readonly Rule<GoView>[] = [
  {
    id: 'outer-tag',
    stage: 'decode',
    says: `the outer tag is ${LABEL.tag.collection} or ${LABEL.tag.cmw}`,
    refuses: ({ input: { token } }) => {
      const tag = firstTag(token);
      if (tag === 'crash') return '…';
      if (tag === 'no tag') return 'unmarshal top-level CBOR Tag: cbor: cannot unmarshal …';
      return TYPE_OF_TAG.has(Number(tag)) ? undefined : wrongTag('CBORCollection', [tag], LABEL.tag.cmw);
    },
  },
  wellFormed,
  {
    id: 'one-tag',
    stage: 'decode',
    says: 'there is no other tag in the outer one',
    refuses: ({ tags }) => {
      const [first, ...more] = tags;
      return more.length === 0 ? undefined : wrongTag(TYPE_OF_TAG.get(first) ?? '', tags, Number(first));
    },
  },
];
