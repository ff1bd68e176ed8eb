import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXIT } from '../../src/cli/index.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { CATALOGUE } from '../../src/mutate/index.ts';
import { parseKeyFile, verifyToken } from '../../src/verify/index.ts';
import { folder, scratchFolder } from '../cli/support/folder.ts';
import { type Run, swcca } from '../cli/support/swcca.ts';

const corpusIn = (path: string, args: readonly string[]): Run => swcca(['corpus', ...args], { cwd: path });

/** Every file of a folder with its digest. */
const contents = (path: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (readdirSync(path, { recursive: true, withFileTypes: true }) ?? [])
      .filter((entry) => entry.isFile())
      .map((entry): [string, string] => {
        const file = join(entry.parentPath, entry.name);
        return [file.slice(path.length), createHash('sha256').update(readFileSync(file)).digest('hex')];
      })
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

describe('swcca corpus', () => {
  const here = scratchFolder();
  const made = { ...here, run: (...args: string[]): Run => corpusIn(here.path, args) };
  afterAll(here.remove);
  beforeAll(() => {
    const { code, out, err } = made.run('--out', 'whole', '--seed', '7');
    expect([code, err]).toEqual([EXIT.ok, '']);
    expect(out).toContain(`wrote ${CATALOGUE.length} tokens to whole`);
  });

  test('writes the whole catalogue, each token with what is said of it', () => {
    const names = readdirSync(made.at('whole'));
    for (const { id } of CATALOGUE) expect(names).toEqual(expect.arrayContaining([`${id}.cbor`, `${id}.json`]));
    const manifest = JSON.parse(readFileSync(made.at('whole/manifest.json'), 'utf8')) as {
      tokens: readonly { id: string; sha256: string }[];
    };
    expect(manifest.tokens.map(({ id }) => id)).toEqual(CATALOGUE.map(({ id }) => id));
    for (const { id, sha256 } of manifest.tokens) {
      const token = readFileSync(made.at(`whole/${id}.cbor`));
      expect(createHash('sha256').update(token).digest('hex')).toBe(sha256);
    }
  });

  test('starts from the token that swcca token makes with the same options', () => {
    const token = swcca(['token', '--seed', '7'], { cwd: made.path }).bytes;
    expect(readFileSync(made.at('whole/V01.cbor'))).toEqual(token);
  });

  test('writes what swcca verify answers as each description says', () => {
    const key = parseKeyFile(readFileSync(made.at('whole/cpak.pem')), nodeCrypto);
    if (!key.ok) throw new Error('the key is no key');
    for (const { id, verdict, needs = [] } of CATALOGUE) {
      if (verdict === 'policy' || needs.length > 0) continue;
      const { accepted } = verifyToken(readFileSync(made.at(`whole/${id}.cbor`)), { crypto: nodeCrypto, key: key.key });
      const { given } = JSON.parse(readFileSync(made.at(`whole/${id}.json`), 'utf8')) as { given: { key: string } };
      if (given.key === 'cpak') expect([id, accepted]).toEqual([id, verdict === 'must-accept']);
    }
  });

  /** A smaller one, in which nothing is missing that the large one has. */
  const SMALL = ['--seed', '7', '--only', 'V01,C01,N02,P08,R06', '--random', '40', '--count', '60'];

  test('in shards, brought together, is the same byte for byte', () => {
    made.run('--out', 'small', ...SMALL);
    for (const shard of ['1/3', '2/3', '3/3']) {
      expect(made.run('--out', `shard-${shard[0]}`, ...SMALL, '--shard', shard).code).toBe(EXIT.ok);
    }
    expect(existsSync(made.at('shard-1/manifest.json'))).toBe(false);
    expect(made.run('--out', 'merged', '--merge', 'shard-2', 'shard-3', 'shard-1').code).toBe(EXIT.ok);
    expect(contents(made.at('merged'))).toEqual(contents(made.at('small')));
    expect(made.run('--out', 'half', '--merge', 'shard-1', 'shard-2')).toMatchObject({ code: EXIT.usage });
    expect(existsSync(made.at('half/manifest.json'))).toBe(false);
  });

  test('that was interrupted is completed, and what is broken is mended', () => {
    made.run('--out', 'small', ...SMALL);
    cpSync(made.at('small'), made.at('torn'), { recursive: true });
    rmSync(made.at('torn/manifest.json'));
    for (let i = 1; i <= 40; i++) {
      if (i % 3 === 0) rmSync(made.at(`torn/random-${i}.json`));
      if (i % 7 === 0) writeFileSync(made.at(`torn/random-${i}.cbor`), 'half');
    }
    writeFileSync(made.at('torn/C01.json'), '{');
    expect(made.run('--out', 'torn', ...SMALL).code).toBe(EXIT.ok);
    expect(contents(made.at('torn'))).toEqual(contents(made.at('small')));
  });

  test('leaves a folder alone that is another corpus, or none', () => {
    const before = contents(made.at('whole'));
    expect(made.run('--out', 'whole', '--seed', '8').err).toContain('holds another corpus');
    expect(contents(made.at('whole'))).toEqual(before);
    mkdirSync(made.at('full'));
    writeFileSync(made.at('full/mine'), 'x');
    expect(made.run('--out', 'full').err).toContain('exists and is no corpus');
    expect(readdirSync(made.at('full'))).toEqual(['mine']);
  });

  test('with as many threads as wanted is the same', () => {
    for (const jobs of ['1', '3']) {
      const args = ['--random', '450', '--only', 'C01', '--seed', '9', '--jobs', jobs];
      expect(made.run('--out', `jobs-${jobs}`, ...args).code).toBe(EXIT.ok);
    }
    expect(contents(made.at('jobs-3'))).toEqual(contents(made.at('jobs-1')));
  });

  test.each([
    [['--out', 'x', '--only', 'C01,Z99'], 'there is no mutation Z99'],
    [['--out', 'x', '--only', ''], 'name mutations'],
    [['--out', 'x', '--shard', '3/2'], 'not I/N'],
    [['--out', 'x', '--shard', '0/2'], 'not I/N'],
    [['--out', 'x', '--random', '0'], '--random'],
    [['--out', 'x', '--count', '-1'], '--count'],
    [['--only', 'C01'], '--out is missing'],
    [['--out', 'x', 'C01'], 'does not know what to do with "C01"'],
    [['--out', 'x', '--mint-fast'], '--count'],
    [['--out', 'x', '--merge'], 'needs the folders'],
    [['--out', 'x', '--merge', '--only', 'C01', 'small'], '--merge takes shards as they are: leave --only out'],
    [['--out', 'x', '--mint-fast', '--count', '9', '--random', '9'], 'leave --random out'],
    [['--out', 'x', '--shrink', 'C01'], 'no random mutation'],
  ])('refuses %j', (args, says) => {
    const { code, err } = made.run(...args);
    expect(code).toBe(EXIT.usage);
    expect(err).toContain(says);
    expect(existsSync(made.at('x'))).toBe(false);
  });

  test('mints tokens that are good, and says that they are minted', () => {
    expect(made.run('--out', 'load', '--mint-fast', '--count', '1500').code).toBe(EXIT.ok);
    const bundle = JSON.parse(readFileSync(made.at('load/bundle.json'), 'utf8')) as object;
    expect(bundle).toMatchObject({ origin: 'minted', count: 1500 });
    expect(readFileSync(made.at('load/challenges.bin')).length).toBe(1500 * 64);
    const again = made.run('--out', 'more', '--mint-fast', '--count', '1500');
    expect(again.code).toBe(EXIT.ok);
    expect(contents(made.at('more'))).toEqual(contents(made.at('load')));
  });

  test('finds nothing to shrink where its own verifier is right', () => {
    const { code, out } = made.run('--out', 'min', '--random', '20', '--shrink', 'random-5', '--seed', '7');
    expect([code, out]).toEqual([EXIT.ok, expect.stringContaining('judged as it should be')]);
  });
});

describe('the machine of a corpus is of any kind', () => {
  interface Origin {
    readonly base_origin: string;
    readonly base_sha256: string;
    readonly synthetic: boolean;
    readonly stack: string;
    readonly switches: Readonly<Record<string, unknown>>;
  }
  const ISLET = expect.objectContaining({ kdf: 'sha-ecb', keyHash: 'cose-key' });

  test.each<[readonly string[], Partial<Origin>]>([
    [['--dialect', 'rmm-1.0-legacy'], { synthetic: true }],
    [['--dialect', 'rmm-2.0', '--outer', '399'], { switches: expect.objectContaining({ outer: 399 }) }],
    [['--firmware', 'claim-debug-root'], { base_origin: 'edited' }],
    [['--firmware', 'multi-signer', '--rak-hash', 'sha-512'], { base_origin: 'rsi' }],
    [['--kid', '--order', 'islet'], { base_origin: 'rsi' }],
    [['--stack', 'tf-rmm-0.9'], { stack: 'tf-rmm-0.9', synthetic: false }],
    [['--stack', 'islet'], { stack: 'islet', synthetic: false }],
    [
      ['--hes', 'islet', '--dialect', 'draft-04', '--set', 'hes.keyHash=cose-key'],
      { synthetic: true, switches: expect.objectContaining({ hes: ISLET, device: { roots: 'islet', adac: false } }) },
    ],
    [['--set', 'el3.hunks=100'], { switches: expect.objectContaining({ el3: { hunks: 100 } }) }],
  ])('%j', (args, origin) => {
    const { path, at } = folder();
    const { code, err } = corpusIn(path, ['--out', 'c', '--only', 'V01,C01,N02', ...args]);
    const islet = args.includes('islet') && !args.includes('--order');
    expect([code, err]).toEqual([EXIT.ok, islet ? expect.stringMatching(/^swcca corpus: warning: .*\n$/) : '']);
    const read = (name: string): Origin => JSON.parse(readFileSync(at(name), 'utf8'));
    expect(read('c/corpus.json')).toMatchObject(origin);
    expect(read('c/manifest.json')).toMatchObject(origin);
    // The same options make the same token, and the same is said of its machine.
    expect(swcca(['token', '--bundle', 'b', ...args], { cwd: path }).code).toBe(EXIT.ok);
    const { synthetic, stack, switches } = read('b/bundle.json');
    expect(read('c/corpus.json')).toMatchObject({ synthetic, stack, switches });
    const token = createHash('sha256')
      .update(readFileSync(at('b/token.cbor')))
      .digest('hex');
    const { base_sha256: from, base_origin: comes } = read('c/corpus.json');
    expect(from === token).toBe(comes === 'rsi');
  });

  test.each([
    [['--set', 'hes.keyHash=raw'], 'let them agree'],
    [['--set', 'hes.nothing=1'], 'there is no hes.nothing'],
    [['--set', 'el3.hunks'], 'takes a value'],
    [['--hes', 'static:none'], 'cannot be read'],
  ])('or refused in one line: %j', (args, says) => {
    const { path, at } = folder();
    const { code, err } = corpusIn(path, ['--out', 'c', ...args]);
    expect([code, err.split('\n').length]).toEqual([EXIT.usage, 2]);
    expect(err).toContain(says);
    expect(existsSync(at('c'))).toBe(false);
  });
});
