import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Verifier } from '../../src/cli/judge/answer.ts';
import { httpVerifier } from '../../src/cli/judge/http.ts';
import { linesVerifier } from '../../src/cli/judge/lines.ts';
import { isDeath, processVerifier } from '../../src/cli/judge/process.ts';
import { askAll } from '../../src/cli/judge/run-all.ts';
import { filesOf, filled, givenNeeds, placeholdersIn } from '../../src/cli/judge/template.ts';
import { COMMON_CHALLENGE, corpusOf } from './support/corpus.ts';

const MISBEHAVING = fileURLToPath(new URL('./support/misbehaving.mjs', import.meta.url));
const LIMITS = { timeoutMs: 20_000, memoryMiB: 1024 };
const EXIT_0 = { exit: [0] };

const { folder, cases } = corpusOf({ only: ['V01', 'C01', 'N02', 'F08'] });
let scratch = '';
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'swcca-test-scratch-'));
});
afterAll(() => {
  for (const each of [folder, scratch]) rmSync(each, { recursive: true, force: true });
});

const first = () => {
  const [one] = cases;
  if (one === undefined) throw new Error('the corpus is empty');
  return { files: filesOf(one, COMMON_CHALLENGE, scratch), mediaType: 'x/y' };
};

const program = (act: string, limits = LIMITS, acceptance: Parameters<typeof processVerifier>[2] = EXIT_0): Verifier =>
  processVerifier([process.execPath, MISBEHAVING, act, '{token}'], limits, acceptance);

describe('a program', () => {
  test.each([
    ['accept', 'accepted'],
    ['refuse', 'refused'],
    ['odd', 'refused'],
    ['abort', 'crashed'],
    ['panic', 'crashed'],
    ['throw', 'crashed'],
  ] as const)('that does %s has %s', async (act, kind) => {
    expect(await program(act).ask(first())).toMatchObject({ kind });
  });

  test('that is killed says by which signal', async () => {
    expect((await program('abort').ask(first())).says).toMatch(/^SIGABRT/);
  });

  test('accepts with the exit statuses that it is said to', async () => {
    expect(await program('odd', LIMITS, { exit: [0, 42] }).ask(first())).toMatchObject({ kind: 'accepted' });
  });

  test.each([
    [/^verdict: pass$/m, 'accepted'],
    [/^verdict: ok$/m, 'refused'],
  ] as const)('accepts when its output matches %s besides', async (output, kind) => {
    expect(await program('say', LIMITS, { exit: [0], output }).ask(first())).toMatchObject({ kind });
  });

  /** Whether what a program started beside itself is still there, by the number that it wrote. */
  const isAlive = (file: string): boolean => {
    try {
      return process.kill(Number(readFileSync(file, 'utf8')), 0);
    } catch {
      return false;
    }
  };
  /** A process that was killed is gone once whoever started it, or init, has looked. */
  const isGone = (file: string): Promise<void> =>
    vi.waitFor(() => expect(isAlive(file)).toBe(false), { timeout: 30_000, interval: 50 });
  /** Runs a program that starts another one, and says how it was judged. */
  const beside = async (act: string, limits: Partial<typeof LIMITS>) => {
    const file = join(scratch, `${act}.pid`);
    const words = [process.execPath, MISBEHAVING, act, file];
    const answer = await processVerifier(words, { ...LIMITS, ...limits }, EXIT_0).ask(first());
    await isGone(file);
    return answer;
  };

  test('that does not end is ended, and what it started with it', async () => {
    expect(await beside('hang-beside', { timeoutMs: 3000 })).toMatchObject({ kind: 'hung' });
  });

  test.runIf(process.platform === 'linux')('that takes too much memory is ended', async () => {
    const answer = await program('hog', { ...LIMITS, memoryMiB: 300 }).ask(first());
    expect(answer.kind).toBe('out-of-memory');
  });

  test.runIf(process.platform === 'linux')('whose own program takes too much memory is ended with it', async () => {
    expect(await beside('hog-beside', { memoryMiB: 400 })).toMatchObject({ kind: 'out-of-memory' });
  });

  test('is judged when it ends, and what it leaves behind is ended', async () => {
    expect(await beside('leave-behind', {})).toMatchObject({ kind: 'accepted' });
  });

  test('is quoted without what a terminal would obey', async () => {
    expect(await program('colour').ask(first())).toMatchObject({ kind: 'refused', says: 'refused \\x07]]> <&"' });
  });

  test('that is not there is told', async () => {
    await expect(processVerifier(['/no/such/verifier'], LIMITS, EXIT_0).ask(first())).rejects.toThrow(
      /^\/no\/such\/verifier: cannot be run: /,
    );
  });
});

