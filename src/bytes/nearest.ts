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

/** The word that was probably meant by one that is not known, or undefined when none is near. */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  if (word.length > 40) return undefined;
  let best: string | undefined;
  let edits = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const needed = distance(word, candidate);
    if (needed < edits) {
      best = candidate;
      edits = needed;
    }
  }
  return best;
};
