import type { Crypto, PublicKey } from '../crypto/index.ts';

/** Where a verifier is when it refuses, in the words of the verifiers themselves. */
export type Stage = 'decode' | 'validate' | 'verify' | 'appraise';

/** What a verifier is shown. */
export interface Input {
  readonly token: Uint8Array;
  /** The platform attestation key that it trusts; without it signatures of the platform are taken for good. */
  readonly key: PublicKey | undefined;
  /**
   * The instance id under which `key` is provisioned, 33 bytes, for verifiers that look their anchor up by it; without it
   * the key is taken to be stored for whatever instance the token names.
   */
  readonly instanceId?: Uint8Array | undefined;
  /** The challenge that it asked for, 64 bytes; without it none is compared. */
  readonly challenge: Uint8Array | undefined;
  readonly crypto: Crypto;
}

/** One check of a verifier. Checks are tried in order; the first that refuses is what its user sees. */
export interface Rule<View> {
  readonly id: string;
  readonly stage: Stage;
  /** What is checked, for people. */
  readonly says: string;
  /**
   * The text that the user sees, or undefined when the check passes. What ends in `…` goes on with words that depend on
   * bytes of the token.
   */
  readonly refuses: (view: View) => string | undefined;
}

/** A verifier as its checks (verifiers 2 to 7). */
export interface Model<View> {
  readonly id: string;
  /** Name and version or commit. */
  readonly title: string;
  /** Whether this project runs it, so that predictions are held against it. */
  readonly evidence: 'measured' | 'predicted';
  /** How a text of the model becomes what this tool prints. */
  readonly wrap?: ((stage: Stage, text: string) => string) | undefined;
  readonly open: (input: Input) => View;
  readonly rules: readonly Rule<View>[];
}

/** A model with the type of its view forgotten. */
export interface AnyModel extends Omit<Model<unknown>, 'rules'> {
  readonly rules: readonly Rule<never>[];
}

/** What a verifier is going to say. */
export interface Prediction {
  readonly verifier: string;
  readonly title: string;
  readonly evidence: 'measured' | 'predicted';
  readonly accepted: boolean;
  /** The check that refuses. */
  readonly rule?: string;
  readonly stage?: Stage;
  readonly says?: string;
  readonly text?: string;
}

/** Tries the checks of a verifier, on a view that its `open` has given or gives now. */
export const predict = (model: AnyModel, input: Input, view: unknown = model.open(input)): Prediction => {
  const { id: verifier, title, evidence, wrap = (_, text) => text, rules } = model as unknown as Model<unknown>;
  for (const { id: rule, stage, says, refuses } of rules) {
    const text = refuses(view);
    if (text !== undefined) {
      return { verifier, title, evidence, accepted: false, rule, stage, says, text: wrap(stage, text) };
    }
  }
  return { verifier, title, evidence, accepted: true };
};

/** Whether what a verifier said is what was predicted. */
export const isAsPredicted = (predicted: string, said: string): boolean =>
  predicted.endsWith('…') ? said.startsWith(predicted.slice(0, -1)) : said === predicted;
