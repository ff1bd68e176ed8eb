const UNITS = { KiB: 1n << 10n, MiB: 1n << 20n, GiB: 1n << 30n, TiB: 1n << 40n } as const;

/** `256 MiB` for people: the largest unit of which there is at least one, two digits after the point at most. */
export const sizeText = (bytes: number | bigint): string => {
  const [unit, factor] = Object.entries(UNITS).findLast(([, factor]) => BigInt(bytes) >= factor) ?? ['bytes', 1n];
  return `${Number((Number(bytes) / Number(factor)).toFixed(2))} ${unit}`;
};

/** Reads `256MiB`, `4 KiB` or a number of bytes in decimal or hexadecimal. @returns undefined for anything else. */
export const parseSize = (text: string): bigint | undefined => {
  const match = /^(0x[0-9a-f]{1,16}|[0-9]{1,16}) ?(KiB|MiB|GiB|TiB)?$/i.exec(text);
  const [, digits, unit] = match ?? [];
  if (digits === undefined) return undefined;
  const factor = Object.entries(UNITS).find(([name]) => name.toLowerCase() === unit?.toLowerCase())?.[1];
  return BigInt(digits) * (factor ?? 1n);
};
