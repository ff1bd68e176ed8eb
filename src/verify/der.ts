/** One value of DER: its tag, its content, and what follows it. */
export interface DerValue {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly rest: Uint8Array;
}

export const DER = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  sequence: 0x30,
  context0: 0xa0,
  context1: 0xa1,
} as const;

/** Lengths beyond two bytes do not occur in keys. */
const LONG_FORMS: ReadonlyMap<number, number> = new Map([
  [0x81, 1],
  [0x82, 2],
]);

/** Reads the first value. Total: undefined when the bytes end inside it or its length is written in an unusual way. */
export const readDer = (bytes: Uint8Array): DerValue | undefined => {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) return undefined;
  const width = LONG_FORMS.get(first);
  if (first >= 0x80 && width === undefined) return undefined;
  const head = 2 + (width ?? 0);
  const length = width === undefined ? first : bytes.subarray(2, head).reduce((sum, byte) => sum * 256 + byte, 0);
  if (head + length > bytes.length) return undefined;
  return { tag, content: bytes.subarray(head, head + length), rest: bytes.subarray(head + length) };
};

/** The values that a constructed value holds; undefined when one of them is broken. */
export const readDerMembers = (content: Uint8Array, atMost = 8): readonly DerValue[] | undefined => {
  const members: DerValue[] = [];
  for (let rest = content; rest.length > 0; ) {
    const value = readDer(rest);
    if (value === undefined || members.length === atMost) return undefined;
    members.push(value);
    rest = value.rest;
  }
  return members;
};
