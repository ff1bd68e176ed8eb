import { GRANULE, INPUT, RMI_REALM_FLAG, type RmiHashAlgorithm, RmiRealmParams, RTT_ENTRIES } from '../../abi/index.ts';
import { Bug, concatBytes, equalBytes } from '../../bytes/index.ts';
import type { MachineProfile } from '../../machine/index.ts';
import { once, physAddr, reg, type StateItem } from '../../spec/index.ts';
import {
  granuleIs,
  hashAlgorithm,
  hostGranule,
  isDelegableIn,
  realmParamsIsValid,
  realmParamsSupported,
  vmidIsValid,
} from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { rimInit, type Step, ZERO_SLOT } from '../model/measurement.ts';
import { type Realm, startingRtts } from '../model/realm.ts';
import { levelSize, type Rtt, rttConfigIsValid, UNASSIGNED, UNASSIGNED_NS } from '../model/rtt.ts';
import type { RmmView } from '../model/view.ts';
import { rmi } from './family.ts';

export const realmCreate = rmi({
  name: 'RMI_REALM_CREATE',
  fid: 0xc400_0158,
  spec: 'RMM 1.0 B4.3.9',
  summary: 'Creates a Realm.',

  inputs: { rd: reg(1, physAddr, 'PA of the RD'), params_ptr: reg(2, physAddr, 'PA of the Realm parameters') },
  outputs: {},
  context: {
    params: once(({ params_ptr, rmm }) => paramsAt(rmm, params_ptr)),
    /** What the RIM starts from. */
    rim: once(({ params_ptr, rmm }) => rimOf(rmm, paramsAt(rmm, params_ptr))),
    realm: ({ rd, rmm }) => rmm.realm(rd),
  },

  failures: {
    ...hostGranule('params_ptr', 'params'),
    params_valid: {
      pre: ({ params }) => !realmParamsIsValid(params),
      post: INPUT,
      says: 'hash_algo is a reserved encoding',
    },
    params_supp: {
      pre: ({ params, rmm }) => !realmParamsSupported(params, rmm.profile),
      post: INPUT,
      says: 'the machine does not have a feature that is asked for',
    },
    alias: {
      pre: ({ rd, params }) => rd >= params.rtt_base && rd <= lastStartingRtt(params),
      post: INPUT,
      says: 'rd is one of the starting-level RTTs',
    },
    ...granuleIs('rd', 'DELEGATED'),
    rtt_align: {
      pre: ({ params }) => params.rtt_base % (BigInt(params.rtt_num_start || 1) * GRANULE) !== 0n,
      post: INPUT,
      says: 'rtt_base is not aligned to the size of the starting-level RTTs',
    },
    rtt_num_level: {
      pre: ({ params, rmm }) => !startIsValid(params, rmm.profile),
      post: INPUT,
      says: 'rtt_level_start and rtt_num_start do not fit s2sz, or the machine cannot start there',
    },
    rtt_state: {
      pre: ({ params, rmm }) => {
        for (let i = 0; i < params.rtt_num_start; i += 1) {
          if (!isDelegableIn(rmm, params.rtt_base + BigInt(i) * GRANULE, 'DELEGATED')) return true;
        }
        return false;
      },
      post: INPUT,
      says: 'a starting-level RTT is not a DELEGATED granule',
    },
    vmid_valid: {
      pre: ({ params, rmm }) => !vmidIsValid(params.vmid, rmm.profile) || !rmm.vmidIsFree(params.vmid),
      post: INPUT,
      says: 'vmid is too wide, or another Realm has it',
    },
  },
  order: [],
  wellFormed: [
    [
      ['params_bound'],
      ['params_valid', 'params_supp', 'alias', 'rtt_align', 'rtt_num_level', 'rtt_state', 'vmid_valid'],
    ],
  ],

  effect: ({ rd, params, rim, rmm }) => {
    const realm = newRealm(params, rmm.draw());
    rmm.setGranule(rd, 'RD');
    rmm.createRealm(rd, realm);
    for (const [i, rtt] of startingRtts(realm).entries()) {
      rmm.setGranule(rtt, 'RTT');
      rmm.putRtt(rtt, startingRtt(realm, i));
    }
    rmm.measure(rd, 0, 'RimInit', rim);
  },

  success: {
    rd_state: ({ rd, rmm }) => rmm.granule(rd) === 'RD',
    realm_state: ({ realm }) => realm.state === 'REALM_NEW',
    rec_index: ({ realm }) => realm.rec_index === 0,
    rtt_base: ({ realm, params }) => realm.rtt_base === params.rtt_base,
    rtt_state: ({ realm, rmm }) => startingRtts(realm).every((rtt) => rmm.granule(rtt) === 'RTT'),
    rtte_p_states: ({ realm, rmm }) =>
      everyStartingEntry(
        realm,
        (rtt) => rmm.rtt(rtt),
        (e, isProtected) => !isProtected || e.state === 'UNASSIGNED',
      ),
    rtte_up_states: ({ realm, rmm }) =>
      everyStartingEntry(
        realm,
        (rtt) => rmm.rtt(rtt),
        (e, isProtected) => isProtected || e.state === 'UNASSIGNED_NS',
      ),
    rtte_ripas: ({ realm, rmm }) =>
      everyStartingEntry(
        realm,
        (rtt) => rmm.rtt(rtt),
        (e, isProtected) => !isProtected || e.ripas === 'EMPTY',
      ),
    lpa2: ({ realm, params }) => realm.feat_lpa2 === ((params.flags & RMI_REALM_FLAG.lpa2) !== 0n),
    ipa_width: ({ realm, params }) => realm.ipa_width === params.s2sz,
    hash_algo: ({ realm, params }) => realm.hash_algo === hashAlgorithm(params.hash_algo),
    rim: ({ realm, rim }) => equalBytes(realm.measurements[0], rim.value),
    rem: ({ realm }) => realm.measurements.slice(1).every((rem) => equalBytes(rem, ZERO_SLOT)),
    rtt_level: ({ realm, params }) => BigInt(realm.rtt_level_start) === params.rtt_level_start,
    rtt_num: ({ realm, params }) => realm.rtt_num_start === params.rtt_num_start,
    vmid: ({ realm, params }) => realm.vmid === params.vmid,
    rpv: ({ realm, params }) => equalBytes(realm.rpv, params.rpv),
    num_recs: ({ realm }) => realm.num_recs === 0,
  },
  footprint: {
    rd_state: ({ rd }) => item.granule(rd),
    realm: ({ rd }) => item.realm(rd),
    vmid: ({ params }) => item.vmid(params.vmid),
    rtt_state: ({ params }): readonly StateItem[] =>
      startingRtts(params).flatMap((rtt) => [item.granule(rtt), item.rtt(rtt)]),
  },
});

