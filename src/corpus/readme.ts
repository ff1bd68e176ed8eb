import { GAINS, GROUPS, REFERENCES, type ReferenceName } from '../mutate/index.ts';
import { KEY_NAMES, referenceFile } from './entry.ts';
import type { Parameters } from './manifest.ts';

const rows = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map(([name, says]) => `| \`${name}\` | ${says} |`).join('\n');

/** The page that stands in a corpus. */
export const corpusReadme = ({
  swcca,
  keys,
  seed,
  dialect,
  count,
  challenge,
}: Parameters): string => `# A corpus of CCA tokens

${count} tokens made by swcca ${swcca} from one token of dialect \`${dialect}\` and seed ${JSON.stringify(seed)}. Some are good,
most are wrong on purpose, and each says what a verifier has to answer.

**${keys}.** The private keys follow from the seed: whoever has this page can make such tokens.

## Files

| file | what it is |
|---|---|
| \`<id>.cbor\` | a token, binary |
| \`<id>.json\` | what was changed, the rule of which document that breaks, the verdict (\`docs/schemas/corpus-token.schema.json\` of swcca) |
| \`${KEY_NAMES.cpak}.pem\`, \`.jwk.json\`, \`.cose\` | the platform key to trust, as SubjectPublicKeyInfo, JWK and COSE_Key |
| \`${KEY_NAMES['p-256']}.*\`, … | the key of tokens that name another under \`given\` |
| \`rak.pub.pem\` | the Realm key; a verifier takes it from the token |
| \`challenge.bin\` | the nonce, 64 bytes; a token that answers another has it in its \`challenge\` |
${(Object.keys(REFERENCES) as ReferenceName[]).map((name) => `| \`${referenceFile(name)}\` | reference values: ${REFERENCES[name]} |`).join('\n')}
| \`corpus.json\` | what all this was made from |
| \`manifest.json\` | every token with its verdict and digest; it is there when the corpus is whole |

The nonce of the relying party: \`${challenge}\`.

## Verdicts

| verdict | a verifier |
|---|---|
| \`must-reject\` | that accepts it has a hole |
| \`must-accept\` | that refuses it is stricter than the documents |
| \`policy\` | may do either; \`decision\` says what \`swcca verify\` does |
| \`unknown\` | has nothing to be held against: a random mutation that nobody has worked out |

Tokens that \`needs\` names \`challenge\` or \`reference\` for are right in themselves: only a verifier that is given the
nonce, or reference values, can tell. What a hole gives away, the worst first:

| \`gain\` | |
|---|---|
${rows(Object.entries(GAINS))}

| \`group\` | |
|---|---|
${rows(Object.entries(GROUPS))}

## Use

    swcca judge --corpus . -- your-verifier --token {token} --key {key.pem}
`;
