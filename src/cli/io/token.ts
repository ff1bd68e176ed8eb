import { tokenFileBytes } from '../../inspect/index.ts';
import { INPUTS, readInput } from './read.ts';

/**
 * Reads a token, binary or as hexadecimal or base64 text.
 *
 * @throws {UsageError} INPUT, when it cannot be read or is too large to be a token.
 */
export const readToken = async (path: string): Promise<Uint8Array> =>
  tokenFileBytes(await readInput(path, INPUTS.token)).bytes;
