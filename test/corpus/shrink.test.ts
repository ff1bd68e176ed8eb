import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { EXIT } from '../../src/cli/index.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { parseKeyFile, verifyToken } from '../../src/verify/index.ts';
import { folder } from '../cli/support/folder.ts';
import { swcca } from '../cli/support/swcca.ts';

const TOY = fileURLToPath(new URL('../judge/support/toy.mjs', import.meta.url));
/** A verifier that overlooks one finding. */
const overlooking = (finding: string) => [process.execPath, TOY, '--lax', finding, '{token}', '{key.pem}'];
/** A verifier that refuses whatever has these bytes in it. */
const disliking = (text: string) => [
  process.execPath,
  '-e',
  'process.exit(require("node:fs").readFileSync(process.argv[1]).includes(process.argv[2]) ? 1 : 0)',
  '{token}',
  text,
];

interface Description {
  readonly verdict: string;
  readonly edits: readonly object[];
}

const made = (options: readonly string[]) => {
  const { path, at } = folder();
  const run = (...args: readonly string[]) => swcca(['corpus', ...options, ...args], { cwd: path });
  const described = (name: string) => JSON.parse(readFileSync(at(`${name}.json`), 'utf8')) as Description;
  /** What is wrong with a token of the folder, by the whole verifier. */
  const errors = (name: string) => {
    const key = parseKeyFile(readFileSync(at('c/cpak.pem')), nodeCrypto);
    if (!key.ok) throw new Error('the key is no key');
    const { findings } = verifyToken(readFileSync(at(`${name}.cbor`)), { crypto: nodeCrypto, key: key.key });
    return findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  };
  return { at, run, described, errors };
};

describe('swcca corpus --shrink', () => {
  test.each([
    ['random-1', 'REM_COUNT'],
    ['random-8', 'CBOR_DUPLICATE_KEY'],
    ['random-4', 'CLAIM_SIZE'],
  ])('leaves of %s what is wrong for a verifier that overlooks %s', (id, finding) => {
    const { run, described, errors } = made(['--out', 'c', '--random', '10', '--seed', '7']);
    expect(run().code).toBe(EXIT.ok);
    const { code, out, err } = run('--json', '--shrink', id, '--', ...overlooking(finding));
    expect([code, err]).toEqual([EXIT.no, '']);
    const answer = JSON.parse(out) as { steps: readonly string[] };
    expect(answer).toMatchObject({ id: `${id}-shrunk`, verdict: 'must-reject', steps: [expect.any(String)] });
    expect(described(`c/${id}`).edits.length).toBeGreaterThan(1);
    expect(described(`c/${id}-shrunk`)).toMatchObject({ verdict: 'must-reject', edits: [expect.anything()] });
    // Still a hole: the one finding that is overlooked, and no other, is why it must be refused.
    expect(new Set(errors(`c/${id}-shrunk`))).toEqual(new Set([finding]));
  });

  test('leaves what a verifier that is too strict cannot bear', () => {
    const { at, run, described, errors } = made(['--out', 'c', '--random', '20', '--seed', '7']);
    expect(run().code).toBe(EXIT.ok);
    const { code, out } = run('--json', '--shrink', 'random-20', '--', ...disliking('sha-384'));
    expect(code).toBe(EXIT.no);
    expect(JSON.parse(out)).toMatchObject({ verdict: 'must-accept', steps: [expect.any(String)] });
    const [before, after] = ['c/random-20', 'c/random-20-shrunk'].map((name) => described(name).edits.length);
    expect(after).toBeLessThan(before ?? 0);
    expect(readFileSync(at('c/random-20-shrunk.cbor')).includes('sha-384')).toBe(true);
    expect(errors('c/random-20-shrunk')).toEqual([]);
  });

  test('says that there is nothing to shrink where a verifier is right, and writes nothing', () => {
    const { at, run } = made(['--out', 'c', '--random', '10', '--seed', '7']);
    const { code, out } = run('--shrink', 'random-1', '--', ...overlooking('BINDING_MISMATCH'));
    expect([code, out]).toEqual([EXIT.ok, expect.stringContaining('judged as it should be (must-reject)')]);
    expect(existsSync(at('c'))).toBe(false);
  });

  test.each([
    [['--shrink', 'C01'], 'is no random mutation'],
    [['--shrink', 'random-0'], 'is no random mutation'],
    [['--shrink', 'random-1', '--merge', 'a'], '--shrink looks at one token: leave --merge out'],
    [['--shrink', 'random-1', '--mint-fast', '--count', '9'], 'makes good tokens only'],
    [['--shrink', 'random-1', '--shard', '1/2'], '--shrink looks at one token: leave --shard out'],
    [['--shrink', 'random-1', '--only', 'Z99'], 'there is no mutation Z99'],
    [['--shrink', 'random-1', '--', './no-such-verifier', '{token}'], './no-such-verifier: cannot be run: '],
    [['--shrink', 'random-1', '--', 'verifier'], 'no {token}'],
    [['--shrink', 'random-1', '--', 'verifier', '{token}', '{tokens}'], '{tokens} stands for nothing'],
  ])('refuses %j in one line, and writes nothing', (args, says) => {
    const { at, run } = made(['--out', 'c']);
    const { code, out, err } = run(...args);
    expect([code, out]).toEqual([EXIT.usage, '']);
    expect(err).toContain(says);
    expect(err.split('\n').length).toBe(2);
    expect(existsSync(at('c'))).toBe(false);
  });

  test('works in the folder of the corpus, made with the same options', () => {
    const selection = ['--only', 'V01,C01', '--random', '10', '--count', '11', '--seed', '7'];
    const { at, run } = made(['--out', 'c', ...selection]);
    expect(run().code).toBe(EXIT.ok);
    const before = readdirSync(at('c'));
    expect(run('--shrink', 'random-1', '--', ...overlooking('REM_COUNT')).code).toBe(EXIT.no);
    const added = readdirSync(at('c')).filter((name) => !before.includes(name));
    expect(added.toSorted()).toEqual(['random-1-shrunk.cbor', 'random-1-shrunk.json']);
    // Another corpus than the one that is there.
    const { code, err } = made(['--out', at('c'), '--random', '10', '--seed', '7']).run('--shrink', 'random-1');
    expect([code, err]).toEqual([EXIT.usage, expect.stringContaining('holds another corpus')]);
  });
});
