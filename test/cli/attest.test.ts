import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { EXIT } from '../../src/cli/index.ts';
import { swccaBeside } from './support/async-swcca.ts';
import { scratchFolder } from './support/folder.ts';
import { json, recordedKbs, recordedVeraison, service } from './support/services.ts';
import { swcca } from './support/swcca.ts';

const made = scratchFolder();
afterAll(made.remove);
swcca(['token', '--bundle', made.at('b'), '--challenge', '00'.repeat(64)]);
const corim = new Uint8Array(readFileSync(made.at('b/endorsements/corim-2025/platform.cbor')));
const attest = (to: string, ...args: string[]) => swccaBeside(['attest', '--to', to, ...args]);

describe('swcca attest --to veraison', () => {
  test('fetches a nonce, answers it once, and prints the result', async () => {
    const { url, seen } = await service(recordedVeraison(corim));
    const { code, out, err } = await attest(`veraison:${url}`);
    expect({ code, err }).toEqual({ code: EXIT.ok, err: '' });
    expect(out).toContain('CCA_REALM: affirming');
    expect(out).toContain(`nonce ${'5a'.repeat(64)}`);
    expect(seen.map(({ method }) => method)).toEqual(['POST', 'POST']);
    expect(seen[0]?.path).toBe('/challenge-response/v1/newSession?nonceSize=64');
  });

  test('waits for a service that takes its time, and pads a short nonce', async () => {
    const { url, seen } = await service(recordedVeraison(corim, { polls: 2, nonceBytes: 32 }));
    const { code, out } = await attest(`veraison:${url}`, '--json');
    expect(code).toBe(EXIT.ok);
    expect(JSON.parse(out)).toMatchObject({
      service: 'veraison',
      nonce: '5a'.repeat(32),
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

describe('swcca attest --to kbs', () => {
  const hash = (name: string) => (text: string) => createHash(name).update(text).digest();
  test.for([
    ['sha384', {}],
    ['sha256', { 'selected-hash-algorithm': 'sha256' }],
    ['sha512', { 'selected-hash-algorithm': 'SHA512' }],
  ] as const)('binds nonce and key of the guest by %s', async ([name, extra]) => {
    const { url, seen } = await service(recordedKbs(hash(name), extra));
    const { code, out, err } = await attest(`kbs:${url}`);
    expect({ code, err }).toEqual({ code: EXIT.ok, err: '' });
    expect(out).toContain('cpu0: affirming');
    expect(JSON.parse(seen[0]?.body.toString() ?? '')).toMatchObject({ tee: 'cca', 'extra-params': '' });
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
  ] as readonly (readonly [string, string, Parameters<typeof service>[0]])[])('%s', async ([, says, handle]) => {
    const { url, seen } = await service(handle);
    const { code, out, err } = await attest(`veraison:${url}`, '--timeout', '1');
    expect({ code, out }).toEqual({ code: EXIT.usage, out: '' });
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(err).toContain(says);
    expect(seen.length).toBeLessThanOrEqual(1);
  });

  test('one that is down', async () => {
    const { code, err } = await attest('veraison:http://127.0.0.1:9/');
    expect(code).toBe(EXIT.usage);
    expect(err).toContain('ECONNREFUSED');
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
