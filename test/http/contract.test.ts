import { connect } from 'node:net';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { toHex } from '../../src/bytes/index.ts';
import { createTokenService } from '../../src/cli/serve/token-service.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { type HttpLimits, OPENAPI, openHttp, type TokenService, tokenRoutes } from '../../src/http/index.ts';
import { verifyToken } from '../../src/verify/index.ts';
import { smallPlan } from '../support/attest-session.ts';
import { testMachine } from '../support/machine.ts';

const platform = testMachine();
let service: TokenService;
beforeAll(() => {
  service = createTokenService(platform.fork(), smallPlan(new Uint8Array(5000).fill(7)), () => undefined);
});

const open = async (limits: Partial<HttpLimits> = {}, tokens = service, others: readonly TokenService[] = []) => {
  const failures: unknown[] = [];
  const server = await openHttp({
    port: 0,
    limits,
    routes: tokenRoutes([tokens, ...others]),
    onFailure: (error) => failures.push(error),
  });
  onTestFinished(() => server.close());
  return { ...server, failures };
};

const ajv = new Ajv2020({ strict: false });
ajv.addSchema(OPENAPI, 'openapi');
const schema = (name: string) => ajv.compile({ $ref: `openapi#/components/schemas/${name}` });
const isRequest = schema('TokenRequest');
const isResponse = schema('TokenResponse');
const isProblem = schema('Problem');
const described: Readonly<Record<string, unknown>> = OPENAPI.paths['/token'].post.responses;

const post = (url: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  fetch(`${url}/token`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

/** An answer of the server, as its document says that it is. */
interface Answer {
  readonly token: string;
  readonly challenge: string;
  readonly links: Readonly<Record<string, string>>;
  readonly detail: string;
}
const answerOf = async (response: Response): Promise<Answer> => (await response.json()) as Answer;

const CHALLENGES = ['00', '00FF', 'c5'.repeat(64), 'base64url:AP8', `base64url:${'A'.repeat(86)}`];

describe('POST /token', () => {
  test.each(CHALLENGES)('answers the challenge %s with a token that verifies', async (challenge) => {
    const { url } = await open();
    expect(isRequest({ challenge })).toBe(true);
    const response = await post(url, JSON.stringify({ challenge }));
    const answer = await answerOf(response);
    expect([response.status, isResponse(answer), isResponse.errors]).toEqual([200, true, null]);
    const report = verifyToken(Uint8Array.from(Buffer.from(answer.token, 'base64')), {
      crypto: nodeCrypto,
      challenge: Uint8Array.from(Buffer.from(answer.challenge, 'hex')),
      ...(platform.hes.status().cpak && { key: platform.hes.status().cpak }),
    });
    expect([report.findings, report.accepted]).toEqual([[], true]);
  });

  test('answers for the Realm that is named by its number, with files of its own', async () => {
    const other = createTokenService(platform.fork(), smallPlan(new Uint8Array(5000).fill(8)), () => undefined);
    const { url } = await open({}, service, [other]);
    const tokenOf = async (realm?: number): Promise<Answer> =>
      answerOf(await post(url, JSON.stringify({ challenge: 'aa', realm })));
    const [first, zeroth, second] = [await tokenOf(), await tokenOf(0), await tokenOf(1)];
    expect(zeroth).toEqual(first);
    expect(second.token).not.toBe(first.token);
    expect(isRequest({ challenge: 'aa', realm: 1 })).toBe(true);
    const path = second.links['reference-values.json'] ?? '';
    expect(path).toBe('/realms/1/reference-values.json');
    const texts = await Promise.all(
      [path, '/reference-values.json'].map(async (each) => (await fetch(url + each)).text()),
    );
    expect(texts[0]).not.toBe(texts[1]);
    for (const realm of [2, -1, 0.5, '0', null]) {
      const response = await post(url, JSON.stringify({ challenge: 'aa', realm }));
      expect([response.status, (await answerOf(response)).detail]).toEqual([
        400,
        'realm takes the number of a Realm, from 0 to 1',
      ]);
    }
  });

  test('gives the same bytes as CBOR, with links to what belongs to them', async () => {
    const { url } = await open();
    const body = JSON.stringify({ challenge: 'aa' });
    const { token, links } = await answerOf(await post(url, body));
    const response = await post(url, body, { accept: 'application/cbor' });
    expect(response.headers.get('content-type')).toBe('application/cbor');
    expect(Buffer.from(await response.arrayBuffer()).toString('base64')).toBe(token);
    for (const path of Object.values(links)) {
      expect(response.headers.get('link')).toContain(`<${path}>`);
      expect((await fetch(url + path)).status).toBe(200);
    }
    expect(Object.keys(links)).toEqual(expect.arrayContaining(['cpak.pem', 'reference-values.json']));
  });

  test.each([
    ['', 400],
    ['{', 400],
    ['[]', 400],
    ['null', 400],
    ['{}', 400],
    [JSON.stringify({ challenge: '' }), 400],
    [JSON.stringify({ challenge: '0' }), 400],
    [JSON.stringify({ challenge: 'zz' }), 400],
    [JSON.stringify({ challenge: 'c5'.repeat(65) }), 400],
    [JSON.stringify({ challenge: 'base64url:A' }), 400],
    [JSON.stringify({ challenge: 'base64url:' }), 400],
    [JSON.stringify({ challenge: 7 }), 400],
    [JSON.stringify({ challenge: '00', more: 1 }), 400],
    [Uint8Array.of(0xff, 0xfe), 400],
    ['x'.repeat(4097), 413],
  ])('refuses the body %j by %d, as the document says', async (body, status) => {
    const { url } = await open();
    const response = await post(url, body);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(isProblem(await response.json())).toBe(true);
    expect(Object.keys(described)).toContain(String(status));
    if (typeof body === 'string' && body.startsWith('{"')) expect(isRequest(JSON.parse(body))).toBe(false);
  });

  test.each<[string, string, Record<string, string>, number]>([
    ['GET', '/token', {}, 405],
    ['PUT', '/token', {}, 405],
    ['DELETE', '/cpak.pem', {}, 405],
    ['POST', '/token/', {}, 404],
    ['GET', '/../package.json', {}, 404],
    ['GET', '/', {}, 404],
    ['POST', '/token', { accept: 'text/html' }, 406],
    ['POST', '/token', { accept: 'application/json;q=0, application/cbor;q=0' }, 406],
    ['POST', '/token', { 'content-type': 'text/plain' }, 415],
    ['POST', '/token', { origin: 'http://attacker.invalid' }, 403],
  ])('%s %s with %j is %d', async (method, path, headers, status) => {
    const { url } = await open();
    const body = method === 'POST' ? { body: '{"challenge":"00"}' } : {};
    const response = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...body,
    });
    expect(response.status).toBe(status);
    expect(isProblem(await response.json())).toBe(true);
    if (status === 405) expect(response.headers.get('allow')).not.toBe(null);
  });

  test('says that a machine gave no token, and goes on', async () => {
    const broken: TokenService = {
      files: [],
      mint: () => {
        throw new Error('the RMM answered nonsense');
      },
    };
    const { url, failures } = await open({}, broken);
    for (let n = 0; n < 2; n += 1) {
      const response = await post(url, '{"challenge":"00"}');
      expect([response.status, (await answerOf(response)).detail]).toEqual([
        500,
        'no token: the RMM answered nonsense',
      ]);
    }
    expect(failures).toHaveLength(2);
  });

  test('answers many at a time, each its own challenge', async () => {
    const { url, answered } = await open();
    const challenges = Array.from({ length: 40 }, (_, i) => toHex(Uint8Array.of(i)));
    const answers = await Promise.all(
      challenges.map(async (challenge) => answerOf(await post(url, JSON.stringify({ challenge })))),
    );
    expect(answers.map((answer) => answer.challenge.slice(0, 2))).toEqual(challenges);
    expect(new Set(answers.map(({ token }) => token)).size).toBe(40);
    expect(answered).toEqual({ 200: 40 });
  });
});

