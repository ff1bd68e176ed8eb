import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { EXIT } from '../../src/cli/index.ts';
import { swccaBeside } from '../cli/support/async-swcca.ts';
import { scratchFolder } from '../cli/support/folder.ts';
import { swcca } from '../cli/support/swcca.ts';

const TOY = fileURLToPath(new URL('./support/toy.mjs', import.meta.url));
const MISBEHAVING = fileURLToPath(new URL('./support/misbehaving.mjs', import.meta.url));
const IDS = 'V01,W47,C01,N02,N18,B08,L17';

const here = scratchFolder();
const judge = (...args: string[]) => swcca(['judge', ...args], { cwd: here.path });
/** A toy that overlooks these findings. */
const toy = (...lax: string[]) => [process.execPath, TOY, '--lax', lax.join(','), '{token}', '{key.pem}'];
const misbehaving = (act: string) => [process.execPath, MISBEHAVING, act, '{token}'];

interface Judged {
  readonly counts: Readonly<Record<string, number>>;
  readonly results: readonly { readonly id: string; readonly judgement: string }[];
}
const judged = (out: string, judgement: string): readonly string[] =>
  (JSON.parse(out) as Judged).results.filter((each) => each.judgement === judgement).map(({ id }) => id);

beforeAll(() => {
  expect(swcca(['corpus', '--out', 'c', '--only', IDS], { cwd: here.path }).code).toBe(EXIT.ok);
});
afterAll(here.remove);

