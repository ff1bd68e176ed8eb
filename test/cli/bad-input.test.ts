import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXIT } from '../../src/cli/index.ts';
import { scratchFolder } from './support/folder.ts';
import { type Run, swcca } from './support/swcca.ts';

/** What an idle Node holds is about 45 MiB; the rest is code, and a file read up to its limit. */
const PEAK_MIB = 160;

const noise = (size: number): Uint8Array => {
  const out = new Uint8Array(size);
  for (let at = 0, i = 0; at < size; at += 32) {
    out.set(
      createHash('sha256')
        .update(`noise ${i++}`)
        .digest()
        .subarray(0, size - at),
      at,
    );
  }
  return out;
};

/** Files that are not what they should be. `made` is a good bundle, whose pieces are spoilt. */
const spoilt = () => {
  const here = scratchFolder();
  expect(swcca(['token', '--bundle', 'made', '--trace', 'good.ndjson'], { cwd: here.path }).code).toBe(EXIT.ok);
  here.write('good.yaml', 'realm: { hash: sha-256 }\n');
  here.write('machine.yaml', 'lpa2: true\n');
  here.write('policy.json', '{"version": 1}');
  here.write('empty', '');
  here.write('random', noise(100_000));
  here.write('random-small', noise(40));
  here.write('huge', '');
  truncateSync(here.at('huge'), 100 << 20);
  here.write('huge-text', '# '.repeat(50 << 20));
  mkdirSync(here.at('folder'));
  return here;
};

let here: ReturnType<typeof spoilt>;
beforeAll(() => {
  here = spoilt();
});
afterAll(() => here.remove());

/** The roles that a file can play, with a good one, whose beginning is the truncated one. */
const ROLES: Readonly<
  Record<string, { readonly good: string; readonly args: (file: string) => string[]; readonly streams?: true }>
> = {
  'token of verify': { good: 'made/token.cbor', args: (file) => ['verify', file, '--key', 'made/cpak.pem'] },
  'token of show': { good: 'made/token.cbor', args: (file) => ['show', file] },
  key: { good: 'made/cpak.pem', args: (file) => ['verify', 'made/token.cbor', '--key', file] },
  'JWK key': { good: 'made/cpak.jwk.json', args: (file) => ['verify', 'made/token.cbor', '--key', file] },
  reference: {
    good: 'made/reference-values.json',
    args: (file) => ['verify', 'made/token.cbor', '--key', 'made/cpak.pem', '--reference', file],
  },
  policy: {
    good: 'policy.json',
    args: (file) => ['verify', 'made/token.cbor', '--key', 'made/cpak.pem', '--policy', file],
  },
  'Realm file': { good: 'good.yaml', args: (file) => ['token', '--realm', file, '-o', 'out'] },
  'machine profile': { good: 'machine.yaml', args: (file) => ['token', '--machine', file, '-o', 'out'] },
  'trace of replay': { good: 'good.ndjson', args: (file) => ['replay', file] },
  'trace of trace': { good: 'good.ndjson', args: (file) => ['trace', file], streams: true },
};

const expectOneLine = (run: Run, codes: readonly number[]): void => {
  expect(codes).toContain(run.code);
  if (run.code === EXIT.usage) expect(run.out).toBe('');
  const lines = run.err.trimEnd().split('\n');
  expect(lines.length).toBe(1);
  if (run.code === EXIT.usage) expect(run.err).toMatch(/^swcca \w+: .+\n$/);
  expect(run.err).not.toMatch(/\bat .*:\d+:\d+/);
  expect(run.ms).toBeLessThan(2000);
  expect(run.peakMiB).toBeLessThan(PEAK_MIB);
};

describe.each(Object.entries(ROLES))('a %s', (_, { good, args, streams }) => {
  const run = (file: string): Run => swcca(args(file), { cwd: here.path });

  test('that is good is taken', () => {
    expect(run(good).code).toBe(EXIT.ok);
  });

  test.each(['empty', 'random', 'random-small', 'huge', 'huge-text', 'folder', 'no-such-file', 'good.yaml/below'])(
    'that is "%s" is refused in one line',
    (file) => {
      expectOneLine(run(file), [EXIT.usage]);
    },
  );

  test('that is cut off is refused in one line', () => {
    const whole = readFileSync(here.at(good));
    for (const share of [0.1, 0.5, 0.95]) {
      here.write('cut', whole.subarray(0, Math.max(1, Math.floor(whole.length * share))));
      const cut = run('cut');
      // The beginning of a file of lines or keys can be a file of its own: a trace that ends early differs at its end.
      if (cut.code === EXIT.ok || cut.code === EXIT.no)
        expect(['good.yaml', 'machine.yaml', 'good.ndjson']).toContain(good);
      // What streams has told all that came before.
      else expectOneLine(streams === true ? { ...cut, out: '' } : cut, [EXIT.usage]);
    }
  });
});

