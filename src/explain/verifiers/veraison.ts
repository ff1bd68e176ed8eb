import { equalBytes, toHex } from '../../bytes/index.ts';
import { LABEL } from '../items.ts';
import type { Model, Rule } from '../rule.ts';
import { goCcatokenMain } from './go-ccatoken.ts';
import { type GoView, openGo } from './go-view.ts';

const { platform: P, realm: R, component: C } = LABEL;

/** States of the lifecycle that the scheme takes for good: secured, and debug of the Realm security domain. */
const GOOD_LIFECYCLES = [0x30, 0x40];

const READING = ['decode', 'validate'];
const { rules } = goCcatokenMain;

const NO_ANCHOR = 'no trust anchor for evidence';

const trustAnchor: Rule<GoView> = {
  id: 'trust-anchor',
  stage: 'verify',
  says: 'there is a trust anchor for the instance id; this comes before the freshness and any signature',
  refuses: ({ platform, input: { key, instanceId } }) => {
    const found = platform.fields[P.instanceId];
    if (key === undefined || instanceId === undefined || found === undefined) return undefined;
    return equalBytes(found, instanceId) ? undefined : NO_ANCHOR;
  },
};

const freshness: Rule<GoView> = {
  id: 'freshness',
  stage: 'verify',
  says: 'the Realm challenge is the nonce of the session; this comes before any signature',
  refuses: ({ realm, input: { challenge } }) => {
    const [found] = realm.fields[R.challenge] ?? [];
    if (challenge === undefined || found === undefined || equalBytes(found, challenge)) return undefined;
    return `freshness: realm challenge (${toHex(found)}) does not match session nonce (…`;
  },
};

const appraisal: readonly Rule<GoView>[] = [
  {
    id: 'component-type',
    stage: 'appraise',
    says: 'each software component has a type; without one the appraisal ends with nothing claimed',
    refuses: ({ platform }) =>
      (platform.fields[P.components] ?? []).some((component) => component?.[C.type] === undefined)
        ? 'no appraisal: a software component without measurement-type'
        : undefined,
  },
  {
    id: 'lifecycle-secured',
    stage: 'appraise',
    says: 'the lifecycle is secured, or debug of the Realm security domain',
    refuses: ({ platform }) =>
      GOOD_LIFECYCLES.includes((platform.fields[P.lifecycle] ?? 0) >> 8)
        ? undefined
        : 'ear.status contraindicated: instance-identity 96, runtime-opaque 96, storage-opaque 96',
  },
];

const PROBLEM = 'could not establish identity from evidence';

/** The scheme ARM_CCA, with trust anchor and reference values of this token provisioned. */
export const veraison: Model<GoView> = {
  id: 'veraison',
  title: 'Veraison services ARM_CCA 6b88102',
  evidence: 'predicted',
  open: openGo,
  wrap: (stage, text) => {
    if (READING.includes(stage)) return PROBLEM;
    return stage === 'verify' && text !== NO_ANCHOR ? `integrity validation failed: bad evidence: ${text}` : text;
  },
  rules: [
    ...rules.filter(({ stage }) => READING.includes(stage)),
    trustAnchor,
    freshness,
    ...rules.filter(({ stage }) => stage === 'verify'),
    ...appraisal,
  ],
};
