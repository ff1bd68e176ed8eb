import { encodePsciStatus, SUCCESS } from '../../abi/index.ts';
import { type rmi, withPsciResult } from '../../rmm/index.ts';
import { answer, withEffect, withFailure } from '../../spec/index.ts';
import { rel0 } from '../evidence.ts';
import type { FrameOf } from '../frame.ts';
import type { Deviation } from '../personality.ts';

type PsciComplete = FrameOf<typeof rmi.psciComplete>;

/** A function identifier with bits above W0: no case of RMI_PSCI_COMPLETE knows it. */
const unknownRequest = ({ calling }: PsciComplete): boolean => (calling.gprs[0] ?? 0n) > 0xffff_ffffn;

export const REGISTER_DEVIATIONS: readonly Deviation[] = [
  {
    id: 'D1',
    title: 'X4 and up keep what the caller had in them',
    commands: [],
    rule: 'RMM 1.0 B1.2',
    standing: 'divergent',
    specification: 'Result registers among X0 to X16 that a command does not define are zero.',
    implementation:
      'X1 to X3 are zero where they are no outputs; X4 and up are as they were, unless a command defines them.',
    references: [
      rel0('runtime/core/exit.c', 'handle_realm_rsi'),
      rel0('runtime/core/handler.c', 'handle_ns_smc'),
      rel0('lib/smc/include/smc.h', 'SMC_RESULT_REGS'),
    ],
    change: { impDef: { unlistedOutputs: 'preserveX4plus' } },
  },
  {
    id: 'D12',
    title: 'the descriptions of PENDING and NO_PENDING are exchanged',
    commands: [],
    rule: 'RMM 1.0 C1.10, C1.15',
    standing: 'same reading',
    specification:
      'The descriptions beside HOST_CALL_PENDING and PSCI_REQUEST_PENDING are those of their opposites; the conditions use ' +
      'the names as one reads them.',
    implementation: 'The names are what counts. The emulator does the same.',
    references: [rel0('runtime/include/rec.h', 'struct rec')],
    change: {},
  },
  {
    id: 'D29',
    title: 'a Realm names functions in W0',
    commands: ['RMI_PSCI_COMPLETE'],
    rule: 'RMM 1.0 B5.3, B6.3 (fid is X0[63:0]) against SMCCC (W0)',
    standing: 'open',
    specification: 'The function identifier is X0[63:0]: with a bit above 31, no function has it.',
    implementation:
      'X0[63:32] is not looked at. A PSCI request made so is completed with PSCI_NOT_SUPPORTED, since RMI_PSCI_COMPLETE ' +
      'compares all of X0.',
    references: [rel0('runtime/core/exit.c', 'handle_realm_rsi'), rel0('runtime/rsi/psci.c', 'psci_complete_request')],
    change: {
      impDef: { fidBits: 32 },
      commands: {
        RMI_PSCI_COMPLETE: (command) => {
          const permitted = command.failures['status']?.pre as (x: PsciComplete) => boolean;
          return withEffect(
            withFailure(command, 'status', { pre: (x: PsciComplete) => !unknownRequest(x) && permitted(x) }),
            (effect: (x: PsciComplete) => unknown) => (x) => {
              if (!unknownRequest(x)) return effect(x);
              const { rmm, calling, calling_rec } = x;
              const result = encodePsciStatus('PSCI_NOT_SUPPORTED');
              const gprs = withPsciResult(calling.gprs, result, rmm.impDef.unlistedOutputs);
              rmm.updateRec(calling_rec, { gprs, psci_pending: false });
              return answer({ result: SUCCESS });
            },
          );
        },
      },
    },
  },
  {
    id: 'D38',
    title: 'SMCCC_VERSION is 1.2 on every machine',
    commands: [],
    rule: 'RMM 1.0 B1.1',
    standing: 'divergent',
    specification: 'A Realm finds at least SMCCC 1.3 on a machine with SVE.',
    implementation: 'SMCCC_VERSION answers 0x10002.',
    references: [rel0('lib/smc/include/smc.h', 'SMCCC_VERSION_NUMBER')],
    change: { impDef: { smcccVersion: 'always1.2' } },
  },
];
