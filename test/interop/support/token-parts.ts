import { Decoder, type Tag } from 'cbor-x';

/**
 * A CCA token taken apart by cbor-x, so that what the peers are given owes nothing to our own reader
 * (RMM 1.0 A7.2; COSE_Sign1: RFC 9052 4.2).
 */
export interface Sign1Parts {
  readonly protectedHeader: Uint8Array;
  readonly payload: Uint8Array;
  readonly claims: ReadonlyMap<number, unknown>;
  readonly signature: Uint8Array;
}

export interface TokenParts {
  readonly platform: Sign1Parts;
  readonly realm: Sign1Parts;
}

const LABEL = { platformToken: 44234, realmToken: 44241, realmPublicKey: 44237 } as const;
const COSE_KEY_X = -2;
const COSE_KEY_Y = -3;
const P384_BYTES = 48;

const decoder = new Decoder({ mapsAsObjects: false, useRecords: false });

export function tokenParts(token: Uint8Array): TokenParts {
  const collection = (decoder.decode(token) as Tag).value as ReadonlyMap<number, Entry>;
  const message = (label: number): Uint8Array => {
    const entry = collection.get(label)!;
    return entry instanceof Uint8Array ? entry : entry[1];
  };
  return { platform: sign1Parts(message(LABEL.platformToken)), realm: sign1Parts(message(LABEL.realmToken)) };
}

/** A message as a byte string, or in the record of a CMW behind its content format. */
type Entry = Uint8Array | readonly [format: number, message: Uint8Array];

function sign1Parts(message: Uint8Array): Sign1Parts {
  const [protectedHeader, , payload, signature] = (decoder.decode(message) as Tag).value as [
    Uint8Array,
    unknown,
    Uint8Array,
    Uint8Array,
  ];
  return { protectedHeader, payload, claims: decoder.decode(payload) as ReadonlyMap<number, unknown>, signature };
}

/** The RAK as a JWK, from a claim that holds a COSE_Key or, in the legacy dialect, an uncompressed point. */
export function realmKey(realm: Sign1Parts): { kty: 'EC'; crv: 'P-384'; x: string; y: string } {
  const claim = realm.claims.get(LABEL.realmPublicKey) as Uint8Array;
  const [x, y] = claim.length === 1 + 2 * P384_BYTES ? pointCoordinates(claim) : keyCoordinates(claim);
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
  return { kty: 'EC', crv: 'P-384', x: text(x), y: text(y) };
}

function pointCoordinates(point: Uint8Array): [Uint8Array, Uint8Array] {
  return [point.subarray(1, 1 + P384_BYTES), point.subarray(1 + P384_BYTES)];
}

function keyCoordinates(encoded: Uint8Array): [Uint8Array, Uint8Array] {
  const key = decoder.decode(encoded) as ReadonlyMap<number, Uint8Array>;
  return [key.get(COSE_KEY_X)!, key.get(COSE_KEY_Y)!];
}

/** The bytes that a COSE_Sign1 signature covers: Sig_structure with empty external data (RFC 9052 4.4). */
export function signedBytes({ protectedHeader, payload }: Sign1Parts): Uint8Array {
  const context = new TextEncoder().encode('Signature1');
  const strings = [byteString(protectedHeader), byteString(new Uint8Array()), byteString(payload)];
  return Buffer.concat([Uint8Array.of(0x84, 0x60 + context.length), context, ...strings]);
}

function byteString(bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  if (length < 24) return Uint8Array.of(0x40 + length, ...bytes);
  if (length < 0x100) return Uint8Array.of(0x58, length, ...bytes);
  return Uint8Array.of(0x59, length >> 8, length & 0xff, ...bytes);
}

/** Copies of a token, one for each byte of a signature in it, with one bit of that byte inverted. */
export function withFlippedBits(token: Uint8Array, signature: Uint8Array): Uint8Array[] {
  const start = Buffer.from(token).indexOf(signature);
  return Array.from(signature, (byte, index) => {
    const copy = Uint8Array.from(token);
    copy[start + index] = byte ^ (1 << (index % 8));
    return copy;
  });
}
