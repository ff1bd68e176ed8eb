import type { Option } from '../command.ts';
import { parseChallenge } from './challenge.ts';
import { parseExtend, parsePayload } from './realm.ts';
import { choice, path, rpvBytes } from './values.ts';

const HASHES = ['sha-256', 'sha-512'] as const;

/** What a Realm is and what it is asked: the same for every command that attests. */
export const attestOptions = {
  challenge: {
    kind: 'option',
    value: 'HEX|@FILE|base64url:…',
    help: 'what the token has to answer, 1 to 64 bytes; a shorter one is zero-padded at the tail; drawn when not given',
    parse: parseChallenge,
  },
  realm: path('the Realm to build (YAML): memory, loads, RECs, what the guest does'),
  payload: {
    kind: 'option',
    value: 'FILE[@IPA]',
    help: 'load a file into the Realm, measured; the first by default at the base of memory',
    repeatable: true,
    parse: parsePayload,
  },
  hash: {
    kind: 'option',
    value: HASHES.join('|'),
    help: 'measurement algorithm of the Realm; by default as the Realm file says, else sha-256',
    parse: (name) => choice(HASHES, name),
  } satisfies Option<(typeof HASHES)[number]>,
  rpv: {
    kind: 'option',
    value: 'HEX',
    help: 'Realm personalization value, up to 64 bytes',
    parse: rpvBytes,
  },
  extend: {
    kind: 'option',
    value: 'N=HEX|N=@FILE',
    help: 'extend REM N (1 to 4) before the token is asked for: with these bytes, or with the digest of a file',
    repeatable: true,
    parse: parseExtend,
  },
} as const;
