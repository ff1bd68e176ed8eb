import { GRANULE, type RmiHashAlgorithm } from '../../abi/index.ts';
import { type StateMachine, stateMachine } from '../../spec/index.ts';
import type { Slot } from './measurement.ts';
import { replaced } from './replaced.ts';

/** RmmRealmState (RMM 1.0 A2.1.5). */
export type RealmState = 'REALM_NEW' | 'REALM_ACTIVE' | 'REALM_SYSTEM_OFF';

type RealmEvent = 'REALM_ACTIVATE' | 'PSCI_SYSTEM_OFF' | 'PSCI_SYSTEM_RESET';

/** The life of a Realm between REALM_CREATE and REALM_DESTROY. */
export const realmState: StateMachine<RealmState, RealmEvent> = stateMachine<RealmState, RealmEvent>(
  'RmmRealmState',
  'RMM 1.0 A2.1.5',
  {
    REALM_NEW: { REALM_ACTIVATE: 'REALM_ACTIVE' },
    REALM_ACTIVE: { PSCI_SYSTEM_OFF: 'REALM_SYSTEM_OFF', PSCI_SYSTEM_RESET: 'REALM_SYSTEM_OFF' },
    REALM_SYSTEM_OFF: {},
  },
);

/** RmmRealm: what a Realm Descriptor holds (RMM 1.0 C1.16). Immutable: a change replaces the record. */
export interface Realm {
  readonly state: RealmState;
  readonly feat_lpa2: boolean;
  readonly ipa_width: number;
  readonly hash_algo: RmiHashAlgorithm;
  /** RIM, then REM 0 to 3. */
  readonly measurements: readonly [Slot, Slot, Slot, Slot, Slot];
  readonly rtt_base: bigint;
  readonly rtt_level_start: number;
  readonly rtt_num_start: number;
  readonly vmid: number;
  readonly rpv: Uint8Array;
  /** Drawn for this Realm: claim 256 of its tokens, in dialects that have it. 33 bytes, the first is 01. */
  readonly instance_id: Uint8Array;
  /** Index that the next REC must have. */
  readonly rec_index: number;
  readonly num_recs: number;
  /** As encoded; undefined when the Realm has no SVE. */
  readonly sve_vl: number | undefined;
  readonly num_bps: number;
  readonly num_wps: number;
  /** Undefined when the Realm has no PMU. */
  readonly pmu_num_ctrs: number | undefined;
}

/** A Realm with some members replaced. */
export const changedRealm = (realm: Realm, change: Partial<Realm>): Realm => {
  // Member by member, as for a REC.
  const next: { -readonly [K in keyof Realm]: Realm[K] } = {
    state: realm.state,
    feat_lpa2: realm.feat_lpa2,
    ipa_width: realm.ipa_width,
    hash_algo: realm.hash_algo,
    measurements: realm.measurements,
    rtt_base: realm.rtt_base,
    rtt_level_start: realm.rtt_level_start,
    rtt_num_start: realm.rtt_num_start,
    vmid: realm.vmid,
    rpv: realm.rpv,
    instance_id: realm.instance_id,
    rec_index: realm.rec_index,
    num_recs: realm.num_recs,
    sve_vl: realm.sve_vl,
    num_bps: realm.num_bps,
    num_wps: realm.num_wps,
    pmu_num_ctrs: realm.pmu_num_ctrs,
  };
  return replaced(next, change);
};

/** The PAs of the starting-level RTTs, which are contiguous. */
export const startingRtts = ({ rtt_base, rtt_num_start }: Pick<Realm, 'rtt_base' | 'rtt_num_start'>): bigint[] =>
  Array.from({ length: rtt_num_start }, (_, i) => rtt_base + BigInt(i) * GRANULE);