/** What a client gets that sends these bytes, piece by piece, and waits. */
const raw = (url: string, ...pieces: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let answer = '';
    const timer = setInterval(() => {
      const piece = next.shift();
      if (piece !== undefined) socket.write(piece);
    }, 20);
    const next = [...pieces];
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(timer);
      resolve(answer);
    });
  });

describe('the server', () => {
  test('does not wait for ever for headers or a body', async () => {
    const { url } = await open({ headersMs: 200, requestMs: 300 });
    const slowly = Array.from({ length: 200 }, (_, i) => `x-${i}: 1\r\n`);
    expect(await raw(url, 'POST /token HTTP/1.1\r\nhost: localhost\r\n', ...slowly)).toMatch(/^HTTP\/1.1 408 /);
    const body =
      'POST /token HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{';
    expect(await raw(url, body)).toMatch(/^(HTTP\/1.1 408 |$)/);
  });

  test('reads no more of a body than it takes, whatever its length is said to be', async () => {
    const { url } = await open();
    const head = 'POST /token HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';
    expect(await raw(url, `${head}content-length: 100000000\r\n\r\n`)).toMatch(/^HTTP\/1.1 413 /);
    expect(await raw(url, `${head}transfer-encoding: chunked\r\n\r\n1388\r\n${'x'.repeat(5000)}`)).toMatch(
      /^HTTP\/1.1 413 /,
    );
  });

  test('is for nobody who came by another name', async () => {
    const { url } = await open();
    expect(await raw(url, 'GET /openapi.json HTTP/1.1\r\nhost: rebound.invalid\r\n\r\n')).toMatch(/^HTTP\/1.1 403 /);
  });

  test('refuses what is no HTTP, and goes on', async () => {
    const { url } = await open();
    expect(await raw(url, '\x00\xff\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
    expect(await raw(url, `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1.1 431 /);
    expect((await fetch(`${url}/openapi.json`)).status).toBe(200);
  });

  test('describes itself, with every path that it has', async () => {
    const { url } = await open();
    expect(await (await fetch(`${url}/openapi.json`)).json()).toEqual(JSON.parse(JSON.stringify(OPENAPI)));
    const described = Object.entries(OPENAPI.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const files = service.files.map(({ name }) => `/${name}`);
    expect(files.length).toBeGreaterThan(1);
    const routes = tokenRoutes([service]).map(
      ({ method, path }) => `${method} ${files.includes(path) ? '/{file}' : path}`,
    );
    expect([...new Set([...routes, 'GET /openapi.json'])].sort()).toEqual(described.sort());
  });
});
