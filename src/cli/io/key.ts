import type { PublicKey } from '../../crypto/index.ts';
import { nodeCrypto } from '../../crypto/node.ts';
import { parseKeyFile } from '../../verify/index.ts';
import { badInput } from '../exit.ts';
import { INPUTS, inputName, readInput } from './read.ts';

/**
 * Reads a public key in whatever form it is.
 *
 * @throws {UsageError} INPUT, one line that says why there is none.
 */
export const readKey = async (path: string): Promise<PublicKey> => {
  const parsed = parseKeyFile(await readInput(path, INPUTS.key), nodeCrypto);
  if (!parsed.ok) throw badInput(`${inputName(path)}: ${parsed.error}`);
  return parsed.key;
};
