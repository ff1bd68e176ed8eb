import { describe, expect, test } from 'vitest';
import { fromHex, padEnd, toHex } from '../../src/bytes/index.ts';
import { parseChallenge, readChallenge } from '../../src/cli/options/challenge.ts';
import { folder } from './support/folder.ts';

const read = async (text: string) => {
  const notes: string[] = [];
  const bytes = await readChallenge(parseChallenge(text), (note) => notes.push(note));
  return { bytes, notes };
};
const full = 'ab'.repeat(64);

describe('a challenge', () => {
  test('of 64 bytes is taken as it is, and nothing is said', async () => {
    expect(await read(full)).toEqual({ bytes: fromHex(full), notes: [] });
  });

  test('in base64url, padded or not, is the same', async () => {
    const text = Buffer.from(full, 'hex').toString('base64url');
    expect(toHex((await read(`base64url:${text}`)).bytes)).toBe(full);
    expect(toHex((await read(`base64url:${text}==`)).bytes)).toBe(full);
  });

  test('in a file is its bytes', async () => {
    const { write } = folder();
    expect(toHex((await read(`@${write('nonce', Buffer.from(full, 'hex'))}`)).bytes)).toBe(full);
  });

  test('that is shorter gets zeros at its tail, and that is said', async () => {
    expect(await read('0102')).toEqual({
      bytes: padEnd(Uint8Array.of(1, 2), 64),
      notes: ['the challenge has 2 bytes: zero-padded at the tail to 64'],
    });
  });

  test.each([
    ['', 'a challenge has 1 to 64 bytes, 0 are given'],
    ['ab'.repeat(65), 'a challenge has 1 to 64 bytes, 65 are given'],
    ['abc', '"abc" is not hexadecimal; write base64url:… or @FILE for other forms'],
    ['0x00', '"0x00" is not hexadecimal; write base64url:… or @FILE for other forms'],
    ['a b', 'hexadecimal has something else than 0-9 and a-f'],
    ['base64url:', 'a challenge has 1 to 64 bytes, 0 are given'],
    ['base64url:a', 'is not base64url: letters, digits, - and _'],
    ['base64url:+/==', 'is not base64url: letters, digits, - and _'],
    ['@', 'needs a file after @'],
  ])('%j is refused', async (text, says) => {
    await expect(read(text)).rejects.toThrow(says);
  });

  test('file of no bytes or of 65 is refused', async () => {
    const { write } = folder();
    await expect(read(`@${write('a', '')}`)).rejects.toThrow('is empty, a challenge is needed');
    await expect(read(`@${write('b', new Uint8Array(65))}`)).rejects.toThrow(
      'is larger than a challenge can be (65 bytes, at most 64 bytes)',
    );
  });
});
