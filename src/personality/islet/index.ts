import { encodePsciStatus, PSCI_FID } from '../../abi/index.ts';
import { mpidrIndex, type psci, realmClaims, type rmi, type rsi } from '../../rmm/index.ts';
import { overlaid, withEffect, withFailure, without, withSuccess } from '../../spec/index.ts';
import { islet } from '../evidence.ts';
import { amended, type FrameOf } from '../frame.ts';
import type { Deviation, Personality } from '../personality.ts';

type Continue = FrameOf<typeof rsi.attestationTokenContinue>;
type Features = FrameOf<typeof psci.features>;
type CpuOn = FrameOf<typeof psci.cpuOn>;
type PsciComplete = FrameOf<typeof rmi.psciComplete>;

const MOD = 'rmm/src/rsi/mod.rs';
const PSCI = 'rmm/src/rsi/psci.rs';

const NOT_SUPPORTED = encodePsciStatus('PSCI_NOT_SUPPORTED');
const ISLET_FEATURES: ReadonlySet<bigint> = new Set(Object.values(PSCI_FID).map(BigInt));

/** Restarts signing from the measurements as they stand, keeping what was delivered. */
export const rebuilt = ({ rmm, rec, realm }: Continue, rpv?: Uint8Array): void => {
  const { state } = rmm;
  const { attest } = rec;
  if (attest.challenge === undefined || state.attestation === undefined) return;
  const subject = rpv === undefined ? realm : { ...realm, rpv };
  const claims = realmClaims(state.crypto, state.dialect, state.attestation, subject, attest.challenge);
  rmm.updateRec({ attest: { ...attest, claims, steps: 1, realmToken: undefined, token: undefined } });
};

