import {
  type Listed,
  listed,
  type Plan,
  planCorpus,
  remembering,
  type Selection,
  type SignAll,
  type Source,
  tokenMaker,
} from '../../corpus/index.ts';
import { signBatch } from '../../crypto/batch.ts';
import { nodeCrypto } from '../../crypto/node.ts';
import { readDescription, writeMade } from './store.ts';

/** What makes tokens needs to know: plain data, so that it can be sent to a thread. */
export interface Job {
  readonly folder: string;
  readonly source: Source;
  readonly selection: Selection;
  /** Whether tokens may be there already. */
  readonly resumed: boolean;
}

/** Makes the tokens at some positions of a corpus and writes them, but for those that are there. */
export type Producer = (positions: readonly number[]) => readonly Listed[];

export const createProducer = (
  { folder, source, selection, resumed }: Job,
  sign: SignAll = remembering(nodeCrypto, (requests) => signBatch(nodeCrypto, requests)),
): Producer => {
  const plan: Plan = planCorpus(selection);
  const make = tokenMaker(nodeCrypto, source, sign);
  return (positions) => {
    const planned = positions.map((position) => plan.at(position));
    const there = new Map<string, Listed>();
    for (const { id } of resumed ? planned : []) {
      const description = readDescription(folder, id);
      if (description !== undefined) there.set(id, listed(description));
    }
    const missing = planned.filter(({ id }) => !there.has(id));
    for (const made of make(missing)) there.set(made.id, writeMade(folder, made));
    return planned.flatMap(({ id }) => there.get(id) ?? []);
  };
};
