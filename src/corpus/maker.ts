import { equalBytes, toHex, utf8 } from '../bytes/index.ts';
import { type Crypto, seededEntropy } from '../crypto/index.ts';
import {
  type Applicable,
  type BaseToken,
  keyRing,
  type MutateOptions,
  type Prepared,
  prepareMutation,
  type RandomMutation,
  randomMutations,
  type SignatureRequest,
} from '../mutate/index.ts';
import { type Description, describe, type Origin } from './entry.ts';
import type { Planned } from './plan.ts';

/** Makes signatures, one for each request, in order. */
export type SignAll = (requests: readonly SignatureRequest[]) => readonly Uint8Array[];

/** What a corpus is made from. */
export interface Source {
  readonly base: BaseToken;
  /** Whether the base is not what a machine made, but was changed. */
  readonly edited: boolean;
  /** Any text: what is drawn comes from it. */
  readonly seed: string;
}

/** A token of a corpus and what is said of it. */
export interface Made {
  readonly id: string;
  readonly token: Uint8Array;
  readonly description: Description;
}

/** Signatures of earlier tokens that are worth keeping: the part that a mutation leaves alone is signed once. */
const KEPT = 64;

const requestId = (crypto: Crypto, { algorithm, key, message }: SignatureRequest): string =>
  [algorithm, key.curve, toHex(key.scalar), toHex(crypto.hash('sha-256').digest(message))].join();

/** Signs what was not signed lately: the same message has the same signature (RFC 6979). */
export const remembering = (crypto: Crypto, sign: SignAll): SignAll => {
  const kept = new Map<string, Uint8Array>();
  return (requests) => {
    const ids = requests.map((request) => requestId(crypto, request));
    const fresh = new Map<string, SignatureRequest>();
    requests.forEach((request, i) => {
      const id = ids[i] ?? '';
      if (!kept.has(id)) fresh.set(id, request);
    });
    const made = sign([...fresh.values()]);
    const news = new Map([...fresh.keys()].map((id, i) => [id, made[i] ?? new Uint8Array()]));
    const answers = ids.map((id) => kept.get(id) ?? news.get(id) ?? new Uint8Array());
    for (const [id, signature] of news) if (kept.size < KEPT) kept.set(id, signature);
    return answers;
  };
};

export const signOneByOne =
  (crypto: Crypto): SignAll =>
  (requests) =>
    requests.map(({ algorithm, key, message }) => crypto.sign(algorithm, key, message));

interface Work {
  readonly planned: Planned;
  readonly mutation: Applicable | RandomMutation;
  readonly prepared: Prepared;
}

/** Gives the tokens of planned positions, each of them the same wherever and with whatever others it is made. */
export const tokenMaker = (
  crypto: Crypto,
  { base, seed, edited }: Source,
  sign: SignAll,
): ((planned: readonly Planned[]) => readonly Made[]) => {
  const keys = keyRing(crypto, base.keys, seed);
  const options: MutateOptions = { crypto, base, keys, seed };
  const draw = randomMutations(options);

  const work = (planned: Planned): Work => {
    if (planned.kind === 'random') {
      const mutation = draw(planned.index);
      return { planned, mutation, prepared: prepareMutation(options, mutation) };
    }
    const { mutation, pass, id } = planned;
    const challenge =
      pass === 0 ? undefined : seededEntropy(crypto, utf8(`swcca/corpus/challenge/${seed}/${id}`)).bytes(64);
    return { planned, mutation, prepared: prepareMutation({ ...options, challenge }, mutation) };
  };

  const originOf = (token: Uint8Array): Origin => (!edited && equalBytes(token, base.token) ? 'rsi' : 'edited');

  return (planned) => {
    const works = planned.map(work);
    const signatures = [...sign(works.flatMap(({ prepared }) => prepared.requests))];
    return works.map(({ planned: each, mutation, prepared }) => {
      const token = prepared.finish(signatures.splice(0, prepared.requests.length));
      const sha256 = toHex(crypto.hash('sha-256').digest(token));
      return {
        id: each.id,
        token,
        description: describe(each, mutation, prepared, originOf(token), sha256, token.length),
      };
    });
  };
};