test.each([
  [0, null, '', false],
  [1, null, 'refused', false],
  [1, null, 'Traceback (most recent call last):\n  File "x"', true],
  [2, null, 'panic: x\n\ngoroutine 1 [running]:', true],
  [101, null, "thread 'main' panicked at src/main.rs:1", true],
  [101, null, 'refused', false],
  [139, null, '', true],
  [137, null, '', false],
  [null, 'SIGSEGV', '', true],
] as const)('exit status %s, signal %s, "%s": a crash is %s', (status, signal, stderr, crash) => {
  expect(isDeath(status, signal, stderr)).toBe(crash);
});

describe('a program that answers line by line', () => {
  const lines = (act: string, limits = LIMITS) =>
    linesVerifier([process.execPath, MISBEHAVING, act, '--lines'], limits, '{key.pem}');

  test.each([
    ['abort', 'crashed'],
    ['gibberish', 'crashed'],
    ['flood', 'crashed'],
    ['hang', 'hung'],
  ] as const)('and does %s has %s, and the next token is answered by a new process', async (act, kind) => {
    const verifier = lines(act, { ...LIMITS, timeoutMs: 3000 });
    const kinds = [];
    for (let i = 0; i < 4; i++) kinds.push((await verifier.ask(first())).kind);
    verifier.close();
    expect(kinds).toEqual(['accepted', kind, 'accepted', kind]);
  });
});

