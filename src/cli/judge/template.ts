import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fromHex } from '../../bytes/index.ts';
import { KEY_ENDINGS } from '../../corpus/index.ts';
import type { Need } from '../../mutate/index.ts';
import { badCommandLine } from '../exit.ts';
import type { Case } from './case.ts';

/** What is replaced in a command line, and by which file. */
export const PLACEHOLDERS = {
  '{token}': 'the token',
  '{key}': 'the platform key, PEM',
  '{key.pem}': 'the same',
  '{key.jwk}': 'the platform key, JWK',
  '{key.cose}': 'the platform key, COSE_Key',
  '{challenge}': 'the nonce, binary',
  '{reference}': 'reference values, as swcca verify reads them',
  '{endorsements}': 'a folder with CoRIMs and the stores of known verifiers',
  '{scratch}': 'a folder of its own',
} as const;
export type Placeholder = keyof typeof PLACEHOLDERS;

const ANY = /\{[a-z.]+\}/g;

/** The placeholders of a template. @throws {UsageError} COMMAND_LINE, for one that there is not. */
export const placeholdersIn = (words: readonly string[]): ReadonlySet<Placeholder> => {
  const found = words.flatMap((word) => word.match(ANY) ?? []);
  const unknown = found.find((each) => !Object.hasOwn(PLACEHOLDERS, each));
  if (unknown !== undefined) {
    throw badCommandLine(`${unknown} stands for nothing; there are ${Object.keys(PLACEHOLDERS).join(', ')}`);
  }
  return new Set(found as Placeholder[]);
};

/** What a verifier is given besides token and key, by what it asks for. */
export const givenNeeds = (placeholders: ReadonlySet<Placeholder>): ReadonlySet<Need> =>
  new Set<Need>([
    ...(placeholders.has('{challenge}') ? ['challenge' as const] : []),
    ...(placeholders.has('{reference}') || placeholders.has('{endorsements}') ? ['reference' as const] : []),
    ...(placeholders.has('{key.jwk}') ? ['jwk' as const] : []),
  ]);

/** The file with the nonce: the corpus's own, or one that is written for a token that answers another. */
const challengeFile = ({ folder, description }: Case, common: string, scratch: string): string => {
  if (description.challenge === common) return join(folder, 'challenge.bin');
  const file = join(scratch, `${description.id}.challenge.bin`);
  writeFileSync(file, fromHex(description.challenge) ?? new Uint8Array());
  return file;
};

/**
 * What each placeholder stands for in one case.
 *
 * @param common   the challenge of the corpus, in hexadecimal.
 * @param scratch  an empty folder for files of this case.
 */
export const filesOf = (one: Case, common: string, scratch: string): Readonly<Record<Placeholder, string>> => {
  const { folder, description, token } = one;
  const key = join(folder, description.given.key);
  const files: Record<Placeholder, string> = {
    '{token}': token,
    '{key}': `${key}${KEY_ENDINGS.pem}`,
    '{key.pem}': `${key}${KEY_ENDINGS.pem}`,
    '{key.jwk}': `${key}${KEY_ENDINGS.jwk}`,
    '{key.cose}': `${key}${KEY_ENDINGS.cose}`,
    '{challenge}': challengeFile(one, common, scratch),
    '{reference}': join(folder, description.given.reference),
    '{endorsements}': join(folder, 'endorsements'),
    '{scratch}': scratch,
  };
  return Object.fromEntries(
    Object.entries(files).map(([placeholder, file]) => [placeholder, resolve(file)]),
  ) as Readonly<Record<Placeholder, string>>;
};

/** A word with its placeholders replaced, also inside it. */
export const filled = (word: string, files: Readonly<Record<Placeholder, string>>): string =>
  word.replace(ANY, (placeholder) => files[placeholder as Placeholder]);
