import { fromUtf8 } from '../bytes/index.ts';
import { COSE_KEY_ERRORS, parseCoseKey } from '../cose/index.ts';
import { type Crypto, fromBase64, type PublicKey, parseJwk, parseSec1Point, parseSpkiDer } from '../crypto/index.ts';
import { publicPartOfDer } from './private-key.ts';

/** Larger than any file with one key has a reason to be. */
export const KEY_FILE_MAX_BYTES = 64 * 1024;

export type KeyFormat = 'PEM' | 'DER' | 'JWK' | 'COSE_Key' | 'SEC 1 point';

/** A public key, or in one line why there is none. */
export type ParsedKey =
  | { readonly ok: true; readonly key: PublicKey; readonly format: KeyFormat }
  | { readonly ok: false; readonly error: string };

const good = (key: PublicKey, format: KeyFormat): ParsedKey => ({ ok: true, key, format });
const bad = (error: string): ParsedKey => ({ ok: false, error });

const CURVES_ASKED = 'P-256, P-384 or P-521';
const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\s]{1,16384}?)-----END ([A-Z0-9 ]{1,40})-----/g;
const DER_SEQUENCE = 0x30;
const UNCOMPRESSED = 0x04;
/** What may stand before the brace of a JWK: white space, and a byte order mark. */
const JSON_START = /^\uFEFF?\s*\{/;

const parsePem = (text: string): ParsedKey => {
  const labels: string[] = [];
  for (const [, label = '', body = '', end] of text.matchAll(PEM_BLOCK)) {
    labels.push(label);
    const der = label === end ? fromBase64(body.replace(/\s+/g, '')) : undefined;
    if (der === undefined) return bad(`the PEM block ${label} is broken`);
    const isPrivate = label === 'PRIVATE KEY' || label === 'EC PRIVATE KEY';
    if (label !== 'PUBLIC KEY' && !isPrivate) continue;
    const key = isPrivate ? publicPartOfDer(der) : parseSpkiDer(der);
    if (key !== undefined) return good(key, 'PEM');
    const without = isPrivate ? ', or does not carry its public key' : '';
    return bad(`the PEM block ${label} is not an uncompressed key on ${CURVES_ASKED}${without}`);
  }
  return bad(
    labels.length === 0 ? 'the PEM block is broken' : `no public key among the PEM blocks: ${labels.join(', ')}`,
  );
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** A JWK, or a set with one key in it (RFC 7517 5). */
const parseJwkText = (text: string): ParsedKey => {
  const json = parseJson(text.replace(/^\uFEFF/, ''));
  if (typeof json !== 'object' || json === null) return bad('the JSON is broken');
  const { keys } = json as { readonly keys?: unknown };
  if (Array.isArray(keys) && keys.length !== 1) return bad(`the JWK set has ${keys.length} keys, not one`);
  const key = parseJwk(Array.isArray(keys) ? keys[0] : json);
  return key === undefined ? bad(`the JSON is not a JWK with kty EC, crv ${CURVES_ASKED}, x and y`) : good(key, 'JWK');
};

const parseBinary = (bytes: Uint8Array): ParsedKey => {
  if (bytes[0] === DER_SEQUENCE) {
    const key = parseSpkiDer(bytes) ?? publicPartOfDer(bytes);
    return key === undefined ? bad(`the DER is not an uncompressed key on ${CURVES_ASKED}`) : good(key, 'DER');
  }
  const point = bytes[0] === UNCOMPRESSED ? parseSec1Point(undefined, bytes) : undefined;
  if (point !== undefined) return good(point, 'SEC 1 point');
  const cose = parseCoseKey(bytes);
  if (cose.ok) return good(cose.value, 'COSE_Key');
  return bad(
    cose.error.code === 'NOT_CBOR' || cose.error.code === 'NOT_MAP'
      ? 'neither PEM nor JWK nor COSE_Key'
      : `the COSE_Key is refused: ${COSE_KEY_ERRORS[cose.error.code]}`,
  );
};

/**
 * Reads the public key out of a file in whatever form it is: PEM (public, or private with its public part), JWK, COSE_Key,
 * DER, uncompressed point. Only public parts are looked at.
 *
 * Total: any bytes give a point of its curve or one line that says why not.
 */
export const parseKeyFile = (bytes: Uint8Array, crypto: Crypto): ParsedKey => {
  if (bytes.length === 0) return bad('the file is empty');
  if (bytes.length > KEY_FILE_MAX_BYTES) return bad(`larger than ${KEY_FILE_MAX_BYTES} bytes, which no key is`);
  const text = fromUtf8(bytes);
  const parsed =
    text?.includes('-----BEGIN ') === true
      ? parsePem(text)
      : text !== undefined && JSON_START.test(text)
        ? parseJwkText(text)
        : parseBinary(bytes);
  if (!parsed.ok) return parsed;
  const { curve, x, y } = parsed.key;
  const key = { curve, x, y };
  return crypto.isOnCurve(key) ? good(key, parsed.format) : bad(`the ${parsed.format} key is not a point of ${curve}`);
};
