import { GRANULE, INPUT, RTT, RTT_PAGE_LEVEL } from '../../abi/index.ts';
import { addrIsGranuleAligned, addrIsRttLevelAligned, type Rtt, ripasScan, type rmi } from '../../rmm/index.ts';
import { withCondition, withContext, withEffect, withFailure, without, withSuccess } from '../../spec/index.ts';
import { rel0, tfRmm } from '../evidence.ts';
import { amended, type FrameOf } from '../frame.ts';
import type { Deviation } from '../personality.ts';

type ReadEntry = FrameOf<typeof rmi.rttReadEntry>;
type InitRipas = FrameOf<typeof rmi.rttInitRipas>;
type SetRipas = FrameOf<typeof rmi.rttSetRipas>;
type Fold = FrameOf<typeof rmi.rttFold>;

type Entry = Rtt['entries'][number];

/** What RTT_INIT_RIPAS makes RAM: an entry whose RIPAS is EMPTY or RAM, and that maps nothing. */
const initialises = ({ state, ripas }: Entry): boolean => state === 'UNASSIGNED' && ripas !== 'DESTROYED';

/** Level of a table whose entries are the largest blocks that the RMM lets a Realm have. */
const MIN_BLOCK_LEVEL = 1;

/** Whether folding a table stops at its level: it is fully used, or maps one piece of the Normal world. */
const wouldMakeBlock = ({ entries }: Rtt): boolean => {
  const uses = entries.filter(({ state }) => state === 'ASSIGNED' || state === 'TABLE').length;
  if (uses === entries.length) return true;
  const first = entries[0];
  if (uses > 0 || first?.state !== 'ASSIGNED_NS') return false;
  const size = 1n << 30n;
  return (
    first.addr % (size * BigInt(entries.length)) === 0n &&
    entries.every(
      ({ state, attr, addr }, i) =>
        state === 'ASSIGNED_NS' && attr === first.attr && addr === first.addr + BigInt(i) * size,
    )
  );
};

