import { createHash, generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { afterAll, describe, expect, test } from 'vitest';
import { EXIT } from '../../src/cli/index.ts';
import { swccaBeside } from './support/async-swcca.ts';
import { scratchFolder } from './support/folder.ts';
import { json, recordedKbs, recordedVeraison, SERVICE_KEY, type Seen, service } from './support/services.ts';
import { swcca } from './support/swcca.ts';

const made = scratchFolder();
afterAll(made.remove);
swcca(['token', '--bundle', made.at('b'), '--challenge', '00'.repeat(64)]);
const corim = new Uint8Array(readFileSync(made.at('b/endorsements/corim-2025/platform.cbor')));
const attest = (to: string, ...args: string[]) => swccaBeside(['attest', '--to', to, ...args]);

type Handle = Parameters<typeof service>[0];
const kbs = recordedKbs((text) => createHash('sha384').update(text).digest());

const hundredMegabytes = (response: ServerResponse): void => {
  response.on('error', () => undefined);
  response.writeHead(200, { 'content-length': String(100 << 20) });
  const part = Buffer.alloc(1 << 16);
  let left = (100 << 20) / part.length;
  const feed = (): void => void (left-- > 0 && !response.destroyed && response.write(part, () => setImmediate(feed)));
  feed();
};

const drip = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 50);
  response.on('close', () => clearInterval(timer));
};

describe('swcca attest --to veraison', () => {
  test('fetches a nonce, answers it once, and prints the result', async () => {
    const { url, seen } = await service(recordedVeraison(corim));
    const { code, out, err } = await attest(`veraison:${url}`);
    expect({ code, err }).toEqual({ code: EXIT.ok, err: '' });
    expect(out).toContain('CCA_REALM: affirming');
    expect(out).toContain(`nonce ${'fb'.repeat(64)}`);
    expect(seen.map(({ method }) => method)).toEqual(['POST', 'POST']);
    expect(seen[0]?.path).toBe('/challenge-response/v1/newSession?nonceSize=64');
  });

  test('waits for a service that takes its time, and pads a short nonce', async () => {
    const { url, seen } = await service(recordedVeraison(corim, { polls: 2, nonceBytes: 32, encoding: 'base64' }));
    const { code, out } = await attest(`veraison:${url}`, '--json');
    expect(code).toBe(EXIT.ok);
    expect(JSON.parse(out)).toMatchObject({
      service: 'veraison',
      nonce: 'fb'.repeat(32),
      explanation: { accepted: true },
    });
    expect(seen.filter(({ method }) => method === 'POST')).toHaveLength(2);
  });

  test('submits a token that is given, and tells what it makes of the refusal', async () => {
    const { url } = await service(recordedVeraison(corim));
    const { code, out } = await attest(`veraison:${url}`, '--token', made.at('b/token.cbor'));
    expect(code).toBe(EXIT.no);
    expect(out).toContain('ARM_CCA: contraindicated');
    expect(out).toContain('problem: integrity validation failed');
    expect(out).toContain('swcca expects a refusal by freshness');
  });

  test('which has to be marked as simulated, or to stay on this machine', async () => {
    swcca(['token', '--hes', 'islet', '--challenge', '00'.repeat(64), '-o', made.at('islet.cbor')]);
    const near = await service(recordedVeraison(corim));
    expect(await attest(`veraison:${near.url}`, '--token', made.at('islet.cbor'))).toMatchObject({ code: EXIT.no });
    const { code, err } = await attest('veraison:http://veraison.invalid/', '--token', made.at('islet.cbor'));
    expect(code).toBe(EXIT.usage);
    expect(err).toMatch(/islet\.cbor: is not marked as simulated.*: nothing is sent without --i-know\n$/);
  });

  test('and a mutated one', async () => {
    const token = Uint8Array.from(readFileSync(made.at('b/token.cbor')));
    token[token.length - 1] = (token.at(-1) ?? 0) ^ 1;
    writeFileSync(made.at('mutated.cbor'), token);
    const { url } = await service(recordedVeraison(corim));
    const { code, out } = await attest(`veraison:${url}`, '--token', made.at('mutated.cbor'), '--json');
    expect(code).toBe(EXIT.no);
    expect(JSON.parse(out).claims.submods).toHaveProperty('ARM_CCA');
  });
});

