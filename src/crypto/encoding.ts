import { concatBytes, equalBytes, hex } from '../bytes/index.ts';
import { fromBase64, fromBase64Url, toBase64, toBase64Url } from './base64.ts';
import { CURVES } from './curves.ts';
import type { CurveName, PublicKey } from './ports.ts';

const CURVE_NAMES = Object.keys(CURVES) as readonly CurveName[];

const UNCOMPRESSED = 4;

/** The uncompressed point `04 ‖ x ‖ y` (SEC 1 2.3.3). */
export const sec1Point = (key: PublicKey): Uint8Array<ArrayBuffer> =>
  concatBytes(Uint8Array.of(UNCOMPRESSED), key.x, key.y);

/**
 * Reads an uncompressed point; without a curve, the size tells which.
 *
 * Total. Whether the point lies on the curve is the caller's question to `Crypto.isOnCurve`.
 *
 * @returns the key, its coordinates copied, or undefined for anything else, compressed points among them.
 */
export const parseSec1Point = (curve: CurveName | undefined, bytes: Uint8Array): PublicKey | undefined => {
  const name = curve ?? CURVE_NAMES.find((each) => bytes.length === 1 + 2 * CURVES[each].size);
  if (name === undefined) return undefined;
  const { size } = CURVES[name];
  if (bytes.length !== 1 + 2 * size || bytes[0] !== UNCOMPRESSED) return undefined;
  return { curve: name, x: Uint8Array.from(bytes.subarray(1, 1 + size)), y: Uint8Array.from(bytes.subarray(1 + size)) };
};

/**
 * All that precedes the point in a SubjectPublicKeyInfo (RFC 5480 2): sequence, algorithm id-ecPublicKey with the named
 * curve, bit string without unused bits. DER leaves no choice, so reading is comparing.
 */
const SPKI_PREFIX = {
  'P-256': hex('3059 3013 06072a8648ce3d0201 06082a8648ce3d030107 034200'),
  'P-384': hex('3076 3010 06072a8648ce3d0201 06052b81040022 036200'),
  'P-521': hex('30819b 3010 06072a8648ce3d0201 06052b81040023 03818600'),
} as const satisfies Record<CurveName, Uint8Array>;

export const spkiDer = (key: PublicKey): Uint8Array<ArrayBuffer> => concatBytes(SPKI_PREFIX[key.curve], sec1Point(key));

/** Total, as `parseSec1Point`: undefined unless the bytes are a SubjectPublicKeyInfo of one of the three curves. */
export const parseSpkiDer = (bytes: Uint8Array): PublicKey | undefined => {
  for (const curve of CURVE_NAMES) {
    const prefix = SPKI_PREFIX[curve];
    if (equalBytes(bytes.subarray(0, prefix.length), prefix)) {
      return parseSec1Point(curve, bytes.subarray(prefix.length));
    }
  }
  return undefined;
};

const PEM_BEGIN = '-----BEGIN PUBLIC KEY-----';
const PEM_END = '-----END PUBLIC KEY-----';
const PEM_LINE = 64;
/** Several times what the largest key needs, with every line ending doubled. */
const PEM_LIMIT = 2048;

/** `spkiDer` as PEM (RFC 7468 13), lines of 64 characters, a line feed at the end. */
export const spkiPem = (key: PublicKey): string => {
  const lines = toBase64(spkiDer(key)).match(new RegExp(`.{1,${PEM_LINE}}`, 'g')) ?? [];
  return `${[PEM_BEGIN, ...lines, PEM_END].join('\n')}\n`;
};

/** Reads the first public key block of a PEM text; what stands around it is ignored. Total. */
export const parseSpkiPem = (text: string): PublicKey | undefined => {
  const begin = text.indexOf(PEM_BEGIN);
  if (begin < 0) return undefined;
  const block = text.slice(begin + PEM_BEGIN.length, begin + PEM_BEGIN.length + PEM_LIMIT);
  const end = block.indexOf(PEM_END);
  if (end < 0) return undefined;
  const der = fromBase64(block.slice(0, end).replace(/[ \t\r\n]+/g, ''));
  return der && parseSpkiDer(der);
};

/** A public key as a JSON Web Key (RFC 7518 6.2.1). */
export interface PublicJwk {
  readonly kty: 'EC';
  readonly crv: CurveName;
  readonly x: string;
  readonly y: string;
}

export const publicJwk = ({ curve, x, y }: PublicKey): PublicJwk => ({
  kty: 'EC',
  crv: curve,
  x: toBase64Url(x),
  y: toBase64Url(y),
});

/**
 * Reads the public half of a JSON Web Key, whatever else it carries, a private `d` among it.
 *
 * Total. Coordinates must be as wide as the field (RFC 7518 6.2.1.2); the caller asks `Crypto.isOnCurve`.
 */
export const parseJwk = (jwk: unknown): PublicKey | undefined => {
  if (typeof jwk !== 'object' || jwk === null) return undefined;
  const { kty, crv, x, y } = jwk as Readonly<Record<string, unknown>>;
  const curve = CURVE_NAMES.find((each) => each === crv);
  if (kty !== 'EC' || curve === undefined || typeof x !== 'string' || typeof y !== 'string') return undefined;
  const { size } = CURVES[curve];
  const xBytes = fromBase64Url(x);
  const yBytes = fromBase64Url(y);
  if (xBytes?.length !== size || yBytes?.length !== size) return undefined;
  return { curve, x: xBytes, y: yBytes };
};