describe('a verifier behind a URL', () => {
  let server: Server;
  let seen: { readonly url: string; readonly type: string; readonly body: string }[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const url = request.url ?? '';
        seen.push({ url, type: request.headers['content-type'] ?? '', body: Buffer.concat(parts).toString('latin1') });
        if (url.startsWith('/hang')) return;
        if (url.startsWith('/drip')) {
          response.writeHead(200);
          const drops = setInterval(() => response.write('.'), 100);
          return void response.on('close', () => clearInterval(drops));
        }
        if (url.startsWith('/drop')) return void request.socket.destroy();
        response.writeHead(Number(url.slice(1, 4)), { location: '/200' }).end('{"ear.status": "affirming"}\n');
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const at = (path: string, acceptance: Parameters<typeof httpVerifier>[2] = EXIT_0, body?: string) => {
    seen = [];
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
    return httpVerifier({ url, body }, { ...LIMITS, timeoutMs: 3000 }, acceptance).ask(first());
  };

  test.each([
    ['/200', 'accepted'],
    ['/204', 'accepted'],
    ['/302', 'crashed'],
    ['/400', 'refused'],
    ['/422', 'refused'],
    ['/500', 'crashed'],
    ['/drop', 'crashed'],
    ['/hang', 'hung'],
    ['/drip', 'hung'],
  ] as const)('that answers %s has %s', async (path, kind) => {
    expect(await at(path)).toMatchObject({ kind });
  });

  test.each([
    ['http://127.0.0.1:1/', 'bad port'],
    ['http://no-such-host.invalid/', 'E'],
  ])('where nobody is, %s, is told', async (url, reason) => {
    const asked = httpVerifier({ url }, { ...LIMITS, timeoutMs: 60_000 }, EXIT_0).ask(first());
    await expect(asked).rejects.toThrow(`--http ${url}: nobody is there (${reason}`);
  });

  test('that was there once and is gone has crashed', async () => {
    const brief = createServer((_, response) => response.writeHead(400, { connection: 'close' }).end());
    await new Promise<void>((resolve) => {
      brief.listen(0, '127.0.0.1', resolve);
    });
    const url = `http://127.0.0.1:${(brief.address() as AddressInfo).port}/`;
    const verifier = httpVerifier({ url }, LIMITS, EXIT_0);
    expect(await verifier.ask(first())).toMatchObject({ kind: 'refused' });
    await new Promise((resolve) => {
      brief.close(resolve);
    });
    expect(await verifier.ask(first())).toMatchObject({ kind: 'crashed' });
    const late = httpVerifier({ url }, LIMITS, EXIT_0).ask(first());
    await expect(late).rejects.toThrow('nobody is there (ECONNREFUSED)');
  });

  test('is sent the token as it is, with the media type of the token', async () => {
    await at('/200');
    const token = readFileSync(first().files['{token}']).toString('latin1');
    expect(seen).toEqual([{ url: '/200', type: 'x/y', body: token }]);
  });

  test('is sent a body of its own shape', async () => {
    await at('/200', EXIT_0, '{"evidence": "{token}"}');
    expect(seen[0]?.body).toMatch(/^\{"evidence": "[A-Za-z0-9+/=]+"\}$/);
  });

  test.each([
    [/"affirming"/, 'accepted'],
    [/"warning"/, 'refused'],
  ] as const)('accepts when the answer matches %s besides', async (output, kind) => {
    expect(await at('/200', { exit: [0], output })).toMatchObject({ kind });
  });

  test.each(['ftp://x/y', 'x', ''])('has no URL "%s"', (url) => {
    expect(() => httpVerifier({ url }, LIMITS, EXIT_0)).toThrow(/no http or https URL/);
  });
});

describe('a command line', () => {
  test('has files for placeholders, also inside a word', () => {
    const { files } = first();
    expect(filled('--key={key.jwk}', files)).toBe(`--key=${join(folder, 'cpak.jwk.json')}`);
    expect(filled('{token}{token}', files)).toBe(join(folder, 'V01.cbor').repeat(2));
    expect(filled('{reference} {challenge}', files)).toBe(
      `${join(folder, 'reference-values.json')} ${join(folder, 'challenge.bin')}`,
    );
  });

  test('has no other placeholders', () => {
    expect(() => placeholdersIn(['{tokens}'])).toThrow(/\{tokens\} stands for nothing/);
  });

  test('says what its verifier is given', () => {
    expect([...givenNeeds(placeholdersIn(['x', '{token}']))]).toEqual([]);
    expect([...givenNeeds(placeholdersIn(['--c={challenge}', '{key.jwk}']))]).toEqual(['challenge', 'jwk']);
    expect([...givenNeeds(placeholdersIn(['{endorsements}']))]).toEqual(['reference']);
  });

  test('gets the nonce of a token that answers another one', () => {
    const one = cases.find(({ description }) => description.id === 'F08');
    if (one === undefined) return;
    const { '{challenge}': file } = filesOf(one, '00', scratch);
    expect(file).toBe(join(scratch, 'F08.challenge.bin'));
  });
});

test('results come in the order of the cases, whoever is faster', async () => {
  let delay = 40;
  const slowFirst = (): Verifier => ({
    name: 'x',
    close: () => undefined,
    ask: async () => {
      delay -= 10;
      await new Promise((resolve) => setTimeout(resolve, delay));
      return { kind: 'refused', says: '', ms: 0 };
    },
  });
  const told: string[] = [];
  const results = await askAll([slowFirst(), slowFirst(), slowFirst()], cases, COMMON_CHALLENGE, scratch, (result) =>
    told.push(result.description.id),
  );
  expect(results.map(({ description }) => description.id)).toEqual(cases.map(({ description }) => description.id));
  expect(told.toSorted()).toEqual(results.map(({ description }) => description.id).toSorted());
});
