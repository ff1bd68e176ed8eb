import type { CborItem } from './item.ts';

/** What a well-formed item may still be told off for, by code. */
export const CBOR_PROBLEMS = {
  INDEFINITE_LENGTH: 'the length is indefinite',
  NOT_SHORTEST: 'a shorter encoding says the same',
  DUPLICATE_KEY: 'the key stands in the map already',
  INVALID_UTF8: 'the text is not UTF-8',
} as const;

export interface CborProblem {
  readonly code: keyof typeof CBOR_PROBLEMS;
  /** Of the head of the item, or of the repeated key. */
  readonly offset: number;
}

export const childrenOf = (item: CborItem): readonly CborItem[] => {
  switch (item.type) {
    case 'array':
      return item.items;
    case 'map':
      return item.entries.flatMap(({ key, value }) => [key, value]);
    case 'tag':
      return [item.content];
    case 'bytes':
    case 'text':
      return item.chunks;
    default:
      return [];
  }
};

const ownProblems = (item: CborItem): CborProblem[] => {
  const found: CborProblem[] = [];
  if ('indefinite' in item && item.indefinite) found.push({ code: 'INDEFINITE_LENGTH', offset: item.start });
  if (!item.shortest) found.push({ code: 'NOT_SHORTEST', offset: item.start });
  // An indefinite text is broken in its pieces, and those are told.
  if (item.type === 'text' && !item.validUtf8 && !item.indefinite) {
    found.push({ code: 'INVALID_UTF8', offset: item.start });
  }
  if (item.type === 'map')
    for (const { start } of item.duplicates) found.push({ code: 'DUPLICATE_KEY', offset: start });
  return found;
};

/** All problems of an item and of those inside it, by offset. What embedded byte strings hold is not looked at. */
export const problems = (item: CborItem): readonly CborProblem[] => {
  const found: CborProblem[] = [];
  const walk = (each: CborItem): void => {
    for (const problem of ownProblems(each)) found.push(problem);
    childrenOf(each).forEach(walk);
  };
  walk(item);
  return found.sort((a, b) => a.offset - b.offset);
};
