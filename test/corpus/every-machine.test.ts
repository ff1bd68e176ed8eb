import { describe, expect, test } from 'vitest';
import { fromHex } from '../../src/bytes/index.ts';
import type { CallOf } from '../../src/cli/command.ts';
import { corpus } from '../../src/cli/commands/corpus.ts';
import { corpusSource } from '../../src/cli/corpus/source.ts';
import { committedSets } from '../../src/cli/firmware-dir.ts';
import { paint, type Terminal } from '../../src/cli/io/terminal.ts';
import { parseCommandLine } from '../../src/cli/parse.ts';
import { planCorpus, signOneByOne, tokenMaker } from '../../src/corpus/index.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { DIALECTS, type DialectName } from '../../src/token/index.ts';
import { verifyToken } from '../../src/verify/index.ts';
import { DIALECT_NAMES } from '../mutate/support/base.ts';

/** What is good, a signature, the binding, the Realm and the platform. */
const IDS = ['V01', 'C01', 'N02', 'R06', 'P08'];

const SILENT: Terminal = {
  paint: paint(false),
  print: () => undefined,
  write: () => undefined,
  json: () => undefined,
  binary: () => undefined,
  note: () => undefined,
};

/** What the command makes tokens from, in this process: a process and a folder for each of the machines would take minutes. */
const sourceFor = (args: readonly string[]) => {
  const { values } = parseCommandLine(corpus, args);
  return corpusSource(values as CallOf<typeof corpus>['values'], { only: IDS }, SILENT);
};

const REALM_HASHES = ['sha-256', 'sha-512'];
/** The HES of this set hashes raw keys: for other dialects it has to be told to hash what they have. */
const fitting = (firmware: string, dialect: DialectName): readonly string[] =>
  firmware === 'islet' && DIALECTS[dialect].rak !== 'raw' ? ['--set', 'hes.keyHash=cose-key'] : [];

const plan = planCorpus({ only: IDS });
const planned = Array.from({ length: plan.size }, (_, i) => plan.at(i));
const sets = committedSets();

/**
 * Every set with every dialect, and both hashes with each of the two. Sets decide over one half of a token and the hash of
 * the Realm over the other, so that all three together would show nothing more.
 */
describe.each(DIALECT_NAMES)('swcca corpus --dialect %s', (dialect) => {
  test.each(sets)('--firmware %s has the verdicts that a verifier gives', async (firmware) => {
    const hash = REALM_HASHES[(DIALECT_NAMES.indexOf(dialect) + sets.indexOf(firmware)) % 2] ?? '';
    const machine = ['--dialect', dialect, '--firmware', firmware, '--hash', hash, ...fitting(firmware, dialect)];
    const { source, parameters } = await sourceFor(machine);
    expect(parameters.dialect).toBe(dialect);
    const key = nodeCrypto.publicKey(source.base.keys.cpak);
    const made = tokenMaker(nodeCrypto, source, signOneByOne(nodeCrypto))(planned);
    expect(made.map(({ id }) => id)).toEqual(IDS);
    for (const { id, token, description } of made) {
      const options = { crypto: nodeCrypto, key, challenge: fromHex(description.challenge) };
      const expected = description.verdict === 'must-accept';
      expect([machine, id, verifyToken(token, options).accepted]).toEqual([machine, id, expected]);
    }
  });
});

test('a set whose HES hashes the other form of key makes no corpus unless it is told to', async () => {
  await expect(sourceFor(['--dialect', 'rmm-1.0', '--firmware', 'islet'])).rejects.toThrow('let them agree');
});
