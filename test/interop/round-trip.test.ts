import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DIALECTS } from '../../src/token/index.ts';
import { interop, needs } from './support/context.ts';
import { type Case, judgeAll } from './support/peer.ts';
import { swcca } from './support/swcca.ts';

const { goCcatoken, goCcatokenNext, rustCcatoken, titles } = interop;

const HASHES = ['sha-256', 'sha-512'] as const;
/** Tokens of the catalogue whose platform key is on another curve than the machine's, and the key that goes with each. */
const OTHER_CURVES = { V27: 'cpak-p256', V28: 'cpak-p521' } as const;

interface RoundTrip extends Case {
  readonly name: string;
  readonly dialect: string;
}

const done = (...args: readonly string[]): void => {
  const { status, stderr } = swcca(...args);
  if (status !== 0) throw new Error(`swcca ${args.join(' ')}: ${stderr}`);
};

/** Every dialect, both hashes for all that can be hashed by either, and platform keys on three curves. */
const roundTrips = (folder: string): readonly RoundTrip[] =>
  Object.keys(DIALECTS).flatMap((dialect) =>
    HASHES.flatMap((hash) => {
      const options = ['--dialect', dialect, '--hash', hash, '--platform-hash', hash, '--rak-hash', hash];
      const [bundle, corpus] = [join(folder, `${dialect}-${hash}`), join(folder, `${dialect}-${hash}-curves`)];
      done('token', '--bundle', bundle, ...options);
      done('corpus', '--out', corpus, '--only', Object.keys(OTHER_CURVES).join(), ...options);
      const original = { token: join(bundle, 'token.cbor'), key: join(bundle, 'cpak.jwk.json') };
      const others = Object.entries(OTHER_CURVES).map(([id, key]) => ({
        token: join(corpus, `${id}.cbor`),
        key: join(corpus, `${key}.jwk.json`),
      }));
      return [original, ...others].map((each, i) => ({
        ...each,
        dialect,
        name: `${dialect} ${hash} ${['P-384', 'P-256', 'P-521'][i]}`,
      }));
    }),
  );

interface Matrix {
  readonly corpora: Readonly<
    Record<string, Readonly<Record<string, { readonly base: { readonly accepted: boolean } }>>>
  >;
}
const matrix = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../docs/verifier-matrix.json', import.meta.url)), 'utf8'),
) as Matrix;
const asTheMatrixSays =
  (verifier: string) =>
  (dialect: string): boolean =>
    matrix.corpora[dialect]?.[verifier]?.base.accepted === true;

const judges = [
  { title: titles.goCcatoken, participant: goCcatoken, args: [], takes: asTheMatrixSays('go-ccatoken') },
  {
    title: titles.goCcatokenNext,
    participant: goCcatokenNext,
    args: [],
    takes: asTheMatrixSays('go-ccatoken-main'),
  },
  {
    title: titles.rustCcatoken,
    participant: rustCcatoken,
    args: ['ccatoken'],
    takes: asTheMatrixSays('rust-ccatoken-0.1.0'),
  },
  // It reads no claims, so that no dialect is a matter to it.
  { title: titles.rustCose, participant: rustCcatoken, args: ['cose'], takes: () => true },
];

const folder = mkdtempSync(join(tmpdir(), 'swcca-interop-'));
let cases: readonly RoundTrip[] = [];
beforeAll(() => {
  cases = roundTrips(folder);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true }));

for (const { title, participant, args, takes } of judges) {
  describe(title, () => {
    test('takes the dialects that it knows with either hash and a platform key on each curve', async (context) => {
      const { command } = needs(context, participant);
      const verdicts = await judgeAll([...command, ...args], cases);
      const accepted = cases.filter((_, i) => verdicts[i]?.accepted).map(({ name }) => name);
      const known = cases.filter(({ dialect }) => takes(dialect)).map(({ name }) => name);
      context.task.meta.counted = `${accepted.length} of ${cases.length} tokens`;
      expect(accepted).toEqual(known);
      expect(known).not.toEqual([]);
    });
  });
}
