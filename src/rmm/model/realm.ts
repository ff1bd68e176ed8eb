import { GRANULE, type RmiHashAlgorithm } from '../../abi/index.ts';
import { type StateMachine, stateMachine } from '../../spec/index.ts';
import type { Slot } from './measurement.ts';

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

/** The PAs of the starting-level RTTs, which are contiguous. */
export const startingRtts = ({ rtt_base, rtt_num_start }: Pick<Realm, 'rtt_base' | 'rtt_num_start'>): bigint[] =>
  Array.from({ length: rtt_num_start }, (_, i) => rtt_base + BigInt(i) * GRANULE);
