import { fromUtf8 } from '../../bytes/index.ts';
import type { PublicKey } from '../../crypto/index.ts';
import { nodeCrypto } from '../../crypto/node.ts';
import {
  type CorimContents,
  corimSignatureHolds,
  keyOfCorims,
  parseCorim,
  parseKeyFile,
  parseReferenceValues,
  referenceOfCorims,
  type VerifyOptions,
} from '../../verify/index.ts';
import { badCommandLine, badInput } from '../exit.ts';
import { type InputKind, inputName, readInput } from './read.ts';

const REFERENCE: InputKind = { what: 'a file of reference values', maxBytes: 1 << 20 };
const TRUST_ANCHOR: InputKind = { what: 'a key or a CoRIM', maxBytes: 1 << 20 };

type Note = (text: string) => void;

/** What the bytes begin with: tag 501, tag 18, a map, or one inside the other. Keys and JSON begin otherwise. */
const beginsAsCorim = ([first, second, third]: Uint8Array): boolean =>
  first === 0xd2 || (first === 0xd9 && second === 0x01 && third === 0xf5);

/** Checks the signature of a CoRIM where a signer is named; an unchecked one is remarked on. */
const checkSigner = (name: string, { signature }: CorimContents, signer: PublicKey | undefined, note: Note): void => {
  if (signer === undefined) {
    if (signature !== undefined) note(`${name}: its signature is not checked; name its signer with --corim-key`);
  } else if (signature === undefined) throw badInput(`${name}: is not signed, and --corim-key asks for a signature`);
  else if (!corimSignatureHolds(signature, signer, nodeCrypto)) {
    throw badInput(`${name}: is not signed by the key that --corim-key names`);
  }
};

const corimIn = (name: string, bytes: Uint8Array, signer: PublicKey | undefined, note: Note): CorimContents => {
  const parsed = parseCorim(bytes, nodeCrypto);
  if (!parsed.ok) throw badInput(`${name}: ${parsed.error}`);
  checkSigner(name, parsed.value, signer, note);
  return parsed.value;
};

const jsonIn = (bytes: Uint8Array): string | undefined => (beginsAsCorim(bytes) ? undefined : fromUtf8(bytes));

/**
 * Reads reference values: one file of JSON, or CoRIMs, of platform and Realm in any order.
 *
 * @param signer  the key that has to have signed each CoRIM, if that is asked for.
 * @throws {UsageError} INPUT, one line that names file and place.
 */
export const readReference = async (
  paths: readonly string[],
  signer: PublicKey | undefined,
  note: Note,
): Promise<NonNullable<VerifyOptions['reference']>> => {
  const corims: CorimContents[] = [];
  for (const path of paths) {
    const name = inputName(path);
    const bytes = await readInput(path, REFERENCE);
    const json = jsonIn(bytes);
    if (json === undefined) corims.push(corimIn(name, bytes, signer, note));
    else if (paths.length > 1) throw badCommandLine(`--reference ${path}: is JSON, which says all and stands alone`);
    else {
      const parsed = parseReferenceValues(json);
      if (!parsed.ok) throw badInput(`${name}: ${parsed.error}`);
      return parsed.value;
    }
  }
  return (claims) => referenceOfCorims(corims, claims);
};

/**
 * Reads whom to trust: a key in whatever form it is, or a CoRIM with trust anchors.
 *
 * @throws {UsageError} INPUT, one line that says why there is none.
 */
export const readTrustAnchor = async (
  path: string,
  signer: PublicKey | undefined,
  note: Note,
): Promise<NonNullable<VerifyOptions['key']>> => {
  const name = inputName(path);
  const bytes = await readInput(path, TRUST_ANCHOR);
  const parsed = parseKeyFile(bytes, nodeCrypto);
  if (parsed.ok) return parsed.key;
  if (!beginsAsCorim(bytes)) throw badInput(`${name}: ${parsed.error}`);
  const corim = corimIn(name, bytes, signer, note);
  if (corim.anchors.length === 0) throw badInput(`${name}: is a CoRIM without trust anchors`);
  return keyOfCorims([corim]);
};
