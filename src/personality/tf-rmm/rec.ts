import { INPUT, REC, REC_MPIDR_MASK, RMI_ENTER_FLAG } from '../../abi/index.ts';
import type { rmi } from '../../rmm/index.ts';
import { type Command, withCondition, withContext, withFailure } from '../../spec/index.ts';
import { rel0, tfRmm } from '../evidence.ts';
import type { FrameOf } from '../frame.ts';
import type { Deviation } from '../personality.ts';

type RecCreate = FrameOf<typeof rmi.recCreate>;
type RecEnter = FrameOf<typeof rmi.recEnter>;

/** A failure condition that also holds, or no longer holds, when `change` says so. */
const narrowed = <X>(command: Command, id: string, change: (x: X, held: boolean) => boolean): Command => {
  const held = command.failures[id]?.pre as ((x: X) => boolean) | undefined;
  return withFailure(command, id, { pre: (x: X) => change(x, held?.(x) ?? false) });
};

const asks = ({ enter }: RecEnter, flag: keyof typeof RMI_ENTER_FLAG): boolean =>
  (enter.flags & RMI_ENTER_FLAG[flag]) !== 0n;

/** MAX_REC_AUX_GRANULES: what fits RmiRecParams. */
const MAX_AUX = 16;

export const REC_DEVIATIONS: readonly Deviation[] = [
  {
    id: 'D2',
    title: 'SBZ bits of RmiRecMpidr are refused',
    commands: ['RMI_REC_CREATE'],
    rule: 'RMM 1.0 B4.3.12, mpidr_index; B4.4.18',
    standing: 'divergent',
    specification: 'mpidr is compared by its index, in which bits [7:4] and [63:32] have no part.',
    implementation: 'An mpidr with a bit outside the four affinity fields is RMI_ERROR_INPUT.',
    references: [rel0('runtime/include/rec.h', 'rec_mpidr_is_valid'), rel0('runtime/rmi/rec.c', 'smc_rec_create')],
    change: {
      commands: {
        RMI_REC_CREATE: (command) =>
          narrowed<RecCreate>(
            command,
            'mpidr_index',
            ({ params }, held) => held || (params.mpidr & ~REC_MPIDR_MASK) !== 0n,
          ),
      },
    },
  },
  {
    id: 'D15',
    title: 'num_aux is read as 32 bits, and is too large before it is wrong',
    commands: ['RMI_REC_CREATE'],
    rule: 'RMM 1.0 B4.3.12, num_aux',
    standing: 'divergent',
    specification: 'num_aux is a UInt64 that must be what RMI_REC_AUX_COUNT says.',
    implementation:
      'Bits [63:32] are dropped. More than 16 is refused first; up to 16 granules are looked at, and moved, before the ' +
      'state of the Realm; the exact number comes last.',
    references: [rel0('runtime/rmi/rec.c', 'smc_rec_create')],
    change: {
      commands: {
        RMI_REC_CREATE: (command) =>
          withCondition(
            withContext(command, {
              params: ({ params }: RecCreate) => ({ ...params, num_aux: BigInt.asUintN(32, params.num_aux) }),
              aux: ({ params }: RecCreate) => params.aux.slice(0, Number(BigInt.asUintN(32, params.num_aux))),
            }),
            'num_aux_max',
            {
              pre: ({ params }: RecCreate) => params.num_aux > MAX_AUX,
              post: INPUT,
              says: 'num_aux is more than RmiRecParams has room for',
            },
            'rec_align',
          ),
      },
    },
  },
  {
    id: 'D5',
    title: 'inject_sea without an abort to answer is refused',
    commands: ['RMI_REC_ENTER'],
    rule: 'RMM 1.0 A4.2.3, B4.3.14',
    standing: 'divergent',
    specification:
      'inject_sea has an effect after a data abort at an Unprotected IPA. Nothing says that it fails without one, and all ' +
      'enter fields are ignored unless specified otherwise (A4.2.1).',
    implementation: 'inject_sea after any other exit is RMI_ERROR_REC.',
    references: [rel0('runtime/rmi/run.c', 'complete_sea_insertion')],
    change: {
      commands: {
        RMI_REC_ENTER: (command) =>
          withCondition(
            command,
            'rec_sea',
            {
              pre: (x: RecEnter) => asks(x, 'inject_sea') && x.target.abort?.unprotected !== true,
              post: REC,
              says: 'an SEA is injected that no data abort at an Unprotected IPA asked for',
            },
            'rec_mmio',
          ),
      },
    },
  },
  {
    id: 'D22',
    title: 'an access at a Protected IPA can be emulated',
    commands: ['RMI_REC_ENTER'],
    rule: 'RMM 1.0 A4.2.3, A4.3.4.3, B4.3.14 rec_mmio',
    standing: 'divergent',
    specification:
      'A data abort at a Protected IPA is not emulatable: emul_mmio at the next entry is RMI_ERROR_REC, and the Host cannot ' +
      'choose what a Realm reads from its own memory.',
    implementation:
      'emul_mmio is taken after any data abort whose raw syndrome was valid, so that it completes a read of Protected ' +
      'memory with a value of the Host. The repair clears ISV at such an exit.',
    references: [
      rel0('runtime/rmi/run.c', 'complete_mmio_emulation'),
      rel0('runtime/core/exit.c', 'handle_realm_exit'),
    ],
    repaired: tfRmm('tf-rmm-v0.6.0', 'runtime/rmi/run.c', 'complete_mmio_emulation'),
    change: { impDef: { emulationAt: 'anywhere' } },
  },
  {
    id: 'D23',
    title: 'emul_mmio is not looked at beside inject_sea',
    commands: ['RMI_REC_ENTER'],
    rule: 'RMM 1.0 A4.2.3 against B4.3.14, rec_mmio',
    standing: 'open',
    specification:
      'A4.2.3 ignores emul_mmio when inject_sea is set; rec_mmio has no such exception, and refuses it after an abort that ' +
      'cannot be emulated.',
    implementation: 'With inject_sea set, emul_mmio is ignored: the entry succeeds and the SEA is taken.',
    references: [rel0('runtime/rmi/run.c', 'complete_mmio_emulation')],
    change: {
      commands: {
        RMI_REC_ENTER: (command) =>
          narrowed<RecEnter>(command, 'rec_mmio', (x, held) => held && !asks(x, 'inject_sea')),
      },
    },
  },
];
