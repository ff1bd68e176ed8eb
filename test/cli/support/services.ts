import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { equalBytes, padEnd } from '../../../src/bytes/index.ts';
import { nodeCrypto } from '../../../src/crypto/node.ts';
import { keyOfCorims, parseCorim, verifyToken } from '../../../src/verify/index.ts';

/** One request as it came in. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

type Handle = (seen: Seen, response: ServerResponse, all: readonly Seen[]) => void | Promise<void>;

/** A service on loopback, gone after the test; what it saw is kept. */
export const service = async (handle: Handle): Promise<{ readonly url: string; readonly seen: readonly Seen[] }> => {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const one: Seen = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(parts),
      };
      seen.push(one);
      handle(one, response, seen);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, seen };
};

export const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
};

/** Problem details (RFC 7807). */
const problem = (response: ServerResponse, status: number, detail: string) =>
  json(response, status, { type: 'about:blank', status, detail }, { 'content-type': 'application/problem+json' });

/** Base64 with the alphabet for URLs and padding, as Go's `URLEncoding` writes it. */
const urlSafe = (bytes: Buffer): string => bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_');

const SIGNER = generateKeyPairSync('ec', { namedCurve: 'P-256' });
/** What the services sign their results with, as a JWK. */
export const SERVICE_KEY = JSON.stringify(SIGNER.publicKey.export({ format: 'jwk' }));

const jwt = (claims: unknown): string => {
  const said = ['{"alg":"ES256"}', JSON.stringify(claims)].map((part) => Buffer.from(part).toString('base64url'));
  const signature = sign('sha256', Buffer.from(said.join('.')), { key: SIGNER.privateKey, dsaEncoding: 'ieee-p1363' });
  return [...said, signature.toString('base64url')].join('.');
};

const ID = '11111111-2222-1333-8444-555555555555';
const SESSION = `/challenge-response/v1/session/${ID}`;
const SESSION_TYPE = 'application/vnd.veraison.challenge-response-session+json';
export interface VeraisonOptions {
  readonly polls?: number;
  readonly nonceBytes?: number;
  /** How the nonce is written: releases before 2024 used the alphabet that is not for URLs. */
  readonly encoding?: 'base64url' | 'base64';
  /** The session whose result it gives, by its nonce; its own where nothing is said. */
  readonly answered?: Uint8Array;
}
const AFFIRMING = { 'ear.status': 'affirming', 'ear.trustworthiness-vector': { 'instance-identity': 2 } };

/** Whether a token is taken, with the nonce of its session. */
type Appraise = (token: Uint8Array, nonce: Uint8Array) => boolean | Promise<boolean>;

/** Our verifier, with the trust anchor of a CoRIM. */
const withCorim = (corim: Uint8Array): Appraise => {
  const parsed = parseCorim(corim, nodeCrypto);
  const key = parsed.ok ? keyOfCorims([parsed.value]) : undefined;
  return (token, nonce) => verifyToken(token, { crypto: nodeCrypto, challenge: padEnd(nonce, 64), key }).accepted;
};

/**
 * The challenge-response API of Veraison as veraison/services has it in verification/api/handler.go and
 * challengeresponsesession.go (read at 1dc951f and 55614a7): 201 with a relative Location and a session that waits, then 200
 * (or 202 and a poll) with the result; problem details otherwise. It stands in for the service, which cannot be had here.
 *
 * @param appraiser who decides: a CoRIM with the trust anchor, for our verifier, or somebody else
 */
