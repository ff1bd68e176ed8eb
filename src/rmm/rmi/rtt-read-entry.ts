import { INPUT, RMI_RIPAS, RMI_RTT_ENTRY_STATE } from '../../abi/index.ts';
import { enumeration, ipaAddr, level as levelType, physAddr, reg, uint64 } from '../../spec/index.ts';
import {
  addrIsInIpaSpace,
  addrIsRttLevelAligned,
  granuleIs,
  rttLevelIsValid,
  toDescriptor,
} from '../conditions/index.ts';
import type { Rtte, RtteState } from '../model/rtt.ts';
import { rmi } from './family.ts';

export const rttReadEntry = rmi({
  name: 'RMI_RTT_READ_ENTRY',
  fid: 0xc400_0161,
  spec: 'RMM 1.0 B4.3.20',
  summary: 'Reads an RTT entry, or the one at which the walk towards it stops.',

  inputs: {
    rd: reg(1, physAddr, 'PA of the RD'),
    ipa: reg(2, ipaAddr, 'IPA that the entry describes'),
    level: reg(3, levelType, 'level of the entry'),
  },
  outputs: {
    walk_level: reg(1, levelType, 'level at which the walk stopped'),
    state: reg(2, enumeration('RmiRttEntryState', RMI_RTT_ENTRY_STATE), 'state of the entry'),
    desc: reg(3, uint64, 'address and host-controlled attributes of the entry'),
    ripas: reg(4, enumeration('RmiRipas', RMI_RIPAS), 'RIPAS of the entry'),
  },
  context: {
    realm: ({ rd, rmm }) => rmm.realm(rd),
    walk: ({ rd, ipa, level, rmm }) => rmm.walk(rd, ipa, level),
  },

  failures: {
    ...granuleIs('rd', 'RD'),
    level_bound: {
      pre: ({ level, realm }) => !rttLevelIsValid(realm, level),
      post: INPUT,
      says: 'level is not a level of the Realm',
    },
    ipa_align: {
      pre: ({ ipa, level }) => !addrIsRttLevelAligned(ipa, level),
      post: INPUT,
      says: 'ipa is not aligned to what an entry of level describes',
    },
    ipa_bound: {
      pre: ({ ipa, realm }) => !addrIsInIpaSpace(ipa, realm),
      post: INPUT,
      says: 'ipa is outside the IPA space of the Realm',
    },
  },
  order: [],
  wellFormed: [[['rd_state'], ['level_bound', 'ipa_bound']]], // both read the Realm

  effect: ({ walk }) => ({
    walk_level: walk.level,
    state: HOST_STATE[walk.rtte.state],
    desc: descriptor(walk.rtte),
    ripas: walk.rtte.state === 'TABLE' ? 'EMPTY' : walk.rtte.ripas,
  }),

  success: {
    level: ({ out, walk }) => out.walk_level === walk.level,
    state: ({ out, walk }) => out.state === HOST_STATE[walk.rtte.state],
    state_invalid: ({ out, walk: { rtte } }) =>
      (rtte.state !== 'UNASSIGNED' && rtte.state !== 'UNASSIGNED_NS') || out.desc === 0n,
    state_prot: ({ out, walk: { rtte } }) =>
      (rtte.state !== 'ASSIGNED' && rtte.state !== 'TABLE') || out.desc === toDescriptor(rtte.addr, 0n),
    state_unprot: ({ out, walk: { rtte } }) =>
      rtte.state !== 'ASSIGNED_NS' || out.desc === toDescriptor(rtte.addr, rtte.attr),
    ripas_prot: ({ out, walk: { rtte } }) =>
      (rtte.state !== 'UNASSIGNED' && rtte.state !== 'ASSIGNED') || out.ripas === rtte.ripas,
    ripas_unprot: ({ out, walk: { rtte } }) =>
      (rtte.state !== 'UNASSIGNED_NS' && rtte.state !== 'ASSIGNED_NS') || out.ripas === 'EMPTY',
  },
  footprint: {},
});

/** The Host sees which half of the IPA space an entry is in by the IPA, not by its state. */
const HOST_STATE = {
  UNASSIGNED: 'UNASSIGNED',
  UNASSIGNED_NS: 'UNASSIGNED',
  ASSIGNED: 'ASSIGNED',
  ASSIGNED_NS: 'ASSIGNED',
  TABLE: 'TABLE',
} as const satisfies Record<RtteState, keyof typeof RMI_RTT_ENTRY_STATE>;

const descriptor = ({ addr, attr }: Rtte): bigint => toDescriptor(addr, attr);
