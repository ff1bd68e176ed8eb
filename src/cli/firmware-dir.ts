import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Bug } from '../bytes/index.ts';
import type { Crypto, HashName } from '../crypto/index.ts';
import {
  componentsOf,
  type FirmwareManifest,
  type FirmwareSet,
  measureFirmware,
  parseFirmwareManifest,
} from '../hes/index.ts';
import { badInput } from './exit.ts';
import { type InputKind, readInput, readText } from './io/read.ts';
import { systemReason } from './io/system-error.ts';

/** The file that makes a folder a firmware set. */
export const FIRMWARE_MANIFEST = 'manifest.json';

const MANIFEST: InputKind = { what: 'a firmware manifest', maxBytes: 1 << 20 };
/** Several times the largest image of firmware that runs on such a chip. */
const IMAGE: InputKind = { what: 'a firmware image', maxBytes: 64 << 20 };

const HASHES: readonly HashName[] = ['sha-256', 'sha-384', 'sha-512'];

/** The folder of committed sets and payloads, beside package.json. */
export const fixturesFolder = (from: string = dirname(fileURLToPath(import.meta.url))): string => {
  const here = join(from, 'firmware-fixtures');
  return existsSync(here) || dirname(from) === from ? here : fixturesFolder(dirname(from));
};

/** Names of the committed sets, in order. */
export const committedSets = (): readonly string[] => {
  const folder = fixturesFolder();
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, FIRMWARE_MANIFEST)))
    .map(({ name }) => name)
    .sort();
};

/** The folder that `--firmware` means: a committed set by its name, else a folder of the user's. */
export const firmwareFolder = (nameOrPath: string): string => {
  const committed = join(fixturesFolder(), nameOrPath);
  return /^[\w.-]+$/.test(nameOrPath) && existsSync(join(committed, FIRMWARE_MANIFEST)) ? committed : nameOrPath;
};

/** @throws {UsageError} INPUT, one line that names file and member. */
export const readFirmwareManifest = async (folder: string): Promise<FirmwareManifest> => {
  const file = join(folder, FIRMWARE_MANIFEST);
  const text = await readText(file, MANIFEST);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw badInput(`${file}: is not JSON: ${(error as SyntaxError).message.replace(/\s+/g, ' ')}`, error);
  }
  const manifest = parseFirmwareManifest(json);
  if (manifest.ok) return manifest.value;
  const { path, says } = manifest.problem;
  throw badInput(`${file}: ${path === '' ? 'the manifest' : path} ${says}`);
};

/** The real path of an image, which stays in the folder whatever symbolic links say. */
const imageFile = (folder: string, image: string, member: string): string => {
  const place = `${join(folder, FIRMWARE_MANIFEST)}: ${member}.image`;
  const real = (path: string): string => {
    try {
      return realpathSync(path);
    } catch (error) {
      throw badInput(`${place} cannot be read: ${image}: ${systemReason(error)}`, error);
    }
  };
  const file = real(join(folder, image));
  if (relative(real(folder), file).split(sep)[0] === '..') {
    throw badInput(`${place} leads out of the folder: ${image}`);
  }
  if (!statSync(file).isFile()) throw badInput(`${place} is not a regular file: ${image}`);
  return file;
};

/**
 * Reads a firmware set from its folder: the manifest, and the images that it names, which are measured one by one.
 *
 * @throws {UsageError} INPUT, one line that names file and member.
 */
export const readFirmwareFolder = async (folder: string, crypto: Crypto): Promise<FirmwareSet> => {
  const manifest = await readFirmwareManifest(folder);
  const digests = new Map<string, ReadonlyMap<HashName, Uint8Array>>();
  for (const [member, { image }] of componentsOf(manifest)) {
    if (image === undefined || digests.has(image)) continue;
    const bytes = await readInput(imageFile(folder, image, member), IMAGE);
    digests.set(image, new Map(HASHES.map((name) => [name, crypto.hash(name).digest(bytes)])));
  }
  return measureFirmware(manifest, (image, algorithm) => {
    const digest = digests.get(image)?.get(algorithm);
    if (digest === undefined) throw new Bug(`${image} was not measured`);
    return digest;
  });
};
