import { test as base, describe, expect } from 'vitest';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { mutationOf } from '../../src/mutate/index.ts';
import { type Corpus, corpus } from '../../src/testing/index.ts';
import { parseKeyFile, verifyToken } from '../../src/verify/index.ts';

/** The fixture as a test of somebody's verifier would have it: made once, for all tests of the file. */
const test = base.extend<{ tokens: Corpus }>({
  tokens: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture needs
    async ({}, use) => use(corpus({ only: ['V01', 'V03', 'C01', 'C02', 'N01', 'F03'] })),
    { scope: 'file' },
  ],
});

const keyOf = (text: string) => {
  const parsed = parseKeyFile(new TextEncoder().encode(text), nodeCrypto);
  return parsed.ok ? parsed.key : undefined;
};

describe('a corpus for tests', () => {
  test('has what a verifier has to accept, and what it has to refuse', ({ tokens }) => {
    const verdicts = tokens.tokens.map(({ id, verdict, token, challenge, key }) => {
      const { accepted } = verifyToken(token, { crypto: nodeCrypto, challenge, key: keyOf(key.pem) });
      return [id, verdict, accepted];
    });
    expect(verdicts).toEqual([
      ['V01', 'must-accept', true],
      ['V03', 'must-accept', true],
      ['C01', 'must-reject', false],
      ['C02', 'must-reject', false],
      ['N01', 'must-reject', false],
      ['F03', 'must-reject', false],
    ]);
  });

  test('says of each token what was changed, as the catalogue does', ({ tokens }) => {
    const { change, rule, needs } = tokens.token('F03');
    expect(change).toBe(mutationOf('F03')?.change);
    expect(rule.document).not.toBe('');
    expect(needs).toEqual(['challenge']);
    expect(() => tokens.token('X99')).toThrow('X99 is not among 6 tokens');
  });

  test('has one key in three forms, and endorsements', ({ tokens }) => {
    const { pem, jwk, coseKey } = tokens.key;
    const forms = [keyOf(pem), keyOf(JSON.stringify(jwk))];
    expect(forms[0]).toMatchObject({ curve: 'P-384' });
    expect(forms[1]).toEqual(forms[0]);
    expect(Buffer.from(coseKey).includes(Buffer.from(jwk.x, 'base64url'))).toBe(true);
    expect([...tokens.endorsements.keys()]).toEqual(
      expect.arrayContaining(['ccatoken/rv.json', 'ccatoken/ta.json', 'corim-ssd-1/platform.cbor']),
    );
  });

  test('is the same for the same options, another one for another seed', ({ tokens }) => {
    const again = corpus({ only: ['V01'] });
    expect(again.token('V01')).toEqual(tokens.token('V01'));
    expect(corpus({ only: ['V01'], seed: 'other' }).key.jwk.x).not.toBe(again.key.jwk.x);
  });

  test('says in one line what it cannot do', () => {
    expect(() => corpus({ only: ['nothing'] })).toThrow(/^swcca\/testing: swcca corpus: .*nothing/);
  });
});
