import { padEnd } from '../../bytes/index.ts';
import type { Mutation } from '../mutation.ts';
import { bytes } from '../wire.ts';
import { fill, join, set } from './edits.ts';
import { rowsOf } from './row.ts';

const { reject, accept, policy } = rowsOf('freshness', 'substitution');

const CHALLENGE = 'realm/10';
const NONCE_BYTES = 32;
const flipFirst = (value: Uint8Array): Uint8Array =>
  Uint8Array.from(value, (byte, i) => (i === 0 ? byte ^ 0x80 : byte));

/** What differs is not the token but what its relying party is given: nonce, trust anchor, reference values, media type. */
export const FRESHNESS: readonly Mutation[] = [
  accept(
    'F01',
    'a nonce of 32 bytes, padded with zeros in the token',
    'challenge-padding',
    {
      before: ({ challenge }) => [set(CHALLENGE, bytes(padEnd(challenge.subarray(0, NONCE_BYTES), 64)))],
    },
    [],
    { needs: ['challenge'], given: ({ challenge }) => ({ challenge: challenge.subarray(0, NONCE_BYTES) }) },
  ),
  reject(
    'F02',
    'a nonce of 96 bytes, of which the token has the first 64',
    'freshness',
    'CHALLENGE_MISMATCH',
    {},
    {
      needs: ['challenge'],
      given: ({ challenge }) => ({ challenge: join(challenge, fill(32, 0x2a)) }),
    },
  ),
  reject(
    'F03',
    'a token of an earlier session',
    'freshness',
    'CHALLENGE_MISMATCH',
    {},
    {
      needs: ['challenge'],
      given: ({ challenge }) => ({ challenge: flipFirst(challenge) }),
    },
  ),
  reject(
    'F04',
    'a trust anchor of another implementation',
    'reference-values',
    'IMPLEMENTATION_ID_MISMATCH',
    {},
    {
      needs: ['reference'],
      given: () => ({ reference: 'other-implementation' }),
    },
  ),
  policy(
    'F05',
    'two trust anchors, the second of them the right one',
    'trust-anchor',
    ['PLATFORM_SIG_INVALID'],
    {},
    {
      given: () => ({ key: 'two-keys' }),
      refused: true,
    },
  ),
  policy(
    'F06',
    'a trust anchor that is meant for ES256',
    'anchor-alg',
    [],
    {},
    {
      needs: ['jwk'],
      given: () => ({ key: 'jwk-es256' }),
    },
  ),
  reject(
    'F07',
    'a trust anchor on P-384, and a platform token signed by a key on P-256',
    'trust-anchor',
    'PLATFORM_SIG_SIZE',
    { cpak: 'p-256' },
    { gain: 'forgery' },
  ),
  reject(
    'F08',
    'reference values with the digests of two components exchanged',
    'reference-values',
    'COMPONENT_MISMATCH',
    {},
    {
      needs: ['reference'],
      given: () => ({ reference: 'swapped-digests' }),
    },
  ),
  policy(
    'F09',
    'reference values with two configurations',
    'reference-values',
    ['REFERENCE_UNREADABLE'],
    {},
    {
      needs: ['reference'],
      given: () => ({ reference: 'two-configs' }),
      refused: true,
    },
  ),
  policy(
    'F10',
    'reference values without a RIM',
    'reference-named',
    [],
    {},
    {
      needs: ['reference'],
      given: () => ({ reference: 'without-rim' }),
    },
  ),
  policy(
    'F11',
    'another media type than that of evidence',
    'media-type',
    [],
    {},
    {
      needs: ['media-type'],
      given: () => ({ mediaType: 'application/octet-stream' }),
    },
  ),
  accept('F12', '2024 Realm profile with the MEC policy as text', 'realm-mec-forms', {
    form: { dialect: 'tf-rmm-main', mec: 'text' },
  }),
  accept('F13', '2024 Realm profile with the MEC policy as integer', 'realm-mec-forms', {
    form: { dialect: 'rmm-2.0' },
  }),

  reject(
    'F14',
    'a nonce of 32 bytes, padded with zeros at its head',
    'challenge-padding',
    'CHALLENGE_MISMATCH',
    {
      before: ({ challenge }) => [set(CHALLENGE, bytes(join(fill(32), challenge.subarray(0, NONCE_BYTES))))],
    },
    { needs: ['challenge'], given: ({ challenge }) => ({ challenge: challenge.subarray(0, NONCE_BYTES) }) },
  ),
  reject(
    'F15',
    'a nonce of 32 bytes, twice in the token',
    'challenge-padding',
    'CHALLENGE_MISMATCH',
    {
      before: ({ challenge }) => [
        set(CHALLENGE, bytes(join(challenge.subarray(0, NONCE_BYTES), challenge.subarray(0, NONCE_BYTES)))),
      ],
    },
    { needs: ['challenge'], given: ({ challenge }) => ({ challenge: challenge.subarray(0, NONCE_BYTES) }) },
  ),
  reject(
    'F16',
    'a nonce of 32 bytes, and other bytes after it in the token',
    'challenge-padding',
    'CHALLENGE_MISMATCH',
    {},
    {
      needs: ['challenge'],
      given: ({ challenge }) => ({ challenge: challenge.subarray(0, NONCE_BYTES) }),
    },
  ),
  accept(
    'F17',
    'a nonce of one byte, padded with zeros in the token',
    'challenge-padding',
    {
      before: ({ challenge }) => [set(CHALLENGE, bytes(padEnd(challenge.subarray(0, 1), 64)))],
    },
    [],
    { needs: ['challenge'], given: ({ challenge }) => ({ challenge: challenge.subarray(0, 1) }) },
  ),
];