describe('a payload', () => {
  const run = (...args: string[]): Run => swcca(['token', '-o', 'out', ...args], { cwd: here.path });

  test.each(['empty', 'folder', 'no-such-file', 'random@1', 'random@0x7fffff0000', 'huge@0x8f000000'])(
    '"%s" is refused in one line',
    (payload) => {
      expectOneLine(run('--payload', payload), [EXIT.usage]);
    },
  );

  test('of more than 1 GiB is refused without being read', () => {
    here.write('giant', '');
    truncateSync(here.at('giant'), 2 ** 31);
    expectOneLine(run('--payload', 'giant'), [EXIT.usage]);
    expectOneLine(run('--extend', '1=@giant'), [EXIT.usage]);
  });

  test('is whatever the file holds', () => {
    expect(run('--payload', 'random').code).toBe(EXIT.ok);
  });
});

describe('options', () => {
  const verify = (...args: string[]): string[] => ['verify', 'made/token.cbor', '--key', 'made/cpak.pem', ...args];
  const token = (...args: string[]): string[] => ['token', '-o', 'new', ...args];
  test.each([
    [token('--challenge', 'ab'.repeat(65)), 'swcca token: --challenge: a challenge has 1 to 64 bytes, 65 are given'],
    [token('--challenge', 'xyz!'), 'swcca token: --challenge: hexadecimal has something else than 0-9 and a-f'],
    [
      token('--challenge', '@random'),
      'swcca token: random: is larger than a challenge can be (97.66 KiB, at most 64 bytes)',
    ],
    [token('--challenge', '@empty'), 'swcca token: empty: is empty, a challenge is needed'],
    [verify('--challenge', 'abc'), 'swcca verify: --challenge: "abc" is not hexadecimal'],
    [verify('--challenge', 'base64url:*'), 'swcca verify: --challenge: is not base64url'],
    [token('--rpv', '0'), 'swcca token: --rpv: hexadecimal has an odd number of digits'],
    [token('--rpv', '00'.repeat(65)), 'swcca token: --rpv: takes 0 to 64 bytes, 65 are given'],
    [token('--extend', '0=aa'), 'swcca token: --extend: there is no REM "0"; N is 1 to 4'],
    [token('--extend', '5=aa'), 'swcca token: --extend: there is no REM "5"; N is 1 to 4'],
    [token('--extend', '1=@no-such-file'), 'swcca token: --extend 1=@no-such-file: no-such-file: cannot be read'],
    [token('--dialect', 'rmm-3.0'), 'swcca token: --dialect: "rmm-3.0" is not one of rmm-1.0, '],
    [token('--hash', 'md5'), 'swcca token: --hash: "md5" is not one of sha-256, sha-512'],
    [token('--rem-formula', 'nochain'), 'swcca token: --rem-formula: "nochain" is not one of'],
    [token('--chunk', '0'), 'swcca token: --chunk: "0" is not a number of bytes from 1 to 4096'],
    [token('--chunk', '4097'), 'swcca token: --chunk: "4097" is not a number of bytes from 1 to 4096'],
    [token('--firmware', 'no-such-set'), 'swcca token: --firmware no-such-set: no set of that name ('],
    [token('--stack', 'no-such-stack'), 'swcca token: --stack: "no-such-stack" is not one of reference, '],
    [token('--no-such-option'), 'swcca token: unknown option --no-such-option'],
    [['spec', 'RMI_NOTHING'], 'swcca spec: no command "RMI_NOTHING" in RMM 1.0'],
  ])('%j are refused in one line', (args, says) => {
    const run = swcca(args, { cwd: here.path });
    expectOneLine(run, [EXIT.usage]);
    expect(run.err.startsWith(says) ? says : run.err).toBe(says);
  });
});

describe('a token that parses and is wrong', () => {
  test('is exit code 1, with a report', () => {
    const token = readFileSync(here.at('made/token.cbor'));
    token[token.length - 1] = (token.at(-1) ?? 0) ^ 1;
    here.write('flipped', token);
    const run = (...args: string[]): Run => swcca(['verify', ...args], { cwd: here.path });
    const flipped = run('flipped', '--key', 'made/cpak.pem');
    expectOneLine(flipped, [EXIT.no]);
    expect(flipped.out).toContain('REALM_SIG_INVALID');
    expect(run('made/token.cbor').code).toBe(EXIT.no);
    expect(run('made/token.cbor', '--key', 'made/rak.pub.pem').code).toBe(EXIT.no);
    expect(run('made/token.cbor', '--key', 'made/cpak.pem', '--challenge', '00').code).toBe(EXIT.no);
  });
});

test('nothing that was refused left anything behind', () => {
  expect(readdirSync(here.path).filter((name) => name.includes('swcca-') || name === 'new')).toEqual([]);
});
