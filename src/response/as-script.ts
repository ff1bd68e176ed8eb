import { GRANULE } from '../abi/index.ts';
import { fromDoublewords, hexNumber, toHex } from '../bytes/index.ts';
import type { PlayedCall } from './conversation.ts';
import { explainCalls } from './explain.ts';
import { FID } from './fids.ts';

const CHALLENGE_WORDS = 8;
const UNPROVABLE = '=> SUCCESS or INCOMPLETE or ERROR_STATE or ERROR_INPUT';
const MOST_PAGES = 16;

/** Pages that calls name become pages of the Realm, from IPA 0 on, in the order in which they are named. */
const pageMap = (calls: readonly PlayedCall[]): ReadonlyMap<bigint, bigint> => {
  const named = new Set(
    calls.flatMap(({ given }) => (given[0] === FID.CONTINUE ? [(given[1] ?? 0n) & ~(GRANULE - 1n)] : [])),
  );
  return new Map([...named].slice(0, MOST_PAGES).map((page, i) => [page, BigInt(i) * GRANULE]));
};

/** Interrupts can come as long as the RMM signs: answers that brought nothing before the first byte of a token. */
const leadingWaits = (calls: readonly PlayedCall[]): number => {
  let most = 0;
  let here = 0;
  let signs = false;
  for (const { given, answer } of calls) {
    if (given[0] === FID.INIT) {
      here = 0;
      signs = true;
    } else if (signs && answer.model === 'host') {
      here += 1;
      most = Math.max(most, here);
    } else signs = false;
  }
  return most;
};

/**
 * A conversation as a script of single calls (docs/script.md), which an emulated machine carries out: the calls that the
 * client made and, where a hostile Host alone brings an answer about, what that Host does. A comment says what the client
 * was told and who could have told it; what takes a broken RMM, a sound one does not do again, and the comment is all there
 * is of it.
 */
export const conversationScript = (calls: readonly PlayedCall[]): string => {
  const pages = pageMap(calls);
  const waits = leadingWaits(calls);
  const explained = explainCalls(calls);
  let signs = false;
  const lines = calls.flatMap(({ given, answer }, i): string[] => {
    const { nth, status, x1, says } = explained[i] ?? { nth: i + 1, status: '', x1: '', says: '' };
    const told = `# call ${nth}: ${status}, X1 ${x1}; ${says}`;
    if (given[0] === FID.INIT) {
      signs = true;
      const challenge = toHex(fromDoublewords(given, 1, CHALLENGE_WORDS)).replace(/(00)+$/, '') || '00';
      return [told, `rsi ATTESTATION_TOKEN_INIT hex"${challenge}" => SUCCESS`];
    }
    if (given[0] !== FID.CONTINUE) {
      return [told, `smc realm ${given.slice(0, 4).map(hexNumber).join(' ')} => _`];
    }
    const [, ipa = 0n, offset = 0n, size = 0n] = given;
    const page = pages.get(ipa & ~(GRANULE - 1n));
    const where = page === undefined ? hexNumber(ipa) : hexNumber(page | (ipa & (GRANULE - 1n)));
    const call = `rsi ATTESTATION_TOKEN_CONTINUE ${where} ${hexNumber(offset)} ${hexNumber(size)}`;
    if (signs && answer.model === 'host') {
      return [
        told,
        'interrupt IRQ { polls=1 }',
        `${call} => exit IRQ`,
        'enter $r.rec0 => entered { x0=RSI_INCOMPLETE x1=0 }',
      ];
    }
    signs = false;
    return [told, `${call} ${UNPROVABLE}`];
  });
  return [
    '# What a client asked, on a machine of swcca; the comments are what a response script told it.',
    `impdef signSteps=${waits + 1}`,
    `realm r { pages=${Math.max(1, pages.size)} }`,
    'enter $r.rec0',
    ...lines,
    '',
  ].join('\n');
};
