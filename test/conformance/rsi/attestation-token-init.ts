import { expect } from 'vitest';
import { attestationTokenInit } from '../../../src/rmm/rsi/index.ts';
import { conformance, on, when } from '../language/conformance.ts';
import { PAGE, running } from './support.ts';
import { challengeOf, fetch } from './token.ts';

const CHALLENGE = Uint8Array.from({ length: 64 }, (_, i) => i ^ 0x5a);
const OTHER = new Uint8Array(64).fill(7);

export const attestationTokenInitRows = conformance(attestationTokenInit, {
  given: (w) => ({ ...running(w), challenge: CHALLENGE }),
  fails: {},
  succeeds: {
    state: {
      'a token can be fetched': (_, w) => when({}, { sees: () => expect(fetch(w, PAGE).length).toBeGreaterThan(1000) }),
    },
    challenge: {
      'the token carries it': (_, w) =>
        when({}, { sees: () => expect(challengeOf(fetch(w, PAGE))).toEqual(CHALLENGE) }),
      'of two, the second': (_, w) => {
        w.call('RSI_ATTESTATION_TOKEN_INIT', ...new Array<bigint>(8).fill(1n));
        return when({ challenge: OTHER }, { sees: () => expect(challengeOf(fetch(w, PAGE))).toEqual(OTHER) });
      },
      'a token that was half copied starts again': (_, w) => {
        w.call('RSI_ATTESTATION_TOKEN_INIT', ...new Array<bigint>(8).fill(1n));
        w.call('RSI_ATTESTATION_TOKEN_CONTINUE', PAGE, 0, 500);
        return when({}, { sees: () => expect(challengeOf(fetch(w, PAGE))).toEqual(CHALLENGE) });
      },
    },
  },
  also: {
    'the bound is no less than the token': (_, w) =>
      when({}, { sees: ({ out }) => expect(BigInt(fetch(w, PAGE).length)).toBeLessThanOrEqual(out.size) }),
    'the bound is the size of the buffer': on({ rmm: { tokenBufferGranules: 3 } }, () =>
      when({}, { out: { size: 0x3000n } }),
    ),
  },
});