describe('swcca attest --result-key', () => {
  const keyFile = (name: string, jwk: string): string => {
    writeFileSync(made.at(name), jwk);
    return made.at(name);
  };
  const right = keyFile('service.jwk', SERVICE_KEY);
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const wrong = keyFile('wrong.pem', publicKey.export({ type: 'spki', format: 'pem' }).toString());

  test.for([
    ['veraison', recordedVeraison(corim)],
    ['kbs', kbs],
  ] as const)('%s: takes the result that the key has signed, and no other', async ([name, handle]) => {
    const { url } = await service(handle);
    const taken = await attest(`${name}:${url}`, '--result-key', right);
    expect(taken).toMatchObject({ code: EXIT.ok, err: '' });
    expect(taken.out).toContain(`signed with ${right}`);
    const refused = await attest(`${name}:${url}`, '--result-key', wrong);
    expect(refused).toMatchObject({ code: EXIT.no, err: '' });
    expect(refused.out).toContain(`not signed with ${wrong}: `);
  });

  test('tells in JSON whether it was signed, and that nobody asked', async () => {
    const signed = async (...args: string[]): Promise<unknown> => {
      const { url } = await service(recordedVeraison(corim));
      return JSON.parse((await attest(`veraison:${url}`, '--json', ...args)).out).signed;
    };
    expect(await signed()).toBe(null);
    expect(await signed('--result-key', right)).toBe(true);
    expect(await signed('--result-key', wrong)).toBe(false);
  });

  test('sends nothing when there is no such key', async () => {
    const { url, seen } = await service(recordedVeraison(corim));
    expect(await attest(`veraison:${url}`, '--result-key', made.at('none.pem'))).toMatchObject({ code: EXIT.usage });
    expect(seen).toEqual([]);
  });

  test('a result of another session is none of this one, with a key or without', async () => {
    const { url } = await service(recordedVeraison(corim, { answered: Buffer.alloc(64, 1) }));
    const { code, err } = await attest(`veraison:${url}`);
    expect(code).toBe(EXIT.usage);
    expect(err).toContain('gives the result of another session');
  });
});

describe('swcca attest --to kbs', () => {
  const hash = (name: string) => (text: string) => createHash(name).update(text).digest();
  test.for([
    ['sha384', ''],
    ['sha256', { 'selected-hash-algorithm': 'sha256' }],
    ['sha512', { 'selected-hash-algorithm': 'SHA512' }],
  ] as const)('binds nonce and key of the guest by %s', async ([name, extra]) => {
    const { url, seen } = await service(recordedKbs(hash(name), extra));
    const { code, out, err } = await attest(`kbs:${url}`);
    expect({ code, err }).toEqual({ code: EXIT.ok, err: '' });
    expect(out).toContain('cpu0: affirming');
    expect(JSON.parse(seen[0]?.body.toString() ?? '')).toEqual({
      version: '0.4.0',
      tee: 'cca',
      'extra-params': { 'supported-hash-algorithms': ['sha256', 'sha384', 'sha512'] },
    });
    expect(seen).toHaveLength(2);
  });

  test.for([
    [4, 'gives a nonce of 4 bytes'],
    [7, 'gives a nonce of 7 bytes'],
    [65, 'gives a nonce of 65 bytes'],
    [0, 'gives a nonce of no bytes'],
  ] as const)('a nonce of %i bytes is refused, and nothing is submitted', async ([size, says]) => {
    const { url, seen } = await service(recordedKbs(hash('sha384'), '', Buffer.alloc(size, 1).toString('base64')));
    const { code, out, err } = await attest(`kbs:${url}`);
    expect({ code, out }).toEqual({ code: EXIT.usage, out: '' });
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(err).toContain(says);
    expect(seen).toHaveLength(1);
  });

  test.for([8, 32, 64])('a nonce of %i bytes is answered', async (size) => {
    const { url } = await service(recordedKbs(hash('sha384'), '', Buffer.alloc(size, 1).toString('base64')));
    expect(await attest(`kbs:${url}`)).toMatchObject({ code: EXIT.ok, err: '' });
  });

  test('a token that does not answer is refused by the service, in one line', async () => {
    const { url } = await service(recordedKbs(hash('sha384')));
    const { code, err } = await attest(`kbs:${url}`, '--token', made.at('b/token.cbor'));
    expect(code).toBe(EXIT.usage);
    expect(err).toContain('answers with status 401');
  });
});

