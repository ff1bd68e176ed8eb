import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { EXIT } from '../../src/cli/index.ts';
import { folder } from '../cli/support/folder.ts';
import { swcca } from '../cli/support/swcca.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
/** Enough for threads to be worth it. */
const RANDOM = 420;

const digests = (path: string, names: readonly string[]): readonly (readonly [string, string])[] =>
  names.toSorted().map((name) => [
    name,
    createHash('sha256')
      .update(readFileSync(`${path}/${name}`))
      .digest('hex'),
  ]);

/** Starts a corpus and kills it with no warning once some of its tokens are there. */
const killed = async (cwd: string, out: string, args: readonly string[], tokens: number): Promise<number> => {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('close', (_, signal) => resolve(signal)));
  const made = () => (existsSync(out) ? readdirSync(out).filter((name) => /^random-\d+\.json$/.test(name)).length : 0);
  while (child.exitCode === null && made() < tokens) await setTimeout(2);
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
  return made();
};

test('swcca corpus, killed twice and run again, is the same', async () => {
  const { path, at } = folder();
  const argsFor = (out: string) => ['corpus', '--out', out, '--random', String(RANDOM), '--seed', '3', '--jobs', '2'];
  expect(swcca(argsFor('whole'), { cwd: path }).code).toBe(EXIT.ok);
  for (const tokens of [20, 120]) {
    const made = await killed(path, at('torn'), argsFor('torn'), tokens);
    expect(made).toBeGreaterThanOrEqual(tokens);
    expect(made).toBeLessThan(RANDOM);
    expect(existsSync(at('torn/manifest.json'))).toBe(false);
  }
  expect(swcca(argsFor('torn'), { cwd: path }).code).toBe(EXIT.ok);
  const files = readdirSync(at('whole'), { recursive: true, withFileTypes: true });
  const names = files.filter((file) => file.isFile()).map((file) => `${file.parentPath}/${file.name}`);
  const relative = names.map((name) => name.slice(at('whole').length + 1));
  expect(digests(at('torn'), relative)).toEqual(digests(at('whole'), relative));
  // Nothing of the killed runs is left over.
  expect(readdirSync(at('torn')).toSorted()).toEqual(readdirSync(at('whole')).toSorted());
}, 60_000);
