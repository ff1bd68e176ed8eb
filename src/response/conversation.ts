import type { Registers } from '../trace/index.ts';
import type { ResponseScript } from './format.ts';
import { type Answer, createPlayer, type PlayerMemory, type PlayerStatus } from './player.ts';

/** What a client does next: an SMC, or an access to its memory. Guests of the room `host` are such clients. */
export type ClientAct = object;

/** What came of it: X0 to X17, bytes that were read, or the exception of an access outside memory. */
export interface ClientResult {
  readonly x: Registers;
  readonly bytes?: Uint8Array;
  readonly exception?: string;
}

/** The software that asks for a token, as a generator: it yields acts and is resumed with what came of them. */
export type Client<T> = Generator<ClientAct, T, ClientResult>;

/** A call of a client, and the answer. */
export interface PlayedCall {
  readonly given: Registers;
  readonly answer: Answer;
}

/** How a client ended: it has a token, it gave up, it was still calling when its calls were used up, or it fell over. */
export type ClientEnd =
  | { readonly kind: 'token'; readonly token: Uint8Array }
  | { readonly kind: 'gave-up'; readonly says: string }
  | { readonly kind: 'endless' }
  | { readonly kind: 'crashed'; readonly says: string };

export interface Conversation {
  readonly end: ClientEnd;
  /** The last `keep` calls; all of them when there were fewer. */
  readonly calls: readonly PlayedCall[];
  readonly status: PlayerStatus;
}

export interface ConversationOptions {
  readonly memory?: PlayerMemory;
  /** Calls after which a client that still calls is endless. */
  readonly budget?: number;
  /** Calls that are kept. */
  readonly keep?: number;
  /** Whether something that the client threw says that it gave up; anything else is a crash. */
  readonly gaveUp?: (error: unknown) => boolean;
}

const BUDGET = 20_000;
const KEEP = 1000;

const isSmc = (act: object): act is { readonly smc: Registers } => 'smc' in act;
const isRead = (act: object): act is { readonly ipa: bigint; readonly length: number } =>
  'access' in act && act.access !== 'write' && 'ipa' in act && 'length' in act;
const isWrite = (act: object): act is { readonly ipa: bigint; readonly bytes: Uint8Array } =>
  'access' in act && act.access === 'write' && 'ipa' in act && 'bytes' in act;

/**
 * Lets a client talk to the RMM of a script. Whatever the client does, this ends: after `budget` calls and as many other acts
 * at the latest, unless the client never acts again.
 */
export const converse = (
  script: ResponseScript,
  client: Client<Uint8Array>,
  { memory, budget = BUDGET, keep = KEEP, gaveUp = () => true }: ConversationOptions = {},
): Conversation => {
  const player = createPlayer(script, memory);
  const calls: PlayedCall[] = [];

  const perform = (act: object): ClientResult => {
    if (isSmc(act)) {
      const answer = player.call(act.smc);
      calls.push({ given: act.smc, answer });
      if (calls.length > 2 * keep) calls.splice(0, calls.length - keep);
      return { x: answer.x };
    }
    if (isRead(act)) {
      const bytes = player.read(act.ipa, act.length);
      return bytes === undefined ? { x: [], exception: 'DATA_ABORT' } : { x: [], bytes };
    }
    if (isWrite(act) && !player.write(act.ipa, act.bytes)) return { x: [], exception: 'DATA_ABORT' };
    return { x: [] };
  };

  const run = (): ClientEnd => {
    let acts = 0;
    try {
      let step = client.next({ x: [] });
      while (!step.done) {
        if (player.status.calls >= budget || acts >= 2 * budget) return { kind: 'endless' };
        acts += 1;
        step = client.next(perform(step.value));
      }
      return { kind: 'token', token: step.value };
    } catch (error) {
      const says = error instanceof Error ? error.message : String(error);
      return { kind: gaveUp(error) ? 'gave-up' : 'crashed', says };
    }
  };

  const end = run();
  return { end, calls: calls.slice(-keep), status: player.status };
};
