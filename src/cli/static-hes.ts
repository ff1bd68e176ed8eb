import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fromHex } from '../bytes/index.ts';
import { nodeCrypto } from '../crypto/node.ts';
import type { StaticFiles } from '../hes/index.ts';
import { badInput } from './exit.ts';
import { readKey } from './io/key.ts';
import { INPUTS, readInput, readText } from './io/read.ts';

/** Bytes of a private key on P-384. */
const SCALAR = 48;

/**
 * Reads what a static HES serves: `rak.hex`, `platform-token.cbor` and, where somebody has it, `cpak.pem`.
 *
 * @throws {UsageError} INPUT, one line that names the file.
 */
export const readStaticHes = async (folder: string): Promise<StaticFiles> => {
  const at = (name: string): string => join(folder, name);
  const rak = fromHex((await readText(at('rak.hex'), INPUTS.key)).trim());
  const usable = rak?.length === SCALAR && nodeCrypto.publicKey({ curve: 'P-384', scalar: rak }) !== undefined;
  if (!usable) throw badInput(`${at('rak.hex')}: is not a private key of P-384: ${SCALAR} bytes in hexadecimal`);
  const platformToken = await readInput(at('platform-token.cbor'), INPUTS.token);
  if (platformToken.length === 0) throw badInput(`${at('platform-token.cbor')}: is empty`);
  const cpak = existsSync(at('cpak.pem')) ? await readKey(at('cpak.pem')) : undefined;
  return { rak, platformToken, cpak };
};