describe('a service that does not do what it should ends in one line, at once, with nothing sent twice', () => {
  const waiting = { nonce: Buffer.alloc(64).toString('base64'), status: 'waiting' };
  test.for([
    ['HTML', 'where a JSON object is due', (_: unknown, r) => r.writeHead(201).end('<html>hello</html>')],
    ['nothing', 'answers with nothing', (_: unknown, r) => r.writeHead(201).end()],
    ['an error', 'answers with status 500', (_: unknown, r) => json(r, 500, { detail: 'down' })],
    [
      'a redirect',
      'redirects to https://elsewhere.invalid/',
      (_: unknown, r) => r.writeHead(302, { location: 'https://elsewhere.invalid/' }).end(),
    ],
    [
      'a body without end',
      'answers with more than 1 MiB',
      (_: unknown, r) => {
        r.writeHead(201);
        r.on('error', () => undefined);
        const part = Buffer.alloc(1 << 16);
        const feed = (): void => void (r.destroyed || r.write(part, () => setImmediate(feed)));
        feed();
      },
    ],
    ['no answer', 'no answer within 1 s', () => undefined],
    [
      'half an answer',
      'breaks off',
      (_: unknown, r) => {
        r.writeHead(201, { 'content-length': '100' });
        r.write('{');
        setTimeout(() => r.destroy(), 50);
      },
    ],
    ['no nonce', 'answers without "nonce"', (_: unknown, r) => json(r, 201, {}, { location: '/session/1' })],
    [
      'a nonce of 100 bytes',
      'gives a nonce of 100 bytes',
      (_: unknown, r) =>
        json(r, 201, { ...waiting, nonce: Buffer.alloc(100).toString('base64') }, { location: '/session/1' }),
    ],
    [
      'a nonce of 4 bytes',
      'gives a nonce of 4 bytes',
      (_: unknown, r) => json(r, 201, { ...waiting, nonce: 'AAAAAA==' }, { location: '/session/1' }),
    ],
    ['no session', 'without a Location', (_: unknown, r) => json(r, 201, waiting)],
    [
      'a session elsewhere',
      'which is not where it was asked',
      (_: unknown, r) => json(r, 201, waiting, { location: 'https://elsewhere.invalid/session' }),
    ],
  ] as readonly (readonly [string, string, Handle])[])('%s', async ([, says, handle]) => {
    const { url, seen } = await service(handle);
    const { code, out, err } = await attest(`veraison:${url}`, '--timeout', '1');
    expect({ code, out }).toEqual({ code: EXIT.usage, out: '' });
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(err).toContain(says);
    expect(seen.length).toBeLessThanOrEqual(1);
  });

  /** What a service may do in place of an answer, once it has been well-behaved. */
  const misdeeds: readonly (readonly [string, string, Handle])[] = [
    ['HTML', 'where a JSON object is due', (_, r) => r.writeHead(200).end('<html>hello</html>')],
    ['an error', 'answers with status 503', (_, r) => json(r, 503, { detail: 'down' })],
    ['a redirect', 'which is not followed', (_, r) => r.writeHead(307, { location: '/elsewhere' }).end()],
    ['a hundred megabytes', 'answers with more than 1 MiB', (_, r) => hundredMegabytes(r)],
    ['one byte at a time', 'no answer within 2 s', (_, r) => drip(r)],
  ];
  const places: readonly (readonly [string, string, Handle, (seen: Seen) => boolean])[] = [
    [
      'Veraison, where the evidence goes',
      'veraison',
      recordedVeraison(corim),
      ({ path }) => path.includes('/session/'),
    ],
    ['the key broker, where the nonce is', 'kbs', kbs, ({ path }) => path.endsWith('/auth')],
    ['the key broker, where the evidence goes', 'kbs', kbs, ({ path }) => path.endsWith('/attest')],
  ];
  describe.for(places)('%s', ([, scheme, good, isThere]) => {
    test.for(misdeeds)('%s', async ([, says, bad]) => {
      const { url, seen } = await service((one, ...rest) => (isThere(one) ? bad : good)(one, ...rest));
      const { code, out, err } = await attest(`${scheme}:${url}`, '--timeout', '2');
      expect({ code, out }).toEqual({ code: EXIT.usage, out: '' });
      expect(err.trimEnd().split('\n')).toHaveLength(1);
      expect(err).toContain(says);
      expect(seen.filter(isThere)).toHaveLength(1);
    });
  });

  test('one that is down', async () => {
    const { code, err } = await attest('veraison:http://127.0.0.1:9/');
    expect(code).toBe(EXIT.usage);
    expect(err).toContain('nobody listens there (ECONNREFUSED)');
  });

  test.for([
    [[], '--to is missing'],
    [['--to', 'veraison'], 'is written veraison:URL or kbs:URL'],
    [['--to', 'veraison:ftp://localhost/'], 'takes http and https addresses'],
    [['--to', 'veraison:http://localhost/', '--timeout', '0'], 'is not a number of seconds'],
  ] as const)('%j is wrong use', ([args, says]) => {
    const { code, err } = swcca(['attest', ...args]);
    expect(code).toBe(EXIT.usage);
    expect(err).toContain(says);
  });
});
