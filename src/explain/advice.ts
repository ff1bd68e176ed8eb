import type { Features } from './features.ts';
import { LABEL, PROFILE } from './items.ts';
import type { Prediction } from './rule.ts';

/** What to do about a refusal, where there is something that whoever makes the token can do. */
interface Advice {
  readonly when: (prediction: Prediction, features: Features) => boolean;
  readonly says: string;
}

const ADVICE: readonly Advice[] = [
  {
    when: ({ rule, verifier }, { outerTag }) =>
      outerTag === LABEL.tag.cmw && ['outer-tag', 'collection'].includes(rule ?? '') && verifier !== 'iat-verifier',
    says:
      'the token is a CMW collection (tag 907), as RMM 1.1 and later write it, and this verifier reads the older form (tag 399). ' +
      'Signatures do not cover the collection: wrap the same two tokens again with `swcca token --outer 399` or `--dialect rmm-1.0`, ' +
      'or, with TF-RMM, build it with DOWNREV_CCA_TOKEN_TOP_FORMAT; or use a verifier that reads both (Go ccatoken main, Veraison)',
  },
  {
    when: ({ rule }, { outerTag }) => rule === 'outer-tag' && outerTag === LABEL.tag.collection,
    says: 'the token has the form of RMM 1.0 (tag 399) and this verifier reads tag 907: make it with `--outer 907`',
  },
  {
    when: ({ rule }, { platformProfile }) => rule === 'platform-claims' && platformProfile === PROFILE.platform2023,
    says: 'this release knows the platform profile of 2022 only: use `--dialect rmm-1.0-legacy`, or a later verifier',
  },
  {
    when: ({ rule }) => rule === 'platform-profile',
    says: 'no released verifier knows this platform profile: use a dialect with the profile of 2023, such as `rmm-1.0`',
  },
  {
    when: ({ rule }, { realmProfile }) => rule?.startsWith('realm-profile') === true && realmProfile === PROFILE.realm2,
    says: 'the Realm claims are those of RMM 2.0, which only iat-verifier reads: use `--dialect rmm-1.0` for the others',
  },
  {
    when: ({ rule }) => rule === 'platform-signature',
    says: 'the trust anchor is not the key of this chip: provision the one of its bundle (cpak.pem), or `swcca endorse`',
  },
  {
    when: ({ rule }) => rule === 'trust-anchor',
    says: 'this verifier finds the key by the instance id (claim 256): provision the chip that made the token, or use its token',
  },
  {
    when: ({ rule }) => rule === 'freshness' || rule === 'challenge',
    says: 'the token answers another challenge: ask for a new one, and pass all 64 bytes, zero-padded at the tail',
  },
  {
    when: ({ rule }) => rule === 'component-type',
    says: 'give every software component a type (key 1): optional in the documents, and needed there',
  },
  {
    when: ({ rule, verifier }) => rule === 'platform-count' && verifier === 'acs',
    says: 'add the optional verification service (claim 2400): the suite looks for the implementation id under a wrong label',
  },
];

/** What to do about a prediction, if anything is known to help. */
export const adviceFor = (prediction: Prediction, features: Features): string | undefined =>
  prediction.accepted ? undefined : ADVICE.find(({ when }) => when(prediction, features))?.says;
