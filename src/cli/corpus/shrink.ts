import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fromHex, toHex } from '../../bytes/index.ts';
import { type Description, describeMutation, jsonText } from '../../corpus/index.ts';
import { nodeCrypto } from '../../crypto/node.ts';
import { keyRing, mutate, NotApplicable, type RandomMutation, randomMutations, shrink } from '../../mutate/index.ts';
import { verifyToken } from '../../verify/index.ts';
import type { CallOf } from '../command.ts';
import type { corpus } from '../commands/corpus.ts';
import { badCommandLine, EXIT, type ExitCode } from '../exit.ts';
import { processCount } from '../io/progress.ts';
import { scratchFolder } from '../io/scratch.ts';
import type { AnswerKind } from '../judge/answer.ts';
import { judge, WRONG } from '../judge/judgement.ts';
import { filesOf } from '../judge/template.ts';
import { filesBeside } from '../run/corpus.ts';
import { verifierOf } from '../run/judge.ts';
import { selectionFrom } from './selection.ts';
import { corpusSource } from './source.ts';
import { checkCorpus, openCorpus, tokenFile, writeMade } from './store.ts';

type CorpusCall = CallOf<typeof corpus>;

const indexOf = (id: string): number => {
  const [, index] = /^random-([1-9][0-9]{0,9})$/.exec(id) ?? [];
  if (index === undefined) throw badCommandLine(`--shrink: "${id}" is no random mutation, as random-17`);
  return Number(index);
};

/** A smaller mutation, as it is told to people. */
const stepLines = ({ steps }: RandomMutation): readonly string[] =>
  steps.map(({ kind, effect, touches }) => `  ${effect.padEnd(7)} ${kind.padEnd(20)} ${touches.join(', ')}`);

/** Defaults of swcca judge, for the verifier that is asked here. */
const LIMITS = { timeout: 10_000, memory: 2048, 'accept-exit': [0] } as const;

/**
 * Finds the steps of a random mutation without which a verifier is not wrong about it. What it is asked about stands in a
 * corpus of its own: only what was found goes to the folder.
 */
export const shrinkOne = async (call: CorpusCall, folder: string, id: string): Promise<ExitCode> => {
  const { values, operands, terminal } = call;
  const index = indexOf(id);
  const verifier = operands.length === 0 ? undefined : verifierOf({ operands, values: LIMITS }).make();
  const { only, random = index, count } = values;
  const made = await corpusSource(values, selectionFrom({ only: only.flat(), random, count }), terminal);
  const parameters = jsonText(made.parameters);
  checkCorpus(folder, parameters);
  const { base, seed } = made.source;
  const keys = keyRing(nodeCrypto, base.keys, seed);
  const options = { crypto: nodeCrypto, base, keys, seed };
  const scratch = scratchFolder('shrink');
  const asides = join(scratch.path, 'corpus');
  openCorpus(asides, parameters, filesBeside(made));
  const name = `${id}-shrunk`;
  let asked = 0;

  const makeOf = (mutation: RandomMutation) => {
    const mutated = mutate(options, mutation);
    const sha256 = toHex(nodeCrypto.hash('sha-256').digest(mutated.token));
    const planned = { kind: 'random', id: name, index } as const;
    const description: Description = describeMutation(
      planned,
      mutation,
      mutated,
      'edited',
      sha256,
      mutated.token.length,
    );
    return { id: name, token: mutated.token, description };
  };

  const answerTo = async (token: Uint8Array, description: Description): Promise<AnswerKind> => {
    if (verifier === undefined) {
      const challenge = fromHex(description.challenge);
      const key = keys.public('cpak');
      return verifyToken(token, { crypto: nodeCrypto, key, challenge }).accepted ? 'accepted' : 'refused';
    }
    const own = join(scratch.path, String(asked));
    mkdirSync(own);
    const one = { description, folder: asides, token: join(asides, tokenFile(name)) };
    const files = filesOf(one, description.challenge, own);
    return (await verifier.ask({ files, mediaType: '' })).kind;
  };

  const mutation = randomMutations(options)(index);
  // The whole, then without each of its steps.
  const display = processCount('asking the verifier', mutation.steps.length + 1, 'tokens');

  const isWrong = async (smaller: RandomMutation): Promise<boolean> => {
    asked += 1;
    try {
      const candidate = makeOf(smaller);
      writeMade(asides, candidate);
      const kind = await answerTo(candidate.token, candidate.description);
      return WRONG.includes(judge(candidate.description, { kind }));
    } catch (error) {
      if (error instanceof NotApplicable) return false;
      throw error;
    } finally {
      display.advance(1);
    }
  };

  try {
    if (!(await isWrong(mutation))) {
      display.end();
      terminal.print(`${id} is judged as it should be (${mutation.verdict}): there is nothing to shrink`);
      for (const line of stepLines(mutation)) terminal.print(line);
      return EXIT.ok;
    }
    const smallest = await shrink(mutation, isWrong);
    display.end();
    openCorpus(folder, parameters, filesBeside(made));
    writeMade(folder, makeOf(smallest));
    if (values.json) {
      terminal.json({ id: name, verdict: smallest.verdict, steps: smallest.steps.map(({ kind }) => kind), asked });
    } else {
      terminal.print(
        `${id}: ${smallest.steps.length} of ${mutation.steps.length} steps are enough; wrote ${join(folder, tokenFile(name))}`,
      );
      for (const line of stepLines(smallest)) terminal.print(line);
    }
    return EXIT.no;
  } finally {
    display.end();
    verifier?.close();
    scratch.discard();
  }
};
