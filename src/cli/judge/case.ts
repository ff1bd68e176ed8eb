import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Description, TOKEN_FORMAT } from '../../corpus/index.ts';
import { readDescription, tokenFile } from '../corpus/store.ts';
import { badInput } from '../exit.ts';

/** A token that a verifier is shown. */
export interface Case {
  readonly description: Description;
  /** The corpus that it is in. */
  readonly folder: string;
  readonly token: string;
}

const caseOf = (folder: string, description: Description): Case => ({
  description,
  folder,
  token: join(folder, tokenFile(description.id)),
});

const DESCRIPTION = /^(.+)\.json$/;

/** Ids by the manifest where there is one, else by the files, as in a shard. */
const idsIn = (folder: string): readonly string[] => {
  const manifest = join(folder, 'manifest.json');
  if (existsSync(manifest)) {
    const { tokens } = JSON.parse(readFileSync(manifest, 'utf8')) as { tokens: readonly { id: string }[] };
    return tokens.map(({ id }) => id);
  }
  return readdirSync(folder)
    .flatMap((name) => DESCRIPTION.exec(name)?.[1] ?? [])
    .filter((id) => existsSync(join(folder, tokenFile(id))))
    .sort();
};

/**
 * The tokens of a corpus.
 *
 * @param only  ids; all when there are none.
 * @throws {UsageError} INPUT, when the folder holds none, or one that is broken.
 */
export const readCases = (folder: string, only: readonly string[]): readonly Case[] => {
  if (!existsSync(folder)) throw badInput(`${folder}: there is no such folder`);
  const wanted = idsIn(folder).filter((id) => only.length === 0 || only.includes(id));
  if (wanted.length === 0) throw badInput(`${folder}: holds no tokens with a description (${TOKEN_FORMAT})`);
  return wanted.map((id) => {
    const description = readDescription(folder, id);
    if (description === undefined) throw badInput(`${folder}: ${id} is broken; run swcca corpus again to mend it`);
    return caseOf(folder, description);
  });
};
