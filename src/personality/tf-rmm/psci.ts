import { encodePsciStatus, INPUT, PSCI_FID, SMCCC_VERSION_FID } from '../../abi/index.ts';
import { mpidrIndex, type psci, type rmi, withPsciResult } from '../../rmm/index.ts';
import {
  answer,
  type Command,
  withCondition,
  withContext,
  withEffect,
  withFailure,
  withSuccess,
} from '../../spec/index.ts';
import { rel0 } from '../evidence.ts';
import { amended, type FrameOf, withExit } from '../frame.ts';
import type { CommandChange, Deviation } from '../personality.ts';

type PsciComplete = FrameOf<typeof rmi.psciComplete>;
type CpuOn = FrameOf<typeof psci.cpuOn>;
type AffinityInfo = FrameOf<typeof psci.affinityInfo>;
type PsciCall = FrameOf<typeof psci.cpuOff>;
type Features = FrameOf<typeof psci.features>;

const DENIED = encodePsciStatus('PSCI_DENIED');
const NOT_SUPPORTED = encodePsciStatus('PSCI_NOT_SUPPORTED');

/** The bit of a function identifier that tells SMC64 from SMC32. */
const SMC64 = 0x4000_0000;
/** SMC32 forms of the functions that the text knows in their SMC64 form alone. */
const SMC32_FORMS = ['PSCI_CPU_SUSPEND', 'PSCI_CPU_ON', 'PSCI_AFFINITY_INFO'] as const;
const smc32 = (name: (typeof SMC32_FORMS)[number]): number => PSCI_FID[name] - SMC64;

/** What PSCI_FEATURES of TF-RMM knows: not PSCI_VERSION. */
const TF_FEATURES: ReadonlySet<number> = new Set([
  ...Object.entries(PSCI_FID).flatMap(([name, fid]) => (name === 'PSCI_VERSION' ? [] : [fid])),
  ...SMC32_FORMS.map(smc32),
  SMCCC_VERSION_FID,
]);

/** A command of PSCI whose exit tells the Host X0 as the Realm wrote it. */
const tellingX0: CommandChange = (command) =>
  withEffect(command, (effect: (x: PsciCall) => unknown) => (x) => {
    const [x0 = 0n] = x.rmm.currentRec().gprs;
    return withExit(effect(x), ({ gprs = [] }) => ({ gprs: [x0, ...gprs.slice(1)] }));
  });

const FORWARDED = ['PSCI_CPU_SUSPEND', 'PSCI_CPU_OFF', 'PSCI_CPU_ON', 'PSCI_AFFINITY_INFO', 'PSCI_SYSTEM_OFF'] as const;
const ALL = Object.keys(PSCI_FID);

const SVE_HINT = 1n << 16n;

