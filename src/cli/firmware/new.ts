import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { toHex } from '../../bytes/index.ts';
import { FIRMWARE_SCHEMA } from '../../hes/index.ts';
import { badInput, badOutput } from '../exit.ts';
import { FIRMWARE_MANIFEST } from '../firmware-dir.ts';
import { readInput } from '../io/read.ts';
import { filesBelow, signerId } from './files.ts';
import { type Guess, guessComponent } from './guess.ts';
import { readSignedImage } from './mcuboot.ts';

/** A new manifest, and what its maker has to know or do. */
export interface NewManifest {
  readonly file: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly notes: readonly string[];
}

export interface NewOptions {
  readonly version: string;
  /** The public key of whoever signed what names no signer itself; by default the only `.pem` file of the folder. */
  readonly signer: string | undefined;
  readonly force: boolean;
}

const IMAGE = { what: 'a firmware image', maxBytes: 64 << 20 };
const MAX_VERSION = 14;
const UNKNOWN = 'unknown';
const NOBODY = '00'.repeat(32);

interface Signer {
  readonly id: string;
  readonly says: string;
  readonly key?: string;
}

const nameOf = (folder: string): string => {
  const name = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9._-]/g, '-')
    .replace(/^[^a-z0-9]+/, '');
  return name === '' ? 'firmware' : name.slice(0, 64);
};

/** Who signed what no image says. */
const defaultSigner = async (
  folder: string,
  files: readonly string[],
  given: string | undefined,
): Promise<readonly [string, Signer]> => {
  const keys = files.filter((path) => path.endsWith('.pem'));
  const [only, ...others] = keys;
  if (given !== undefined) return ['firmware', { id: await signerId(given), says: `whose public key is ${given}` }];
  if (only === undefined || others.length > 0) {
    return [UNKNOWN, { id: NOBODY, says: 'nobody is known to have signed it, and firmware then sends zeros' }];
  }
  return ['firmware', { id: await signerId(join(folder, only)), says: `whose public key is ${only}`, key: only }];
};

/** Writes down what a folder of built images is, as far as names and contents tell. */
export const newManifest = async (folder: string, options: NewOptions): Promise<NewManifest> => {
  const file = join(folder, FIRMWARE_MANIFEST);
  if (existsSync(file) && !options.force) throw badOutput(`${file}: is there already; --force writes it anew`);
  const files = filesBelow(folder);
  const notes: string[] = [];
  const guesses = new Map<number, { readonly path: string; readonly guess: Guess }>();
  for (const path of files) {
    const guess = guessComponent(path);
    if (guess === undefined) continue;
    const other = guesses.get(guess.slot);
    if (other === undefined) guesses.set(guess.slot, { path, guess });
    else notes.push(`${path}: left out, ${other.path} is ${guess.type} already`);
  }
  if (guesses.size === 0) {
    throw badInput(
      `${folder}: holds no file with a name of TF-A, TF-RMM or RSE, such as bl31.bin, rmm.img or tfm_s_signed.bin`,
    );
  }
  const [signerName, signer] = await defaultSigner(folder, files, options.signer);
  const signers = new Map<string, Signer>();
  const components: Readonly<Record<string, unknown>>[] = [];
  for (const [slot, { path, guess }] of [...guesses].sort(([a], [b]) => a - b)) {
    const image = await readInput(join(folder, path), IMAGE);
    if (image.length === 0) throw badInput(`${join(folder, path)}: is empty`);
    const signed = readSignedImage(image);
    const hash = signed?.keyHash && toHex(signed.keyHash);
    const by = hash === undefined ? signerName : `key-${hash.slice(0, 8)}`;
    signers.set(by, hash === undefined ? signer : { id: hash, says: `whose key MCUboot named in ${path}` });
    const version = signed?.version ?? options.version;
    if (version.length > MAX_VERSION)
      throw badInput(`${join(folder, path)}: its version ${version} has more than ${MAX_VERSION} characters`);
    components.push({
      slot,
      type: guess.type,
      version,
      signer: by,
      algorithm: 'sha-256',
      image: path,
      lock: guess.lock,
    });
  }
  if (!guesses.has(0)) {
    signers.set(UNKNOWN, { id: NOBODY, says: 'nobody is known to have signed it, and firmware then sends zeros' });
    components.unshift({
      slot: 0,
      type: 'RSE_BL1_2',
      version: options.version,
      signer: UNKNOWN,
      algorithm: 'sha-256',
      digest: NOBODY,
      lock: true,
    });
    notes.push('components[0]: no file is BL1_2, whose digest enters the keys of the chip: zeros stand for it');
  }
  if (signers.has(UNKNOWN)) notes.push(`signers.${UNKNOWN}.id: is zeros; name the public key with --signer FILE`);
  return {
    file,
    notes,
    manifest: {
      schema: FIRMWARE_SCHEMA,
      name: nameOf(folder),
      summary: `images of ${nameOf(folder)}`,
      about: '',
      origin: `swcca firmware new, by the names of the files`,
      licence: 'that of the images',
      lcs: 'SE',
      signers: Object.fromEntries(signers),
      components,
    },
  };
};