export const recordedVeraison =
  (
    appraiser: Uint8Array | Appraise,
    { polls = 0, nonceBytes = 64, encoding = 'base64url', answered }: VeraisonOptions = {},
  ): Handle =>
  async ({ method, path, body, headers }, response, all) => {
    const accepts = appraiser instanceof Uint8Array ? withCorim(appraiser) : appraiser;
    // Both alphabets of base64 differ in it.
    const nonce = Buffer.alloc(nonceBytes, 0xfb);
    const session = {
      nonce: encoding === 'base64url' ? urlSafe(nonce) : nonce.toString('base64'),
      expiry: '2030-01-01T00:00:00Z',
      accept: ['application/eat-collection; profile="http://arm.com/CCA-SSD/1.0.0"'],
    };
    if (headers.accept !== SESSION_TYPE)
      return problem(response, 406, `the only supported output format is ${SESSION_TYPE}`);
    if (method === 'POST' && path.startsWith('/challenge-response/v1/newSession')) {
      return json(
        response,
        201,
        { ...session, status: 'waiting' },
        { location: `session/${ID}`, 'content-type': SESSION_TYPE },
      );
    }
    if (path !== SESSION) return problem(response, 404, 'session not found');
    const submitted = all.find((each) => each.method === 'POST' && each.path === SESSION);
    const polled = all.filter((each) => each.method === 'GET').length;
    if (method === 'POST' && headers['content-type'] !== session.accept[0])
      return problem(response, 415, `no active plugin found for ${headers['content-type']}`);
    if (polled < polls) return json(response, method === 'POST' ? 202 : 200, { ...session, status: 'processing' });
    const submods = (await accepts(new Uint8Array(submitted?.body ?? body), nonce))
      ? { CCA_SSD_PLATFORM: AFFIRMING, CCA_REALM: AFFIRMING }
      : {
          ARM_CCA: {
            'ear.status': 'contraindicated',
            'ear.trustworthiness-vector': { 'instance-identity': 99 },
            'ear.veraison.policy-claims': { problem: 'integrity validation failed' },
          },
        };
    return json(response, 200, {
      ...session,
      status: 'complete',
      result: jwt({ eat_nonce: urlSafe(Buffer.from(answered ?? nonce)), submods }),
    });
  };

const NONCE = Buffer.alloc(32, 0xfb).toString('base64');
const PROTOCOL = '0.4.0';

/**
 * The exchange of Trustee's key broker as confidential-containers/trustee has it in kbs/src/attestation/backend.rs (read at
 * 03d89ef) and its guests in guest-components/attestation-agent/kbs_protocol (read at 0569f9b): a challenge with a cookie,
 * then a token for evidence that answers key, nonce and evidence of other devices.
 */
export const recordedKbs =
  (digest: (runtimeData: string) => Uint8Array, extra: unknown = '', nonceText = NONCE): Handle =>
  ({ method, path, body, headers }, response) => {
    const sent = JSON.parse(body.toString());
    const refuse = (detail: string) =>
      json(response, 401, { type: 'https://github.com/confidential-containers/kbs/errors/RcarAttestFailed', detail });
    if (method === 'POST' && path === '/kbs/v0/auth') {
      if (sent.version !== PROTOCOL || sent.tee !== 'cca')
        return refuse(`expect =${PROTOCOL} while the request is ${sent.version}`);
      const headersOut = { 'set-cookie': 'kbs-session-id=abc; Path=/; HttpOnly' };
      return json(response, 200, { nonce: nonceText, 'extra-params': extra }, headersOut);
    }
    if (path !== '/kbs/v0/attest' || headers.cookie !== 'kbs-session-id=abc') return refuse('cookie not found');
    const { nonce, 'tee-pubkey': key } = sent['runtime-data'];
    const sorted = Object.fromEntries(Object.entries(key as object).sort(([a], [b]) => (a < b ? -1 : 1)));
    const { primary_evidence: evidence, additional_evidence: others } = sent['tee-evidence'];
    const expected = new Uint8Array(64);
    expected.set(digest(JSON.stringify({ 'additional-evidence': others, nonce, 'tee-pubkey': sorted })));
    const token = Uint8Array.from(evidence.token);
    const { claims } = verifyToken(token, { crypto: nodeCrypto });
    const fresh = claims.realm?.challenge !== undefined && equalBytes(claims.realm.challenge, expected);
    if (nonce !== nonceText || JSON.stringify(JSON.parse(others)) !== '{}' || !fresh)
      return refuse('report data differ');
    return json(response, 200, { token: jwt({ submods: { cpu0: AFFIRMING } }) });
  };
