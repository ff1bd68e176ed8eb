import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Description, planCorpus, TOKEN_FORMAT } from '../../corpus/index.ts';
import { readParameters } from '../corpus/merge.ts';
import { MANIFEST_FILE, readDescription, tokenFile } from '../corpus/store.ts';
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

/** Ids in the order of the corpus: all of them, or those that a shard has. */
const idsIn = (folder: string): readonly string[] => {
  const { parameters } = readParameters(folder);
  const plan = planCorpus(parameters.selection);
  const whole = existsSync(join(folder, MANIFEST_FILE));
  return Array.from({ length: plan.size }, (_, position) => plan.at(position).id).filter(
    (id) => whole || existsSync(join(folder, tokenFile(id))),
  );
};

/**
 * The tokens of a corpus.
 *
 * @param only  ids; all when there are none.
 * @throws {UsageError} INPUT, when the folder holds none, not one that is asked for, or one that is broken.
 */
export const readCases = (folder: string, only: readonly string[]): readonly Case[] => {
  if (!existsSync(folder)) throw badInput(`${folder}: there is no such folder`);
  const all = idsIn(folder);
  const missing = only.find((id) => !all.includes(id));
  if (missing !== undefined) throw badInput(`${folder}: there is no ${missing.slice(0, 40)} in this corpus`);
  const wanted = all.filter((id) => only.length === 0 || only.includes(id));
  if (wanted.length === 0) throw badInput(`${folder}: holds no tokens with a description (${TOKEN_FORMAT})`);
  return wanted.map((id) => {
    const description = readDescription(folder, id);
    if (description === undefined) throw badInput(`${folder}: ${id} is broken; run swcca corpus again to mend it`);
    return caseOf(folder, description);
  });
};
