import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultModel } from '../../fault/index.ts';
import { badCommandLine, badInput } from '../exit.ts';
import { makeFolders } from '../io/folders.ts';
import { unwritable } from '../io/write.ts';
import type { Coverage } from './coverage.ts';
import type { Vary } from './kinds.ts';

const FORMAT = 1;
const NAME = 'campaign.json';

/** What makes a campaign the same one: an interrupted one goes on only as that. */
export interface CampaignIdentity {
  readonly client: string;
  readonly command: readonly string[];
  readonly seed: string;
  /** What is varied, where that was chosen. */
  readonly vary?: Vary | undefined;
  readonly shard: { readonly index: number; readonly of: number };
}

/** A bug of the client, with the input that shows it, as small as it became. */
export interface FoundBug {
  readonly id: string;
  readonly finding: string;
  readonly says: string;
  readonly model: FaultModel;
  /** The first thing that was not as it should be, by which bugs are told apart. */
  readonly difference: string;
  /** Last words of the client, without numbers. */
  readonly words: string;
  /** The case that showed it first. */
  readonly index: number;
  /** Runs that showed it. */
  readonly hits: number;
  readonly again: string;
}

export interface CampaignState {
  /** Cases of this shard that are over. */
  readonly done: number;
  readonly coverage: Coverage;
  readonly bugs: readonly FoundBug[];
  /** From what a run showed before it was made smaller, to the bug that it is. */
  readonly known: Readonly<Record<string, string>>;
}

const NOTHING: CampaignState = { done: 0, coverage: {}, bugs: [], known: {} };

/** What is in the folder of a campaign. @throws {UsageError} where it is of another one, or none. */
export const readState = (folder: string, identity: CampaignIdentity): CampaignState => {
  const path = join(folder, NAME);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return NOTHING;
  }
  let found: { format?: unknown; identity?: unknown; state?: CampaignState };
  try {
    found = JSON.parse(text);
  } catch (error) {
    throw badInput(`${path}: is no JSON; move it away to begin anew`, error);
  }
  if (found.format !== FORMAT || found.state === undefined) {
    throw badInput(`${path}: is no campaign of this version; move it away to begin anew`);
  }
  if (JSON.stringify(found.identity) !== JSON.stringify(identity)) {
    throw badCommandLine(
      `--out ${folder}: holds a campaign with another client, command, seed, shard or --vary; name another`,
    );
  }
  return found.state;
};

/** Keeps a campaign, so that it can go on from here. @throws {UsageError} OUTPUT */
export const keepState = (folder: string, identity: CampaignIdentity, state: CampaignState): void => {
  const path = join(folder, NAME);
  try {
    makeFolders(folder);
    writeFileSync(`${path}.new`, `${JSON.stringify({ format: FORMAT, identity, state }, undefined, 2)}\n`);
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw unwritable(path, error);
  }
};

/** Writes what shows a bug. */
export const keepFiles = (folder: string, files: Readonly<Record<string, string | Uint8Array>>): void => {
  try {
    makeFolders(folder);
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  } catch (error) {
    throw unwritable(folder, error);
  }
};
