import { createPublicKey } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '../../bytes/index.ts';
import { nodeCrypto } from '../../crypto/node.ts';
import { badInput } from '../exit.ts';
import { INPUTS, readText } from '../io/read.ts';
import { systemReason } from '../io/system-error.ts';

/** Files of a build are not deeper than this, and not more. */
const MAX_DEPTH = 4;
const MAX_FILES = 10_000;

/** Regular files below a folder, by their paths with `/`, in order. Symbolic links are left out. */
export const filesBelow = (folder: string): readonly string[] => {
  const found: string[] = [];
  const visit = (below: string, depth: number): void => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory() && depth < MAX_DEPTH) visit(path, depth + 1);
      else if (entry.isFile()) found.push(path);
      if (found.length > MAX_FILES)
        throw badInput(`${folder}: holds more than ${MAX_FILES} files; name the folder of a build`);
    }
  };
  if (!existsSync(folder)) throw badInput(`${folder}: there is no such folder`);
  try {
    visit('', 0);
  } catch (error) {
    const reason = systemReason(error);
    throw reason === undefined ? error : badInput(`${folder}: cannot be read: ${reason}`, error);
  }
  return found.sort();
};

/** Id of a signer: the hash of its public key as DER (hes 3.3). @throws {UsageError} INPUT, for what is no key. */
export const signerId = async (file: string): Promise<string> => {
  const pem = await readText(file, INPUTS.key);
  // A manifest is passed on, and the key that it names with it.
  if (pem.includes('PRIVATE KEY')) throw badInput(`${file}: is a private key; give the public one`);
  try {
    const der = createPublicKey(pem).export({ type: 'spki', format: 'der' });
    return toHex(nodeCrypto.hash('sha-256').digest(der));
  } catch (error) {
    throw badInput(`${file}: is not a public key in PEM form`, error);
  }
};
