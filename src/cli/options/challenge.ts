import { fromHex, padEnd } from '../../bytes/index.ts';
import { badCommandLine } from '../exit.ts';
import { readInput } from '../io/read.ts';
import { hexBytes } from './values.ts';

/** The challenge of RSI_ATTESTATION_TOKEN_INIT, in bytes. */
export const CHALLENGE_BYTES = 64;

/** How a challenge is written: `HEX`, `@FILE` or `base64url:…`. */
export type ChallengeSource =
  | { readonly from: 'bytes'; readonly bytes: Uint8Array }
  | { readonly from: 'file'; readonly path: string };

const base64url = (text: string): Uint8Array => {
  const digits = text.replace(/={1,2}$/, '');
  // One digit over whole quadruples carries less than a byte.
  if (!/^[A-Za-z0-9_-]*$/.test(digits) || digits.length % 4 === 1) {
    throw badCommandLine('is not base64url: letters, digits, - and _');
  }
  return checked(new Uint8Array(Buffer.from(digits, 'base64url')));
};

const checked = (bytes: Uint8Array): Uint8Array => {
  if (bytes.length < 1 || bytes.length > CHALLENGE_BYTES) {
    throw badCommandLine(`a challenge has 1 to ${CHALLENGE_BYTES} bytes, ${bytes.length} are given`);
  }
  return bytes;
};

/** Reads the notation, and no file yet. @throws {UsageError} COMMAND_LINE */
export const parseChallenge = (text: string): ChallengeSource => {
  if (text.startsWith('@')) {
    if (text.length === 1) throw badCommandLine('needs a file after @');
    return { from: 'file', path: text.slice(1) };
  }
  if (text.startsWith('base64url:')) return { from: 'bytes', bytes: base64url(text.slice('base64url:'.length)) };
  if (fromHex(text) === undefined && /^[A-Za-z0-9_-]+={0,2}$/.test(text)) {
    throw badCommandLine(`"${text.slice(0, 20)}" is not hexadecimal; write base64url:… or @FILE for other forms`);
  }
  return { from: 'bytes', bytes: checked(hexBytes(text, 0, Number.POSITIVE_INFINITY)) };
};

/**
 * The challenge as the Realm passes it: 64 bytes. A shorter one is zero-padded at the tail, and `note` says so.
 *
 * @throws {UsageError} INPUT, when a file cannot be read or has no 1 to 64 bytes.
 */
export const readChallenge = async (source: ChallengeSource, note: (text: string) => void): Promise<Uint8Array> => {
  const bytes =
    source.from === 'bytes'
      ? source.bytes
      : await readInput(source.path, { what: 'a challenge', maxBytes: CHALLENGE_BYTES });
  if (bytes.length < CHALLENGE_BYTES) {
    note(
      `the challenge has ${bytes.length} byte${bytes.length === 1 ? '' : 's'}: zero-padded at the tail to ${CHALLENGE_BYTES}`,
    );
  }
  return padEnd(bytes, CHALLENGE_BYTES);
};
