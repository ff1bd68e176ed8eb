import type { CborItem } from '../cbor/index.ts';
import { type ClaimsOf, claim } from './claims.ts';
import { VERIFY_CLAIM_LABELS } from './labels.ts';
import { type Place, tellAt, within } from './layer.ts';
import type { RealmGeneration } from './profiles.ts';
import { bytes, digest, hashName, oneOf, type Reader, shown, text, ueid } from './readers.ts';

const CHALLENGE_SIZE = 64;
const PERSONALIZATION_SIZE = 64;
const REM_COUNT = 4;

const LABEL = VERIFY_CLAIM_LABELS.realm;

const ALWAYS = { '1': 'M', '2024': 'M', '2026': 'M' } as const;
const FROM_2024 = { '1': '-', '2024': 'O', '2026': 'O' } as const;

const extensibleMeasurements: Reader<readonly (Uint8Array | undefined)[]> = (item, place) => {
  if (item.type !== 'array') {
    tellAt(place, item, 'CLAIM_TYPE', { expected: 'array', found: item.type });
    return undefined;
  }
  if (item.items.length !== REM_COUNT) tellAt(place, item, 'REM_COUNT', { found: item.items.length });
  return item.items.slice(0, REM_COUNT).map((each, i) => digest(each, within(place, i)));
};

export type MecPolicy = 'shared' | 'private';
const MEC_POLICIES = ['shared', 'private'] as const satisfies readonly MecPolicy[];

/**
 * The MEC policy: an integer in RMM 2.0 and draft -04, a text in RMM 1.1 and draft -03, which use one profile string for
 * their 2.0 sets. Where no document defines the claim it is looked at all the same, and what it says is only warned about.
 */
const mecPolicy = (item: CborItem, place: Place, generation: RealmGeneration): MecPolicy | undefined => {
  const policy =
    item.type === 'text'
      ? MEC_POLICIES.find((each) => each === item.value)
      : item.type === 'uint'
        ? MEC_POLICIES[Number(item.value)]
        : undefined;
  if (policy === undefined) {
    const found = item.type === 'text' ? shown(item.value) : item.type === 'uint' ? String(item.value) : item.type;
    const isText = item.type === 'text' || item.type === 'uint';
    tellAt(place, item, generation === '1' ? 'MEC_POLICY_UNKNOWN' : isText ? 'CLAIM_VALUE' : 'CLAIM_TYPE', { found });
  } else if (generation === '2026' && item.type === 'text') {
    tellAt(place, item, 'CLAIM_OF_OTHER_REVISION', { expected: 'uint', found: item.type });
  }
  return policy;
};

export const REALM_CLAIMS = {
  challenge: claim(LABEL.challenge, bytes(CHALLENGE_SIZE), ALWAYS),
  instance_id: claim(LABEL.instance_id, ueid, { '1': '-', '2024': 'M', '2026': 'M' }),
  profile: claim(LABEL.profile, text, { '1': 'O', '2024': 'O', '2026': 'O' }),
  personalization_value: claim(LABEL.personalization_value, bytes(PERSONALIZATION_SIZE), ALWAYS),
  hash_algo_id: claim(LABEL.hash_algo_id, hashName, ALWAYS),
  public_key: claim(LABEL.public_key, bytes(), ALWAYS),
  initial_measurement: claim(LABEL.initial_measurement, digest, ALWAYS),
  extensible_measurements: claim(LABEL.extensible_measurements, extensibleMeasurements, ALWAYS),
  public_key_hash_algo_id: claim(LABEL.public_key_hash_algo_id, hashName, ALWAYS),
  mec_policy: claim(LABEL.mec_policy, mecPolicy, { '1': 'O', '2024': 'M', '2026': 'M' }),
  lfa_policy: claim(LABEL.lfa_policy, oneOf(0, 1), FROM_2024),
  devices_hash: claim(LABEL.devices_hash, digest, FROM_2024),
} as const;
export type RealmClaims = ClaimsOf<typeof REALM_CLAIMS>;
