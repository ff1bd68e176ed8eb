import { jsonText, openMint } from '../../corpus/index.ts';
import { publicJwk, spkiPem } from '../../crypto/index.ts';
import { nodeCrypto } from '../../crypto/node.ts';
import type { CallOf } from '../command.ts';
import type { corpus } from '../commands/corpus.ts';
import { badCommandLine, EXIT, type ExitCode } from '../exit.ts';
import { createBundle } from '../io/bundle.ts';
import { processCount } from '../io/progress.ts';
import { corpusSource } from './source.ts';

const MINT_FORMAT = 'swcca/mint/v1';
/** Tokens that are made and written together: about two megabytes. */
const PIECE = 1024;

const readme = (count: number, mark: string): string => `# ${count} CCA tokens for load tests

**${mark}.** They are signed with nonces in arithmetic progression: two of these signatures reveal the private key, which
exists for these tokens alone. They are good for measuring verifiers, and for nothing else.

| file | what it is |
|---|---|
| \`tokens.cborseq\` | the tokens, one after the other (a CBOR sequence, RFC 8742) |
| \`challenges.bin\` | the nonce of each, 64 bytes, in the same order |
| \`cpak.pem\`, \`cpak.jwk.json\` | the platform key to trust |
| \`bundle.json\` | digests of all files |
`;

/** Makes many good tokens as fast as can be, for load tests of verifiers. */
export const mintCorpus = async (call: CallOf<typeof corpus>, folder: string): Promise<ExitCode> => {
  const { values, terminal } = call;
  const { count } = values;
  if (count === undefined) throw badCommandLine('--mint-fast needs --count N');
  const { source, parameters, mark } = await corpusSource(values, { only: ['V01'] }, terminal);
  const { base, seed } = source;
  const mint = openMint(nodeCrypto, base, seed);
  const bundle = createBundle(folder);
  const display = processCount('minting tokens', count, 'tokens');
  try {
    bundle.append('README.md', readme(count, mark));
    bundle.append('cpak.pem', `${mark}\n${spkiPem(mint.cpak)}`);
    bundle.append('cpak.jwk.json', jsonText({ ...publicJwk(mint.cpak), kid: mark }));
    bundle.append('rak.pub.pem', `${mark}\n${spkiPem(mint.rak)}`);
    for (let made = 0; made < count; made += PIECE) {
      const minted = mint.next(Math.min(PIECE, count - made));
      bundle.append('tokens.cborseq', Buffer.concat(minted.map(({ token }) => token)));
      bundle.append('challenges.bin', Buffer.concat(minted.map(({ challenge }) => challenge)));
      display.advance(minted.length);
    }
    const { swcca, dialect, switches } = parameters;
    bundle.commit({ format: MINT_FORMAT, swcca, origin: 'minted', keys: mark, seed, dialect, switches, count });
  } finally {
    display.end();
    bundle.discard();
  }
  if (values.json) terminal.json({ folder, tokens: count, origin: 'minted' });
  else terminal.print(`wrote ${count} minted tokens to ${folder}`);
  return EXIT.ok;
};
