/** Puts other values in the place of some members of a record that nobody else has yet. */
export const replaced = <T extends object>(fresh: T, change: Readonly<Partial<T>>): T => {
  for (const key in change) fresh[key] = change[key] as T[typeof key];
  return fresh;
};