export const PSCI_DEVIATIONS: readonly Deviation[] = [
  {
    id: 'D10',
    title: 'a denied PSCI_CPU_ON of a REC that is on is completed all the same',
    commands: ['RMI_PSCI_COMPLETE'],
    rule: 'RMM 1.0 B4.3.7, status; B1.2 (a command that fails changes nothing)',
    standing: 'divergent',
    specification: 'PSCI_DENIED for a target that is on is RMI_ERROR_INPUT, and the request stays pending.',
    implementation: 'RMI_ERROR_INPUT, and the request is completed with PSCI_ALREADY_ON.',
    references: [rel0('runtime/rsi/psci.c', 'psci_complete_request')],
    change: {
      commands: {
        RMI_PSCI_COMPLETE: (command) => {
          const refused = command.failures['status']?.pre as (x: PsciComplete) => boolean;
          const deniedOn = ({ status, calling, target }: PsciComplete): boolean =>
            status === DENIED &&
            Number((calling.gprs[0] ?? 0n) & 0xffff_ffffn) === PSCI_FID.PSCI_CPU_ON &&
            target.runnable;
          return withEffect(
            withFailure(command, 'status', { pre: (x: PsciComplete) => !deniedOn(x) && refused(x) }),
            (effect: (x: PsciComplete) => unknown) => (x) => {
              if (!deniedOn(x)) return effect(x);
              const { rmm, calling, calling_rec } = x;
              const result = encodePsciStatus('PSCI_ALREADY_ON');
              const gprs = withPsciResult(calling.gprs, result, rmm.impDef.unlistedOutputs);
              rmm.updateRec(calling_rec, { gprs, psci_pending: false });
              return answer({ result: INPUT });
            },
          );
        },
      },
    },
  },
  {
    id: 'D24',
    title: 'the MPIDR of a REC that was destroyed is still one',
    commands: ['PSCI_CPU_ON', 'PSCI_AFFINITY_INFO'],
    rule: 'RMM 1.0 B6.3.1, B6.3.3, B3.24',
    standing: 'divergent',
    specification: 'An MPIDR that no REC of the Realm has is PSCI_INVALID_PARAMETERS.',
    implementation:
      'An MPIDR whose index is below the number of RECs ever created is taken: the request is forwarded, and no Host can ' +
      'complete it once the REC is gone.',
    references: [rel0('runtime/rsi/psci.c', 'rd_map_read_rec_count')],
    change: {
      commands: {
        PSCI_CPU_ON: (command) =>
          withFailure(command, 'mpidr', {
            pre: ({ target_cpu, rmm }: CpuOn) => mpidrIndex(target_cpu) >= BigInt(rmm.currentRealm().rec_index),
          }),
        PSCI_AFFINITY_INFO: (command) =>
          withFailure(command, 'target_match', {
            pre: ({ target_affinity, rmm }: AffinityInfo) =>
              mpidrIndex(target_affinity) >= BigInt(rmm.currentRealm().rec_index),
          }),
      },
    },
  },
  {
    id: 'D25',
    title: 'PSCI functions have their SMC32 forms too',
    commands: ['PSCI_CPU_SUSPEND', 'PSCI_CPU_ON', 'PSCI_AFFINITY_INFO', 'RMI_PSCI_COMPLETE'],
    rule: 'RMM 1.0 B6.3, A4.3.7',
    standing: 'divergent',
    specification:
      'CPU_SUSPEND, CPU_ON and AFFINITY_INFO are SMC64 functions; what is not listed is PSCI_NOT_SUPPORTED.',
    implementation:
      '0x84000001, 0x84000003 and 0x84000004 do the same, with 64-bit arguments. The Host sees X0 as it was.',
    references: [rel0('runtime/rsi/psci.c', 'handle_psci')],
    change: {
      commands: {
        ...Object.fromEntries(FORWARDED.map((name) => [name, tellingX0])),
        RMI_PSCI_COMPLETE: (command) =>
          withContext(command, {
            calling: ({ calling }: PsciComplete) => {
              const form = SMC32_FORMS.find((name) => calling.gprs[0] === BigInt(smc32(name)));
              return form === undefined ? calling : { ...calling, gprs: calling.gprs.with(0, BigInt(PSCI_FID[form])) };
            },
          }),
      },
      set: (set) => {
        const forms = SMC32_FORMS.flatMap((name) => {
          const command = set.psci.find((candidate) => candidate.name === name);
          return command === undefined ? [] : [{ ...command, fid: smc32(name) }];
        });
        return { ...set, psci: [...set.psci, ...forms] };
      },
    },
  },
  {
    id: 'D26',
    title: 'PSCI_FEATURES does not know PSCI_VERSION, and knows SMC32 forms',
    commands: ['PSCI_FEATURES'],
    rule: 'RMM 1.0 B6.3.5',
    standing: 'divergent',
    specification: 'Every PSCI function that a Realm can call is supported.',
    implementation: 'PSCI_VERSION is PSCI_NOT_SUPPORTED; 0x84000001, 0x84000003 and 0x84000004 are supported.',
    references: [rel0('runtime/rsi/psci.c', 'psci_features')],
    change: {
      commands: {
        PSCI_FEATURES: (command) => ({
          ...withEffect(command, () => ({ psci_func_id }: Features) => ({
            features: TF_FEATURES.has(psci_func_id) ? 0n : NOT_SUPPORTED,
          })),
          success: {
            func_ok: ({ psci_func_id, out }: Features & { out: { features: bigint } }) =>
              out.features === (TF_FEATURES.has(psci_func_id) ? 0n : NOT_SUPPORTED),
          },
        }),
      },
    },
  },
  {
    id: 'D27',
    title: 'PSCI functions with the SVE hint are not supported',
    commands: ALL,
    rule: 'RMM 1.0 B1.1; SMCCC 1.3',
    standing: 'divergent',
    specification: 'Bit 16 of a function identifier is a hint, and no part of the name.',
    implementation: 'The dispatcher drops the hint, and PSCI reads X0 again with it: PSCI_NOT_SUPPORTED.',
    references: [rel0('runtime/rsi/psci.c', 'handle_psci'), rel0('runtime/core/exit.c', 'handle_realm_rsi')],
    change: {
      commands: Object.fromEntries(
        ALL.map((name) => [
          name,
          (command: Command): Command =>
            withCondition(
              command,
              'sve_hint',
              {
                pre: ({ rmm }: PsciCall) => ((rmm.currentRec().gprs[0] ?? 0n) & SVE_HINT) !== 0n,
                post: 'PSCI_NOT_SUPPORTED',
                says: 'the function identifier has the SVE hint',
              },
              Object.keys(command.failures)[0],
            ),
        ]),
      ),
    },
  },
  {
    id: 'D28',
    title: 'a REC that is turned on keeps X1 to X30',
    commands: ['RMI_PSCI_COMPLETE', 'PSCI_CPU_OFF'],
    rule: 'RMM 1.0 B4.3.7, on_success',
    standing: 'divergent',
    specification: 'X1 to X30 of the target are zero.',
    implementation:
      'They are what they were: after PSCI_CPU_OFF, which writes X0 to X3 as a call that returns does, X1 to X3 are zero.',
    references: [rel0('runtime/rsi/psci.c', 'complete_psci_cpu_on'), rel0('runtime/rsi/psci.c', 'psci_cpu_off')],
    change: {
      commands: {
        RMI_PSCI_COMPLETE: (command) =>
          withSuccess(
            withEffect(command, (effect: (x: PsciComplete) => unknown) => (x) => {
              const { gprs } = x.target;
              const given = effect(x);
              if (x.before.starts) x.rmm.updateRec(x.target_rec, { gprs: gprs.with(0, x.before.request.context) });
              return given;
            }),
            'on_success',
          ),
        PSCI_CPU_OFF: (command) =>
          withEffect(
            command,
            (effect: (x: PsciCall) => unknown) => (x) => amended(effect(x), () => ({ result: 'PSCI_SUCCESS' })),
          ),
      },
    },
  },
  {
    id: 'D35',
    title: 'lowest_affinity_level is compared with 64 bits',
    commands: ['PSCI_AFFINITY_INFO'],
    rule: 'RMM 1.0 B6.3.1',
    standing: 'divergent',
    specification: 'lowest_affinity_level is X2[31:0]; X2[63:32] is SBZ.',
    implementation: 'Any bit of X2 makes it PSCI_INVALID_PARAMETERS.',
    references: [rel0('runtime/rsi/psci.c', 'psci_affinity_info')],
    change: {
      commands: {
        PSCI_AFFINITY_INFO: (command) =>
          withFailure(command, 'target_bound', { pre: ({ rmm }: AffinityInfo) => rmm.currentRec().gprs[2] !== 0n }),
      },
    },
  },
];
