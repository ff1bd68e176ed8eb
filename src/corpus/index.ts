/**
 * What makes up a corpus of tokens.
 *
 * Owns: which tokens there are and in which order, what is written beside each, keys and reference values, manifest and
 * shards. Does not own: mutations, the machine, files, processes.
 */
export { commonFiles, jsonText, KEY_ENDINGS, type KeyForm } from './common.ts';
export {
  type Decision,
  type Description,
  describe as describeMutation,
  KEY_NAMES,
  type Origin,
  referenceFile,
  TOKEN_FORMAT,
} from './entry.ts';
export { type Made, remembering, type SignAll, type Source, signOneByOne, tokenMaker } from './maker.ts';
export { CORPUS_FORMAT, type Listed, listed, MANIFEST_FORMAT, manifestWriter, type Parameters } from './manifest.ts';
export { type Mint, type Minted, openMint } from './mint.ts';
export { type Plan, type Planned, planCorpus, positionsOf, type Selection, type Shard, unknownIds } from './plan.ts';
export { corpusReadme } from './readme.ts';