export const RTT_DEVIATIONS: readonly Deviation[] = [
  {
    id: 'D6',
    title: 'a table that is destroyed at an Unprotected IPA leaves UNASSIGNED_NS',
    commands: ['RMI_RTT_DESTROY'],
    rule: 'RMM 1.0 B4.3.16',
    standing: 'same reading',
    specification:
      'The success conditions name UNASSIGNED and RIPAS DESTROYED, which an Unprotected IPA does not have; the outcomes ' +
      'call a missing table there UNASSIGNED_NS (A5.5).',
    implementation:
      'The parent entry becomes UNASSIGNED_NS, and mappings in the table are dropped. The emulator does the same.',
    references: [rel0('runtime/rmi/rtt.c', 'smc_rtt_destroy')],
    change: {},
  },
  {
    id: 'D7',
    title: 'a DESTROYED page does not say which granule is mapped',
    commands: ['RMI_RTT_READ_ENTRY'],
    rule: 'RMM 1.0 B4.3.20, state_prot',
    standing: 'divergent',
    specification: 'desc of an ASSIGNED entry holds its address, whatever the RIPAS is.',
    implementation: 'desc is zero where the RIPAS is DESTROYED.',
    references: [rel0('runtime/rmi/rtt.c', 'smc_rtt_read_entry')],
    repaired: tfRmm('tf-rmm-v0.6.0', 'runtime/rmi/rtt.c', 'smc_rtt_read_entry'),
    change: {
      commands: {
        RMI_RTT_READ_ENTRY: (command) =>
          withSuccess(
            withEffect(command, (effect: (x: ReadEntry) => unknown) => (x) => {
              const { state, ripas } = x.walk.rtte;
              const hides = state === 'ASSIGNED' && ripas === 'DESTROYED';
              const given = effect(x);
              return hides ? amended(given, ({ out }) => ({ out: { ...out, desc: 0n } })) : given;
            }),
            'state_prot',
          ),
      },
    },
  },
  {
    id: 'D8',
    title: 'RTT_INIT_RIPAS stops at whatever is not UNASSIGNED with RIPAS EMPTY or RAM',
    commands: ['RMI_RTT_INIT_RIPAS'],
    rule: 'RMM 1.0 B4.3.18 against A5.3.5',
    standing: 'divergent',
    specification:
      'The scan stops at a table; the first entry must be UNASSIGNED, with any RIPAS. A base that is not granule-aligned ' +
      'fails base_align: RMI_ERROR_RTT. A5.3.5 has every entry UNASSIGNED.',
    implementation:
      'The scan stops at the first entry that is mapped or DESTROYED; where that is the first, RMI_ERROR_RTT. A base that is ' +
      'not granule-aligned is RMI_ERROR_INPUT, before the state of the Realm.',
    references: [rel0('runtime/rmi/rtt.c', 'smc_rtt_init_ripas')],
    change: {
      commands: {
        RMI_RTT_INIT_RIPAS: (command) =>
          withContext(
            withFailure(
              withCondition(
                command,
                'base_gran_align',
                {
                  pre: ({ base }: InitRipas) => !addrIsGranuleAligned(base),
                  post: INPUT,
                  says: 'base is not granule-aligned',
                },
                'top_bound',
              ),
              'rtte_state',
              { pre: ({ walk }: InitRipas) => !initialises(walk.rtte), says: 'base is mapped or DESTROYED' },
            ),
            {
              scan: ({ rd, base, top, rmm }: InitRipas) =>
                ripasScan(rmm, rmm.walk(rd, base, RTT_PAGE_LEVEL), base, top, (entry) => !initialises(entry)),
            },
          ),
      },
    },
  },
  {
    id: 'D9',
    title: 'RTT_SET_RIPAS wants progress, not an aligned top',
    commands: ['RMI_RTT_SET_RIPAS'],
    rule: 'RMM 1.0 B4.3.21, top_gran_align, base_align, no_progress',
    standing: 'divergent',
    specification:
      'A top that is not granule-aligned is RMI_ERROR_INPUT. base_align and no_progress do not hold where the RIPAS is ' +
      'already what was asked for.',
    implementation:
      'The alignment of top is not looked at: an entry that reaches past it is not changed. A base inside an entry, or no ' +
      'whole entry to change, is RMI_ERROR_RTT also where nothing is left to do.',
    references: [rel0('runtime/rmi/rtt.c', 'rtt_set_ripas_range')],
    change: {
      commands: {
        RMI_RTT_SET_RIPAS: (command) =>
          withFailure(
            withFailure(without(command, 'top_gran_align'), 'base_align', {
              pre: ({ base, walk }: SetRipas) => !addrIsRttLevelAligned(base, walk.level),
            }),
            'no_progress',
            { pre: ({ base, scan }: SetRipas) => base === scan.top },
          ),
      },
    },
  },
  {
    id: 'D14',
    title: 'a table of level 1 that could only fold into a block names level 0',
    commands: ['RMI_RTT_FOLD'],
    rule: 'RMM 1.0 B4.3.17, rtt_homo; A5.5.6',
    standing: 'divergent',
    specification: 'A table that does not fold is RMI_ERROR_RTT with its own level.',
    implementation:
      'A table of level 1 all of whose entries are used, or map one aligned piece of the Normal world, is RMI_ERROR_RTT(0): ' +
      'level 0 has no blocks.',
    references: [rel0('runtime/rmi/rtt.c', 'smc_rtt_fold')],
    change: {
      commands: {
        RMI_RTT_FOLD: (command) =>
          withFailure(command, 'rtt_homo', {
            post: ({ level, walk, rmm }: Fold) =>
              RTT(level <= MIN_BLOCK_LEVEL && wouldMakeBlock(rmm.rtt(walk.rtte.addr)) ? walk.level : level),
          }),
      },
    },
  },
  {
    id: 'D18',
    title: 'the end of a table of level -1 is 512 entries away',
    commands: ['RMI_DATA_DESTROY', 'RMI_RTT_DESTROY', 'RMI_RTT_UNMAP_UNPROTECTED'],
    rule: 'RMM 1.0 B3.76, A5.5.2',
    standing: 'divergent',
    specification: 'A table of level -1 has 16 entries: top never lies beyond the end of the IPA space.',
    implementation: 'The search for a live entry goes through 512, so that top can be 2^57.',
    references: [rel0('lib/s2tt/src/s2tt.c', 's2tt_skip_non_live_entries')],
    change: { impDef: { entriesAtLevelMinus1: 512 } },
  },
  {
    id: 'D36',
    title: 'desc of a Protected IPA holds the address as it is',
    commands: ['RMI_RTT_READ_ENTRY'],
    rule: 'RMM 1.0 B4.3.20, state_prot; A5.5.11',
    standing: 'divergent',
    specification: 'desc is an RTTE descriptor, in which OA[51:50] stand in bits [9:8].',
    implementation:
      'desc of an ASSIGNED or TABLE entry is the address: with PAs above 2^50, bits [51:50] stay where they are.',
    references: [rel0('runtime/rmi/rtt.c', 'smc_rtt_read_entry'), rel0('lib/s2tt/src/s2tt.c', 's2tte_pa')],
    change: {
      commands: {
        RMI_RTT_READ_ENTRY: (command) =>
          withSuccess(
            withEffect(command, (effect: (x: ReadEntry) => unknown) => (x) => {
              const { state, addr } = x.walk.rtte;
              const given = effect(x);
              if (state !== 'ASSIGNED' && state !== 'TABLE') return given;
              // What another switch has hidden stays hidden.
              return amended(given, ({ out }) => ({
                out: { ...out, desc: (out as { desc: bigint }).desc === 0n ? 0n : addr & ~(GRANULE - 1n) },
              }));
            }),
            'state_prot',
          ),
      },
    },
  },
];
