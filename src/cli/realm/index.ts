import { dirname } from 'node:path';
import type { GuestStep, RealmPlan } from '../../host/index.ts';
import { INPUTS, inputName, readText } from '../io/read.ts';
import type { RealmOptions } from '../options/realm.ts';
import { parseYaml, type YamlNode } from '../yaml/tree.ts';
import { guestOf } from './guest.ts';
import { Opened } from './opened.ts';
import { planOf } from './plan.ts';
import { type RealmFileContent, realmFile } from './shape.ts';

/** A Realm, read from a file or from options: what a Host builds, and what the guest then does. */
export interface RealmInput {
  readonly plan: RealmPlan;
  readonly guest: readonly GuestStep[];
  /** Closes the payload files, from which `plan.loads` read. */
  close(): void;
}

/**
 * Reads a Realm: every default is filled in, every file that is named is opened, and at least one token is asked for.
 *
 * @param note      is told when a challenge is padded.
 * @throws {UsageError} one line that names file, line and key, or the option.
 */
export const readRealm = async (options: RealmOptions, note: (text: string) => void): Promise<RealmInput> => {
  const { file } = options;
  const content = await readContent(file);
  const opened = new Opened(file === undefined || file === '-' ? '.' : dirname(file));
  try {
    const plan = await planOf(content, options, opened);
    const guest = await guestOf(content, options, plan.hash, opened, note);
    return { plan, guest, close: () => opened.close() };
  } catch (error) {
    opened.close();
    throw error;
  }
};

/** `realm: {}` */
const NOTHING_SAID: YamlNode = {
  kind: 'map',
  line: 1,
  entries: new Map([['realm', { line: 1, value: { kind: 'map', line: 1, entries: new Map() } }]]),
};

const readContent = async (path: string | undefined): Promise<RealmFileContent> => {
  if (path === undefined) return realmFile(NOTHING_SAID, { file: 'the default Realm', line: 1, key: '' });
  const file = inputName(path);
  const tree = await parseYaml(await readText(path, { ...INPUTS.text, what: 'a Realm file' }), file);
  return realmFile(tree, { file, line: tree.line, key: '' });
};