const paramsAt = (rmm: RmmView, pa: bigint): RmiRealmParams => RmiRealmParams.decode(rmm.contents(pa));

const rimOf = (rmm: RmmView, params: RmiRealmParams): Step => rimInit(rmm.hash(hashOf(params)), measured(params));

const lastStartingRtt = (params: RmiRealmParams): bigint =>
  params.rtt_base + (BigInt(params.rtt_num_start) - 1n) * GRANULE;

/** A walk starts at level 0 only where physical addresses have 44 bits (Arm ARM, VTCR_EL2.SL0). */
const LEVEL_0_PA_WIDTH = 44;

/** RttConfigIsValid: consistent, and supported by the platform (RMM 1.0 B3.55). */
const startIsValid = (
  { flags, s2sz, rtt_level_start, rtt_num_start }: RmiRealmParams,
  { pa_width }: MachineProfile,
): boolean =>
  rttConfigIsValid(s2sz, (flags & RMI_REALM_FLAG.lpa2) !== 0n, Number(rtt_level_start), rtt_num_start) &&
  (rtt_level_start !== 0n || pa_width >= LEVEL_0_PA_WIDTH);

const hashOf = ({ hash_algo }: RmiRealmParams): RmiHashAlgorithm => {
  const algorithm = hashAlgorithm(hash_algo);
  if (algorithm === undefined) throw new Bug('params_valid let a reserved hash algorithm through');
  return algorithm;
};

/** The type byte of a random UEID (RFC 9711 4.2.1). */
const UEID_RAND = Uint8Array.of(0x01);

const measured = ({ flags, s2sz, sve_vl, num_bps, num_wps, pmu_num_ctrs, hash_algo }: RmiRealmParams) => ({
  flags,
  s2sz,
  sve_vl,
  num_bps,
  num_wps,
  pmu_num_ctrs,
  hash_algo,
});

const newRealm = (params: RmiRealmParams, drawn: Uint8Array): Realm => {
  return {
    state: 'REALM_NEW',
    feat_lpa2: (params.flags & RMI_REALM_FLAG.lpa2) !== 0n,
    ipa_width: params.s2sz,
    hash_algo: hashOf(params),
    measurements: [ZERO_SLOT, ZERO_SLOT, ZERO_SLOT, ZERO_SLOT, ZERO_SLOT],
    rtt_base: params.rtt_base,
    rtt_level_start: Number(params.rtt_level_start),
    rtt_num_start: params.rtt_num_start,
    vmid: params.vmid,
    rpv: params.rpv,
    instance_id: concatBytes(UEID_RAND, drawn),
    rec_index: 0,
    num_recs: 0,
    sve_vl: (params.flags & RMI_REALM_FLAG.sve) !== 0n ? params.sve_vl : undefined,
    num_bps: params.num_bps,
    num_wps: params.num_wps,
    pmu_num_ctrs: (params.flags & RMI_REALM_FLAG.pmu) !== 0n ? params.pmu_num_ctrs : undefined,
  };
};

/** Whether an entry of the starting level lies in the protected half. Concatenated tables count on. */
const entryIsProtected = (realm: Realm, table: number, index: number): boolean =>
  BigInt(table * RTT_ENTRIES + index) * levelSize(realm.rtt_level_start) < 1n << BigInt(realm.ipa_width - 1);

const startingRtt = (realm: Realm, table: number): Rtt => ({
  level: realm.rtt_level_start,
  entries: Array.from({ length: RTT_ENTRIES }, (_, index) =>
    entryIsProtected(realm, table, index) ? UNASSIGNED.EMPTY : UNASSIGNED_NS,
  ),
});

const everyStartingEntry = (
  realm: Realm,
  rtt: (pa: bigint) => Rtt,
  holds: (entry: Rtt['entries'][number], isProtected: boolean) => boolean,
): boolean =>
  startingRtts(realm).every((pa, table) =>
    rtt(pa).entries.every((entry, index) => holds(entry, entryIsProtected(realm, table, index))),
  );
