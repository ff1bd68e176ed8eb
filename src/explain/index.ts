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
import { openPlain } from './verifiers/plain-view.ts';
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
  // Several verifiers are built on one reader: it reads once, or a token that is long to read is so for each of them.
  const views = new Map<(input: Input) => unknown, unknown>();
  const viewOf = <View>(open: (input: Input) => View): View => {
    if (!views.has(open)) views.set(open, open(input));
    return views.get(open) as View;
  };
  const features = featuresOf(viewOf(openPlain));
  return MODELS.map((model) => {
    const prediction = predict(model, input, viewOf(model.open));
    const advice = adviceFor(prediction, features);
    return { ...prediction, ...(advice === undefined ? {} : { advice }) };
  });
};
