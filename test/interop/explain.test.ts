import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { publicJwk } from '../../src/crypto/index.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { type AnyModel, isAsPredicted, MODELS, predict } from '../../src/explain/index.ts';
import { CATALOGUE, type MutateOptions, mutate, NotApplicable, randomMutations } from '../../src/mutate/index.ts';
import { BASES, KEYS } from '../mutate/support/base.ts';
import { interop, needs } from './support/context.ts';
import { judgeAll, type Verdict } from './support/peer.ts';
import { scratch } from './support/swcca.ts';

const { goCcatoken, goCcatokenNext, rustCcatoken, titles } = interop;

const TOKENS = 600;
/** Another one at each run, unless a failed run is to be repeated. */
const SEED = process.env['SWCCA_EXPLAIN_SEED'] ?? randomUUID();

const modelOf = (id: string): AnyModel => {
  const model = MODELS.find((each) => each.id === id);
  if (model === undefined) throw new Error(`there is no model ${id}`);
  return model;
};

const judged = [
  { title: titles.goCcatoken, participant: goCcatoken, args: [], model: 'go-ccatoken' },
  { title: titles.goCcatokenNext, participant: goCcatokenNext, args: [], model: 'go-ccatoken-main' },
  { title: titles.rustCcatoken, participant: rustCcatoken, args: ['ccatoken'], model: 'rust-ccatoken-0.1.0' },
] as const;
const DIALECTS = ['rmm-1.0', 'rmm-1.0-legacy', 'rmm-1.1'] as const;

/** Nobody can know the words of a crash. */
const isCrash = ({ panic, stage }: Verdict): boolean => panic === true || stage === 'crash' || stage === 'hang';

const key = KEYS.public('cpak');

/** Puts tokens to a verifier and to the model of it. What they part ways on, and how many it accepts. */
const heldAgainst = async (command: readonly string[], model: AnyModel, tokens: readonly Uint8Array[]) => {
  const directory = scratch();
  const keyFile = join(directory, 'key.jwk.json');
  writeFileSync(keyFile, JSON.stringify(publicJwk(key)));
  const cases = tokens.map((token, i) => {
    const file = join(directory, `${i}.cbor`);
    writeFileSync(file, token);
    return { token: file, key: keyFile };
  });
  const verdicts = await judgeAll(command, cases);
  const wrong = verdicts.flatMap((verdict, i) => {
    const token = tokens[i] ?? new Uint8Array();
    const said = predict(model, { token, key, challenge: undefined, crypto: nodeCrypto });
    const agrees =
      said.accepted === verdict.accepted && (verdict.accepted || isCrash(verdict) || said.stage === verdict.stage);
    const words = verdict.accepted || isCrash(verdict) || isAsPredicted(said.text ?? '', verdict.error ?? '');
    return agrees && words ? [] : [{ i, said, verdict }];
  });
  return { wrong, accepted: verdicts.filter((verdict) => verdict.accepted).length };
};

/** The token of each entry of the catalogue that can be carried out on a token of the dialect. */
const catalogueOf = (options: MutateOptions) =>
  CATALOGUE.flatMap((mutation) => {
    try {
      return [{ id: mutation.id, token: mutate(options, mutation).token }];
    } catch (error) {
      if (error instanceof NotApplicable) return [];
      throw error;
    }
  });

for (const { title, participant, args, model: id } of judged) {
  describe(title, () => {
    test.for(DIALECTS)('says of random mutations of %s what swcca explain predicts', async (dialect, context) => {
      const { command } = needs(context, participant);
      const options = { crypto: nodeCrypto, base: BASES[dialect], keys: KEYS, seed: SEED };
      const draw = randomMutations(options);
      const tokens = Array.from({ length: TOKENS }, (_, i) => mutate(options, draw(i)).token);
      const { wrong, accepted } = await heldAgainst([...command, ...args], modelOf(id), tokens);
      context.task.meta.counted = `${TOKENS} tokens, ${accepted} of them accepted, seed ${SEED}`;
      expect(wrong, `seed ${SEED}`).toEqual([]);
    });

    test.for(DIALECTS)('says of the catalogue of %s what swcca explain predicts', async (dialect, context) => {
      const { command } = needs(context, participant);
      const rows = catalogueOf({ crypto: nodeCrypto, base: BASES[dialect], keys: KEYS, seed: 'catalogue' });
      const tokens = rows.map(({ token }) => token);
      const { wrong, accepted } = await heldAgainst([...command, ...args], modelOf(id), tokens);
      context.task.meta.counted = `${rows.length} mutations, ${accepted} of them accepted`;
      expect(wrong.map(({ i, ...rest }) => ({ id: rows[i]?.id, ...rest }))).toEqual([]);
    });
  });
}
