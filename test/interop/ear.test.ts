import { createPublicKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { simulatedEarKey } from '../../src/cli/ear.ts';
import { interop, needs } from './support/context.ts';
import { askAll } from './support/peer.ts';
import { attest, type Bundle, scratch, swcca } from './support/swcca.ts';

const { goVeraison, titles } = interop;

/** What the library reads of an attestation result. */
interface Read {
  readonly nonce?: string;
  readonly submods: Readonly<
    Record<string, { readonly status: string; readonly warranted: string; readonly vector: Vector }>
  >;
}
type Vector = Readonly<Record<string, number>>;

/** What our verifier says of the same token, as JSON. */
interface Appraisal {
  readonly [submodule: string]: { readonly status: string; readonly vector: Vector };
}

const ALGORITHMS = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' } as const;
const CURVES = Object.keys(ALGORITHMS) as (keyof typeof ALGORITHMS)[];

const pem = (key: JsonWebKey): string =>
  createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();

/** The token of a bundle appraised with the reference values and the key of another: an EAR, and the same in JSON. */
const appraised = (
  { original }: Bundle,
  { directory }: Bundle,
  earOptions: readonly string[],
): { readonly ear: string; readonly appraisal: Appraisal } => {
  const ear = join(scratch(), 'result.jwt');
  const options = [
    ...['--key', join(directory, 'cpak.pem'), '--reference', join(directory, 'reference-values.json')],
    ...['--challenge', `@${join(original.token, '../challenge.bin')}`],
  ];
  const { status, stdout, stderr } = swcca('verify', original.token, ...options, '--json', '--ear', ear, ...earOptions);
  if (status === null || status > 1) throw new Error(stderr);
  return { ear, appraisal: (JSON.parse(stdout) as { appraisal: Appraisal }).appraisal };
};

describe(titles.goEar, () => {
  test.for(CURVES)(
    'reads a result that is signed with a key on %s, and refuses another key',
    async (curve, context) => {
      const { command } = needs(context, goVeraison);
      const [mine, other] = [1, 2].map(() => generateKeyPairSync('ec', { namedCurve: curve }));
      const directory = scratch();
      const file = (name: string, text: string): string => {
        writeFileSync(join(directory, name), text);
        return join(directory, name);
      };
      const jwk = file('ear-key.jwk.json', JSON.stringify(mine?.privateKey.export({ format: 'jwk' })));
      const keys = [mine, other].map((pair, i) =>
        file(`${i}.pem`, String(pair?.publicKey.export({ type: 'spki', format: 'pem' }))),
      );
      const bundle = attest();
      const { ear } = appraised(bundle, bundle, ['--ear-key', jwk]);
      const requests = keys.map((signer) => ({ ear, signer, algorithm: ALGORITHMS[curve] }));
      const [good, bad] = await askAll<Read>([...command, 'ear'], requests);
      expect(good?.read?.submods).toMatchObject({
        CCA_SSD_PLATFORM: { status: 'affirming', warranted: 'affirming' },
        CCA_REALM: { status: 'affirming', warranted: 'affirming' },
      });
      expect(good?.read?.nonce).toBe(readFileSync(join(bundle.directory, 'challenge.bin')).toString('base64'));
      expect(bad).toMatchObject({ accepted: false, stage: 'verify' });
      expect(bad?.error).toContain('could not verify message');
    },
  );

  test('reads the status and the trust vector that we mean, of the token of each firmware set', async (context) => {
    const { command } = needs(context, goVeraison);
    const signer = join(scratch(), 'ear-key.pem');
    writeFileSync(signer, pem(simulatedEarKey() as JsonWebKey));
    const good = attest();
    const sets = JSON.parse(swcca('firmware', 'list', '--json').stdout) as { name: string }[];
    const results = sets.map(({ name }) => ({ name, ...appraised(attest('--firmware', name), good, []) }));
    const requests = results.map(({ ear }) => ({ ear, signer, algorithm: 'ES256' }));
    const verdicts = await askAll<Read>([...command, 'ear'], requests);
    const ours = results.map(({ name, appraisal }) => ({ name, submods: resultsOf(appraisal) }));
    const theirs = results.map(({ name }, i) => ({ name, submods: resultsOf(verdicts[i]?.read?.submods ?? {}) }));
    const words = ({ submods }: (typeof ours)[number]) => Object.values(submods).map(({ status }) => status);
    context.task.meta.counted = ours.map((each) => `${each.name} ${[...new Set(words(each))].join('/')}`).join(', ');
    expect(theirs).toEqual(ours);
    // The library's own rule: no status is better than what its vector warrants.
    for (const { read } of verdicts) {
      for (const { status, warranted } of Object.values(read?.submods ?? {})) expect(warranted).toBe(status);
    }
  });
});

const resultsOf = (submods: Appraisal): Appraisal =>
  Object.fromEntries(Object.entries(submods).map(([name, { status, vector }]) => [name, { status, vector }]));
