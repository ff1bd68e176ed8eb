import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeMade } from '../../../src/cli/corpus/store.ts';
import { type Case, readCases } from '../../../src/cli/judge/case.ts';
import {
  commonFiles,
  jsonText,
  planCorpus,
  type Selection,
  signOneByOne,
  tokenMaker,
} from '../../../src/corpus/index.ts';
import { keyRing } from '../../../src/mutate/index.ts';
import { referenceValuesOf, referenceValuesToJson, verifyToken } from '../../../src/verify/index.ts';
import { BASES, CHALLENGE, crypto } from '../../mutate/support/base.ts';

const SEED = 'judge';
export const COMMON_CHALLENGE = Buffer.from(CHALLENGE).toString('hex');

/** A corpus from a token of the tests, without a machine. */
export const corpusOf = (selection: Selection): { readonly folder: string; readonly cases: readonly Case[] } => {
  const base = BASES['rmm-1.0'];
  const source = { base, seed: SEED, edited: true };
  const key = keyRing(crypto, base.keys, SEED).public('cpak');
  const reference = referenceValuesToJson(referenceValuesOf(verifyToken(base.token, { crypto, key }).claims));
  const folder = mkdtempSync(join(tmpdir(), 'swcca-test-judge-'));
  const put = (name: string, data: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), data);
  };
  for (const [name, data] of commonFiles(crypto, source, reference, 'test key')) put(name, data);
  put('corpus.json', jsonText({ format: 'swcca/corpus/v1', challenge: COMMON_CHALLENGE, selection }));
  const plan = planCorpus(selection);
  const planned = Array.from({ length: plan.size }, (_, i) => plan.at(i));
  const ids = tokenMaker(crypto, source, signOneByOne(crypto))(planned).map((made) => writeMade(folder, made));
  put('manifest.json', jsonText({ tokens: ids }));
  return { folder, cases: readCases(folder, []) };
};
