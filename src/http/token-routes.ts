import { fromHex, fromUtf8, padEnd, toHex } from '../bytes/index.ts';
import { accepts, type HttpReply, type HttpRequest, jsonReply, problem, type Route } from './route.ts';

/** A token that a guest fetched. */
export interface Minted {
  readonly token: Uint8Array;
  readonly dialect: string;
}

/** Something that belongs to every token: keys, reference values, endorsements. */
export interface ServedFile {
  readonly name: string;
  readonly type: string;
  readonly data: Uint8Array;
}

/** Where the tokens of one Realm come from. */
export interface TokenService {
  /** @param challenge of 64 bytes. @throws what made it fail; the request is answered with 500 then. */
  mint(challenge: Uint8Array): Minted;
  readonly files: readonly ServedFile[];
}

export const TOKEN_PATH = '/token';
const MEMBERS = ['challenge', 'realm'];
const CHALLENGE_BYTES = 64;
const CBOR = 'application/cbor';
const JSON_TYPE = 'application/json';

/** The files of the first Realm stand at the root, so that whoever serves one sees no number. */
const pathOf = ({ name }: ServedFile, realm: number): string => (realm === 0 ? `/${name}` : `/realms/${realm}/${name}`);

const base64 = (bytes: Uint8Array): string => {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
};

/** Base64url without padding, of 1 to 64 bytes; undefined for anything else. */
const fromBase64url = (text: string): Uint8Array | undefined => {
  if (!/^[A-Za-z0-9_-]{2,86}$/.test(text) || text.length % 4 === 1) return undefined;
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
};

const PREFIX = 'base64url:';

/** 1 to 64 bytes as hexadecimal or `base64url:…`, zero-padded at the tail; undefined when it is none. */
const challengeOf = (value: unknown): Uint8Array | undefined => {
  if (typeof value !== 'string' || value.length > 2 * CHALLENGE_BYTES) return undefined;
  const bytes = value.startsWith(PREFIX) ? fromBase64url(value.slice(PREFIX.length)) : fromHex(value);
  if (bytes === undefined || bytes.length < 1 || bytes.length > CHALLENGE_BYTES) return undefined;
  return padEnd(bytes, CHALLENGE_BYTES);
};

const parsed = (body: Uint8Array): unknown => {
  const text = fromUtf8(body);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const mint = (realms: readonly TokenService[], { accept, contentType, body }: HttpRequest): HttpReply => {
  const asJson = accepts(accept, JSON_TYPE);
  if (!asJson && !accepts(accept, CBOR)) {
    return problem(406, 'Not Acceptable', `a token comes as ${JSON_TYPE} or ${CBOR}`);
  }
  if (contentType !== JSON_TYPE) return problem(415, 'Unsupported Media Type', `the request is ${JSON_TYPE}`);
  const request = parsed(body);
  if (!isObject(request)) return problem(400, 'Bad Request', 'the body is no JSON object, as {"challenge":"00ff"}');
  const strange = Object.keys(request).find((key) => !MEMBERS.includes(key));
  if (strange !== undefined)
    return problem(400, 'Bad Request', `unknown member ${JSON.stringify(strange.slice(0, 40))}`);
  const challenge = challengeOf(request['challenge']);
  if (challenge === undefined) {
    return problem(400, 'Bad Request', 'challenge takes 1 to 64 bytes, hexadecimal or base64url:…');
  }
  const { realm = 0 } = request;
  const service = typeof realm === 'number' ? realms[realm] : undefined;
  if (service === undefined) {
    return problem(400, 'Bad Request', `realm takes the number of a Realm, from 0 to ${realms.length - 1}`);
  }
  const { token, dialect } = service.mint(challenge);
  const links = Object.fromEntries(service.files.map((file) => [file.name, pathOf(file, Number(realm))]));
  if (asJson) {
    const whole = { token: base64(token), challenge: toHex(challenge), dialect, origin: 'rsi', simulated: true, links };
    return jsonReply(200, whole);
  }
  const link = Object.values(links)
    .map((path) => `<${path}>; rel="describedby"`)
    .join(', ');
  return { status: 200, type: CBOR, body: token, ...(link === '' ? {} : { headers: { link } }) };
};

/** Every route there is, but the document that describes them, for Realms by their numbers. */
export const tokenRoutes = (realms: readonly TokenService[]): readonly Route[] => [
  { method: 'POST', path: TOKEN_PATH, handle: (request) => mint(realms, request) },
  ...realms.flatMap(({ files }, realm) =>
    files.map(
      (file): Route => ({
        method: 'GET',
        path: pathOf(file, realm),
        handle: () => ({ status: 200, type: file.type, body: file.data }),
      }),
    ),
  ),
];
