import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { equalBytes } from '../../../src/bytes/index.ts';
import { nodeCrypto } from '../../../src/crypto/node.ts';
import { keyOfCorims, parseCorim, verifyToken } from '../../../src/verify/index.ts';

/** One request as it came in. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

type Handle = (seen: Seen, response: ServerResponse, all: readonly Seen[]) => void;

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

const jwt = (claims: unknown): string =>
  ['{"alg":"ES256"}', JSON.stringify(claims), 'unsigned']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

const SESSION = '/challenge-response/v1/session/11111111-2222-8333-8444-555555555555';
const AFFIRMING = { 'ear.status': 'affirming', 'ear.trustworthiness-vector': { 'instance-identity': 2 } };

/**
 * The exchange that Veraison's challenge-response API has with its own client: 201 with a Location and a session that
 * waits, then 200 (or 202 and a poll) with the result. It stands in for the service, which cannot be had here.
 */
export const recordedVeraison =
  (corim: Uint8Array, { polls = 0, nonceBytes = 64 } = {}): Handle =>
  ({ method, path, body, headers }, response, all) => {
    const nonce = Buffer.alloc(nonceBytes, 0x5a);
    const session = {
      nonce: nonce.toString('base64'),
      expiry: '2030-01-01T00:00:00Z',
      accept: ['application/eat-collection; profile="http://arm.com/CCA-SSD/1.0.0"'],
    };
    if (method === 'POST' && path.startsWith('/challenge-response/v1/newSession')) {
      return json(response, 201, { ...session, status: 'waiting' }, { location: SESSION });
    }
    if (path !== SESSION) return json(response, 404, { title: 'not found' });
    const submitted = all.find((each) => each.method === 'POST' && each.path === SESSION);
    const polled = all.filter((each) => each.method === 'GET').length;
    if (method === 'POST' && headers['content-type'] !== session.accept[0])
      return json(response, 415, { title: 'type' });
    if (polled < polls) return json(response, method === 'POST' ? 202 : 200, { ...session, status: 'processing' });
    const parsed = parseCorim(corim, nodeCrypto);
    const token = new Uint8Array(submitted?.body ?? body);
    const challenge = new Uint8Array(64);
    challenge.set(nonce);
    const report = verifyToken(token, {
      crypto: nodeCrypto,
      challenge,
      key: parsed.ok ? keyOfCorims([parsed.value]) : undefined,
    });
    const submods = report.accepted
      ? { CCA_SSD_PLATFORM: AFFIRMING, CCA_REALM: AFFIRMING }
      : {
          ARM_CCA: {
            'ear.status': 'contraindicated',
            'ear.trustworthiness-vector': { 'instance-identity': 99 },
            'ear.veraison.policy-claims': { problem: 'integrity validation failed' },
          },
        };
    return json(response, 200, { ...session, status: 'complete', result: jwt({ submods }) });
  };

/** The exchange of Trustee's key broker: a challenge with a cookie, then a token for evidence that answers it. */
export const recordedKbs =
  (digest: (runtimeData: string) => Uint8Array, extra: unknown = {}): Handle =>
  ({ method, path, body, headers }, response) => {
    if (method === 'POST' && path === '/kbs/v0/auth') {
      const headersOut = { 'set-cookie': 'kbs-session-id=abc; Path=/; HttpOnly' };
      return json(response, 200, { nonce: 'bm9uY2U=', 'extra-params': extra }, headersOut);
    }
    if (path !== '/kbs/v0/attest' || headers.cookie !== 'kbs-session-id=abc')
      return json(response, 401, { type: 'no' });
    const sent = JSON.parse(body.toString());
    const { nonce, 'tee-pubkey': key } = sent['runtime-data'];
    const sorted = Object.fromEntries(Object.entries(key as object).sort(([a], [b]) => (a < b ? -1 : 1)));
    const expected = new Uint8Array(64);
    expected.set(digest(JSON.stringify({ nonce, 'tee-pubkey': sorted })));
    const token = Uint8Array.from(sent['tee-evidence'].primary_evidence.token);
    const { claims } = verifyToken(token, { crypto: nodeCrypto });
    const fresh = claims.realm?.challenge !== undefined && equalBytes(claims.realm.challenge, expected);
    if (nonce !== 'bm9uY2U=' || !fresh) return json(response, 401, { type: 'report data differ' });
    return json(response, 200, { token: jwt({ submods: { cpu0: AFFIRMING } }) });
  };
