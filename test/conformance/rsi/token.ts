import { concatBytes } from '../../../src/bytes/index.ts';
import { type CborValue, decode, Tagged, toValue } from '../../../src/cbor/index.ts';
import { GRANULE, type World } from '../language/world.ts';

const RSI_SUCCESS = 0n;
const RSI_INCOMPLETE = 3n;

/** Fetches the token that is under way, by pieces of at most `size` bytes, through the granule at `page`. */
export const fetch = (w: World, page: bigint, size = Number(GRANULE), pe = 0): Uint8Array => {
  let token = new Uint8Array();
  for (let offset = 0; ; ) {
    const room = Math.min(size, Number(GRANULE) - offset);
    const [status, length = 0n] = w.callOn(pe, 'RSI_ATTESTATION_TOKEN_CONTINUE', page, offset, room);
    if (status !== RSI_SUCCESS && status !== RSI_INCOMPLETE) throw new Error(`CONTINUE answered ${status}`);
    if (length > BigInt(room)) throw new Error(`CONTINUE gave ${length} bytes for ${room}`);
    token = concatBytes(token, w.load(page + BigInt(offset), Number(length), pe));
    offset = (offset + Number(length)) % Number(GRANULE);
    if (status === RSI_SUCCESS) return token;
  }
};

const parsed = (bytes: CborValue): CborValue => {
  const decoded = bytes instanceof Uint8Array ? decode(bytes) : undefined;
  if (decoded?.ok !== true) throw new Error('this is no CBOR');
  return toValue(decoded.item);
};

const untagged = (value: CborValue): CborValue => (value instanceof Tagged ? value.content : value);

/** Entries of a CCA token: the platform token, the Realm token. */
export const COLLECTION = { platform: 44234, realm: 44241 } as const;
/** Labels of claims that rows look at. */
export const CLAIM = {
  challenge: 10,
  rpv: 44235,
  rim: 44238,
  rems: 44239,
} as const;

/** The claims of one part of a CCA token, by their labels. */
export const claimsOf = (token: Uint8Array, part: keyof typeof COLLECTION): ReadonlyMap<CborValue, CborValue> => {
  const collection = untagged(parsed(token)) as ReadonlyMap<CborValue, CborValue>;
  const sign1 = untagged(parsed(collection.get(COLLECTION[part]))) as readonly CborValue[];
  return parsed(sign1[2]) as ReadonlyMap<CborValue, CborValue>;
};

/** The challenge that the Realm part of a token carries. */
export const challengeOf = (token: Uint8Array): CborValue => claimsOf(token, 'realm').get(CLAIM.challenge);
