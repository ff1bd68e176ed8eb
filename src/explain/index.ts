/**
 * What known verifiers say of a token, and why: each as the list of its checks, with the text that its user sees.
 *
 * Owns: how verifiers of other people differ from the documents and from each other (verifiers 2 to 10). Does not own:
 * whether a token is good, which is the question of `verify`; how verifiers are run.
 */
import { adviceFor } from './advice.ts';
import { featuresOf } from './features.ts';
import { type AnyModel, type Input, type Prediction, predict } from './rule.ts';
import { acs } from './verifiers/acs.ts';
import { evcli, goCcatoken, goCcatokenMain } from './verifiers/go-ccatoken.ts';
import { iatVerifier } from './verifiers/iat-verifier.ts';
import { rustCcatoken, rustCcatokenMain, trustee } from './verifiers/rust-ccatoken.ts';
import { veraison } from './verifiers/veraison.ts';

export { type AnyModel, type Input, isAsPredicted, type Prediction, predict, type Rule, type Stage } from './rule.ts';

/** The verifiers that are known, those that this project runs first. */
export const MODELS: readonly AnyModel[] = [
  goCcatoken,
  rustCcatoken,
  goCcatokenMain,
  evcli,
  veraison,
  rustCcatokenMain,
  trustee,
  iatVerifier,
  acs,
];

/** A prediction, and what to do about it. */
export interface Explanation extends Prediction {
  readonly advice?: string;
}

/** What every known verifier says of a token. Total: any bytes are refused by each with one of its sentences. */
export const explainToken = (input: Input): readonly Explanation[] => {
  const features = featuresOf(input);
  return MODELS.map((model) => {
    const prediction = predict(model, input);
    const advice = adviceFor(prediction, features);
    return { ...prediction, ...(advice === undefined ? {} : { advice }) };
  });
};
