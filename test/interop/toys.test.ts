import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { parseKeyFile, verifyToken } from '../../src/verify/index.ts';
import { swcca } from './support/swcca.ts';

/** Verifiers that are lax on purpose: put to the whole catalogue, judge names each of their holes and no other. */
const TOY = fileURLToPath(new URL('../judge/support/toy.mjs', import.meta.url));

interface Manifest {
  readonly tokens: readonly { readonly id: string; readonly verdict: string }[];
}
interface Described {
  readonly needs: readonly string[];
  readonly given: { readonly key: string };
}
interface Report {
  readonly results: readonly { readonly id: string; readonly judgement: string }[];
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'swcca-interop-'));
  expect(swcca('corpus', '--out', join(folder, 'corpus')).status).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['the binding', 'BINDING_MISMATCH', 'N02'],
  ['the platform signature', 'PLATFORM_SIG_INVALID', 'C01'],
  ['duplicate keys', 'CBOR_DUPLICATE_KEY', 'B08'],
])('judge names the holes of a verifier that ignores %s', (_, overlooked, known) => {
  const corpus = join(folder, 'corpus');
  const json = <T>(name: string): T => JSON.parse(readFileSync(join(corpus, name), 'utf8'));
  // The driver's dialect of one JSON line a token, since a process for each of them would take minutes.
  const toy = [process.execPath, TOY, '--lax', overlooked, '--lines'];
  const { status, stdout } = swcca('judge', '--corpus', corpus, '--json', '--adapter', 'go-ccatoken', '--', ...toy);
  expect(status).toBe(1);
  const { results } = JSON.parse(stdout) as Report;
  const of = (judgement: string) => results.filter((each) => each.judgement === judgement).map(({ id }) => id);

  // What is wrong with a token in that one respect, and in no other.
  const holes = json<Manifest>('manifest.json').tokens.filter(({ id, verdict }) => {
    const { needs, given } = json<Described>(`${id}.json`);
    const key = parseKeyFile(readFileSync(join(corpus, `${given.key}.jwk.json`)), nodeCrypto);
    if (verdict !== 'must-reject' || needs.length > 0 || !key.ok) return false;
    const { findings } = verifyToken(readFileSync(join(corpus, `${id}.cbor`)), { crypto: nodeCrypto, key: key.key });
    const errors = findings.filter(({ severity }) => severity === 'error');
    return errors.length > 0 && errors.every(({ code }) => code === overlooked);
  });
  expect(of('hole')).toEqual(holes.map(({ id }) => id));
  expect(of('hole')).toContain(known);
  for (const judgement of ['over-strict', 'crash', 'hang', 'memory'])
    expect([judgement, of(judgement)]).toEqual([judgement, []]);
});