const ISLET_DEVIATIONS: readonly Deviation[] = [
  {
    id: 'I1',
    title: 'a call of a Realm changes only what it answers',
    commands: [],
    rule: 'RMM 1.0 B1.2',
    standing: 'divergent',
    specification: 'Result registers among X0 to X16 that a command does not define are zero.',
    implementation:
      'Every register that is not set by the handler is as it was; so are all outputs of a command that fails.',
    references: [islet(MOD, 'set_reg')],
    change: { impDef: { unlistedOutputs: 'preserveInRealm' } },
  },
  {
    id: 'I2',
    title: 'RSI_VERSION names no revision when it refuses one',
    commands: ['RSI_VERSION'],
    rule: 'RMM 1.0 B5.3.10',
    standing: 'divergent',
    specification: 'lower and higher are valid with every result.',
    implementation: 'X0 is RSI_ERROR_INPUT; X1 and X2 are as they were.',
    references: [islet(MOD, 'ABI_VERSION'), islet('rmm/src/rsi/version.rs')],
    change: {
      commands: {
        RSI_VERSION: (command) =>
          withEffect(command, (effect: (x: object) => unknown) => (x) => {
            const given = effect(x);
            return amended(given, ({ result }) => (result === 'RSI_ERROR_INPUT' ? { out: {} } : {}));
          }),
      },
    },
  },
  {
    id: 'I3',
    title: 'a token buffer may begin at the end of its granule',
    commands: ['RSI_ATTESTATION_TOKEN_CONTINUE'],
    rule: 'RMM 1.0 B5.3.1, offset_bound',
    standing: 'divergent',
    specification: 'An offset of 4096 is RSI_ERROR_INPUT.',
    implementation: 'An offset of 4096 with a size of 0 is taken, and is RSI_INCOMPLETE with a length of 0.',
    references: [islet(MOD, 'ATTEST_TOKEN_CONTINUE')],
    change: { commands: { RSI_ATTESTATION_TOKEN_CONTINUE: (command) => without(command, 'offset_bound') } },
  },
  {
    id: 'I4',
    title: 'a token is made anew for each piece, from the measurements of the moment',
    commands: ['RSI_ATTESTATION_TOKEN_CONTINUE'],
    rule: 'RMM 1.0 A7.2.2',
    standing: 'open',
    specification: 'When measurements are read is not said; that pieces are of one token is.',
    implementation:
      'Each call builds and signs the whole token and hands out the next piece: after an extend in between, the pieces do not fit.',
    references: [islet(MOD, 'get_token_part')],
    change: {
      commands: {
        RSI_ATTESTATION_TOKEN_CONTINUE: (command) =>
          withEffect(command, (effect: (x: Continue) => unknown) => (x) => {
            rebuilt(x);
            return effect(x);
          }),
      },
    },
  },
  {
    id: 'I5',
    title: 'signing is not interrupted',
    commands: ['RSI_ATTESTATION_TOKEN_CONTINUE'],
    rule: 'RMM 1.0 A7.2.2',
    standing: 'open',
    specification: 'A pending interrupt may end the call with RSI_INCOMPLETE.',
    implementation: 'No interrupt is looked at: RSI_INCOMPLETE always comes with bytes, or with a size of 0.',
    references: [islet(MOD, 'ATTEST_TOKEN_CONTINUE')],
    change: {
      commands: {
        RSI_ATTESTATION_TOKEN_CONTINUE: (command) =>
          withEffect(
            command,
            (effect: (x: Continue) => unknown) => (x) =>
              effect(overlaid(x, { rmm: overlaid(x.rmm, { pendingInterrupt: () => undefined }) })),
          ),
      },
    },
  },
  {
    id: 'I6',
    title: 'a Host can reject a change to EMPTY, and one that is done',
    commands: ['RSI_IPA_STATE_SET', 'RMI_REC_ENTER'],
    rule: 'RMM 1.0 B3.40',
    standing: 'divergent',
    specification: 'The response is RSI_REJECT for an unfinished change to RAM only.',
    implementation: 'The response is RSI_REJECT whenever ripas_response says so.',
    references: [islet('rmm/src/rsi/ripas.rs', 'complete_ripas')],
    change: { impDef: { rejects: 'any' } },
  },
  {
    id: 'I7',
    title: 'PSCI_FEATURES compares 64 bits, and does not know SMCCC_VERSION',
    commands: ['PSCI_FEATURES'],
    rule: 'RMM 1.0 B6.3.5, B1.1',
    standing: 'divergent',
    specification: 'psci_func_id is X1[31:0]; SMCCC_VERSION is found by it.',
    implementation: 'Any bit of X1[63:32], and SMCCC_VERSION, is PSCI_NOT_SUPPORTED.',
    references: [islet(PSCI, 'PSCI_FEATURES')],
    change: {
      commands: {
        PSCI_FEATURES: (command) => ({
          ...withEffect(command, () => ({ rmm }: Features) => ({
            features: ISLET_FEATURES.has(rmm.currentRec().gprs[1] ?? 0n) ? 0n : NOT_SUPPORTED,
          })),
          success: {},
        }),
      },
    },
  },
  {
    id: 'I8',
    title: 'the MPIDR of a REC that was destroyed is still one',
    commands: ['PSCI_CPU_ON'],
    rule: 'RMM 1.0 B6.3.3, B3.24',
    standing: 'divergent',
    specification: 'An MPIDR that no REC of the Realm has is PSCI_INVALID_PARAMETERS.',
    implementation: 'An MPIDR whose index is below the number of RECs ever created is taken.',
    references: [islet(PSCI, 'PSCI_CPU_ON')],
    change: {
      commands: {
        PSCI_CPU_ON: (command) =>
          withFailure(command, 'mpidr', {
            pre: ({ target_cpu, rmm }: CpuOn) => mpidrIndex(target_cpu) >= BigInt(rmm.currentRealm().rec_index),
          }),
      },
    },
  },
  {
    id: 'I9',
    title: 'a REC that is turned on keeps X1 to X30',
    commands: ['RMI_PSCI_COMPLETE'],
    rule: 'RMM 1.0 B4.3.7, on_success',
    standing: 'divergent',
    specification: 'X1 to X30 of the target are zero.',
    implementation: 'They are what they were.',
    references: [islet(PSCI, 'complete_psci')],
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
      },
    },
  },
];

/** Islet, in its form for RMM 1.0: what its RSI and PSCI handlers do. Its RMI was not compared. */
export const ISLET: Personality = {
  id: 'islet',
  title: 'Islet, RSI and PSCI for RMM 1.0',
  evidence: [islet(MOD), islet('rmm/src/rsi/ripas.rs'), islet(PSCI)],
  impDef: { signSteps: 1, tokenBufferGranules: 1, remFormula: 'impl' },
  orders: {
    RSI_ATTESTATION_TOKEN_CONTINUE: [
      ...['state', 'addr_align', 'addr_bound'],
      ...['offset_bound', 'size_overflow', 'size_bound'],
      'unknown',
    ],
    RSI_MEASUREMENT_EXTEND: ['size_bound', 'index_bound'],
    RSI_IPA_STATE_SET: ['size_valid', 'base_align', 'top_align', 'ripas_valid', 'rgn_bound'],
    RSI_REALM_CONFIG: ['addr_align', 'addr_bound'],
    PSCI_CPU_ON: ['entry', 'mpidr', 'runnable'],
  },
  deviations: ISLET_DEVIATIONS,
};
