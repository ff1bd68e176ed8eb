import { nearest } from '../bytes/index.ts';

/** ` (did you mean --challenge?)` for a word that is nearly one of those known, else nothing. */
export const suggestion = (word: string, known: readonly string[], prefix = ''): string => {
  const near = nearest(word, known);
  return near === undefined ? '' : ` (did you mean ${prefix}${near}?)`;
};