describe('swcca judge', () => {
  test('has nothing to say against a verifier without a hole', () => {
    const { code, out } = judge('--corpus', 'c', '--', ...toy());
    expect(code).toBe(EXIT.ok);
    expect(out).toMatch(/\n7 right, 0 holes, 0 over-strict, 0 crashes, 0 hangs, 0 policy, 0 unknown\n$/);
  });

  test.each([
    [['BINDING_MISMATCH'], ['N02', 'N18']],
    [['PLATFORM_SIG_INVALID'], ['C01']],
    [['CBOR_DUPLICATE_KEY'], ['B08', 'L17']],
  ])('names the holes of one that overlooks %j', (lax, holes) => {
    const { code, out } = judge('--corpus', 'c', '--json', '--', ...toy(...lax));
    expect(code).toBe(EXIT.no);
    expect(judged(out, 'hole').toSorted()).toEqual(holes.toSorted());
  });

  test.each([
    ['refuse', 'over-strict'],
    ['accept', 'hole'],
    ['abort', 'crash'],
    ['throw', 'crash'],
    ['hang', 'hang'],
  ])('is not disturbed by a verifier that does %s', (act, judgement) => {
    const limits = ['--timeout', act === 'hang' ? '400' : '10000'];
    const { code, out } = judge('--corpus', 'c', '--only', 'V01,C01', '--json', ...limits, '--', ...misbehaving(act));
    expect(code).toBe(EXIT.no);
    const { results } = JSON.parse(out) as Judged;
    expect(results.map((result) => result.judgement)).toContain(judgement);
  });

  test('makes a corpus of its own where it is given none', () => {
    const args = ['--only', 'V01,C01,N02', '--dialect', 'rmm-1.0-legacy', '--json'];
    const { code, out } = judge(...args, '--', ...toy());
    expect([code, judged(out, 'right')]).toEqual([EXIT.ok, ['V01', 'C01', 'N02']]);
  });

  test('says how many need a nonce, and counts them when there is one', () => {
    const args = ['--only', 'V01,F01', '--json', '--', ...toy()];
    const parsed = (out: string) => JSON.parse(out) as { not_counted: number; results: readonly unknown[] };
    const without = parsed(judge(...args).out);
    const given = parsed(judge(...args, '{challenge}').out);
    expect(without.not_counted + without.results.length).toBe(2);
    expect(given.results.length).toBeGreaterThanOrEqual(without.results.length);
  });

  test('writes JUnit and JSON beside what it prints', () => {
    const { out } = judge('--corpus', 'c', '--junit', 'j.xml', '--report', 'r.json', '--', ...toy('BINDING_MISMATCH'));
    expect(readFileSync(here.at('j.xml'), 'utf8').match(/<failure type="hole"/g)?.length).toBe(2);
    expect(judged(readFileSync(here.at('r.json'), 'utf8'), 'hole')).toEqual(['N02', 'N18']);
    expect(out).toContain('HOLES: 2 tokens accepted');
    const { out: junit } = judge('--corpus', 'c', '--only', 'V01', '--junit', '-', '--', ...toy());
    expect(junit).toMatch(/^<\?xml [\s\S]*<\/testsuites>\n$/);
    expect(here.names()).not.toContain('-');
  });

  test('fails only for what has changed since the baseline', () => {
    const args = ['--corpus', 'c', '--baseline', 'b.json'];
    const lax = toy('BINDING_MISMATCH');
    expect(judge(...args, '--', ...lax)).toMatchObject({ code: EXIT.usage });
    expect(judge(...args, '--write-baseline', '--', ...lax).code).toBe(EXIT.ok);
    expect(judge(...args, '--', ...lax)).toMatchObject({ code: EXIT.ok });
    const better = judge(...args, '--', ...toy());
    expect([better.code, better.out]).toEqual([
      EXIT.no,
      expect.stringMatching(/ {2}N02 +was accepted, is refused \(right\)/),
    ]);
    const worse = judge(...args, '--', ...toy('BINDING_MISMATCH', 'PLATFORM_SIG_INVALID'));
    expect([worse.code, worse.out]).toEqual([
      EXIT.no,
      expect.stringMatching(/ {2}C01 +was refused, is accepted \(hole\)/),
    ]);
  });

  test('puts tokens to a service, whatever it does with one of them', async () => {
    let asked = 0;
    const server = createServer((request, response) => {
      asked += 1;
      const act = asked;
      request.resume().on('end', () => {
        if (act === 2) response.socket?.resetAndDestroy();
        else if (act === 3) response.writeHead(500).end('no idea');
        else if (act !== 4) response.writeHead(act === 1 ? 200 : 400).end();
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/verify`;
    const args = ['judge', '--corpus', here.at('c'), '--json', '--jobs', '1', '--timeout', '3000', '--http', url];
    const { code, out, err } = await swccaBeside(args);
    expect([code, err]).toEqual([EXIT.no, '']);
    const { results } = JSON.parse(out) as Judged;
    const judgements = ['right', 'crash', 'crash', 'hang', 'right', 'right', 'over-strict'];
    expect(results.map(({ judgement }) => judgement)).toEqual(judgements);
  });

  test.each([
    [['--'], 'name a verifier'],
    [['--', 'x'], 'the command has no {token}'],
    [['--', 'x', '{tokens}'], '{tokens} stands for nothing'],
    [['--http', 'ftp://x'], 'no http or https URL'],
    [['--corpus', 'c', '--http', 'http://127.0.0.1:1/'], 'nobody is there'],
    [['--http', 'http://127.0.0.1:1/', '--', 'x', '{token}'], 'two verifiers'],
    [['--only', 'Z99', '--', 'x', '{token}'], 'there is no mutation Z99'],
    [['--corpus', 'none', '--', 'x', '{token}'], 'there is no such folder'],
    [['--corpus', 'c', '--only', 'C01,C03', '--', 'x', '{token}'], 'there is no C03 in this corpus'],
    [['--corpus', 'c', '--', '/no/such/program', '{token}'], '/no/such/program: cannot be run'],
    [['--accept-exit', '256', '--', 'x', '{token}'], 'no exit status'],
    [['--accept-output', '(', '--', 'x', '{token}'], 'no regular expression'],
    [['--adapter', 'nobody'], 'nobody'],
    [['--write-baseline', '--', 'x', '{token}'], 'needs --baseline'],
    [['--junit', '-', '--json', '--', 'x', '{token}'], 'standard output holds one thing'],
    [['--report', 'no/such/folder/r.json', '--', 'x', '{token}'], 'no/such/folder/r.json: cannot be written'],
  ])('refuses %j', (args, says) => {
    const { code, err } = judge(...args);
    expect([code, err]).toEqual([EXIT.usage, expect.stringContaining(says)]);
  });
});
