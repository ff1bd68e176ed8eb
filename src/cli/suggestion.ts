/** Edits that turn one word into another: letters added, dropped or changed. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
};

/** ` (did you mean --challenge?)` for a word that is nearly one of those known, else nothing. */
export const suggestion = (word: string, known: readonly string[], prefix = ''): string => {
  if (word.length > 40) return '';
  const [best] = known
    .map((candidate) => ({ candidate, edits: distance(word, candidate) }))
    .sort((a, b) => a.edits - b.edits);
  const near = best !== undefined && best.edits <= Math.max(1, Math.floor(word.length / 3));
  return near ? ` (did you mean ${prefix}${best.candidate}?)` : '';
};
