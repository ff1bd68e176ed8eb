import { RMI_HASH_ALGORITHM, RsiHostCall, RsiRealmConfig } from '../../abi/index.ts';
import type { rsi } from '../../rmm/index.ts';
import { overlaid, withEffect, withFailure } from '../../spec/index.ts';
import { rel0 } from '../evidence.ts';
import { amended, type FrameOf, withExit } from '../frame.ts';
import type { Deviation } from '../personality.ts';

type HostCall = FrameOf<typeof rsi.hostCall>;
type IpaStateSet = FrameOf<typeof rsi.ipaStateSet>;
type RealmConfig = FrameOf<typeof rsi.realmConfig>;
type Continue = FrameOf<typeof rsi.attestationTokenContinue>;

/** What a cast to a C enumeration leaves of a register. */
const low32 = (value: bigint): bigint => BigInt.asUintN(32, value);

export const RSI_DEVIATIONS: readonly Deviation[] = [
  {
    id: 'D19',
    title: 'the immediate of a host call has 32 bits',
    commands: ['RSI_HOST_CALL'],
    rule: 'RMM 1.0 B5.4.3, B4.4.16',
    standing: 'divergent',
    specification: 'imm is a UInt16 in RsiHostCall and in RmiRecExit, with SBZ and MBZ bytes after it.',
    implementation: 'Bytes 2 and 3 of RsiHostCall reach bytes 0x602 and 0x603 of RmiRecExit.',
    references: [
      rel0('lib/smc/include/smc-rsi.h', 'struct rsi_host_call'),
      rel0('runtime/rsi/host_call.c', 'do_host_call'),
    ],
    change: {
      commands: {
        RSI_HOST_CALL: (command) =>
          withEffect(
            command,
            (effect: (x: HostCall) => unknown) => (x) =>
              withExit(effect(x), () => {
                const { buffer, rmm } = x;
                if (buffer.kind !== 'DATA') return {};
                const page = rmm.state.contents(buffer.pa);
                const at = Number(buffer.pa & 0xfffn) + RsiHostCall.members.imm.offset;
                return { imm: new DataView(page.buffer, page.byteOffset + at, 4).getUint32(0, true) };
              }),
          ),
      },
    },
  },
  {
    id: 'D30',
    title: 'ripas and flags of RSI_IPA_STATE_SET are read as 32 bits',
    commands: ['RSI_IPA_STATE_SET'],
    rule: 'RMM 1.0 B5.3.6',
    standing: 'divergent',
    specification: 'ripas is X3[7:0] and the one flag is X4[0]; other bits are SBZ.',
    implementation:
      'X3[31:0] other than 0 and 1 is RSI_ERROR_INPUT. DESTROYED pages may change where X4[31:0] is 1, and nothing else.',
    references: [rel0('runtime/rsi/memory.c', 'handle_rsi_ipa_state_set')],
    change: {
      commands: {
        RSI_IPA_STATE_SET: (command) =>
          withEffect(
            withFailure(command, 'ripas_valid', {
              pre: ({ rmm }: IpaStateSet) => low32(rmm.currentRec().gprs[3] ?? 0n) > 1n,
            }),
            (effect: (x: IpaStateSet) => unknown) => (x) => {
              const flags = low32(x.rmm.currentRec().gprs[4] ?? 0n) === 1n ? 1n : 0n;
              return effect(overlaid(x, { flags }));
            },
          ),
      },
    },
  },
  {
    id: 'D31',
    title: 'a token that does not fit its buffer is an input error',
    commands: ['RSI_ATTESTATION_TOKEN_CONTINUE'],
    rule: 'RMM 1.0 B5.3.1, unknown',
    standing: 'divergent',
    specification: 'Generation that fails for another reason than the inputs is RSI_ERROR_UNKNOWN.',
    implementation: 'RSI_ERROR_INPUT, and the operation stays where it is.',
    references: [rel0('runtime/rsi/realm_attest.c', 'attest_token_continue_write_state')],
    change: {
      commands: {
        RSI_ATTESTATION_TOKEN_CONTINUE: (command) =>
          withEffect(command, (effect: (x: Continue) => unknown) => (x) => {
            const given = effect(x);
            // A token that EL3 could not sign is an unknown error there, too.
            if (x.rmm.currentRec().attest.realmToken === undefined) return given;
            return amended(given, ({ result }) =>
              result === 'RSI_ERROR_UNKNOWN' ? { result: 'RSI_ERROR_INPUT' } : {},
            );
          }),
      },
    },
  },
  {
    id: 'D32',
    title: 'RSI_REALM_CONFIG leaves the rest of the page as it is',
    commands: ['RSI_REALM_CONFIG'],
    rule: 'RMM 1.0 B5.3.9, B5.4.5',
    standing: 'divergent',
    specification: 'The page holds RsiRealmConfig, whose unused bytes are MBZ.',
    implementation: 'ipa_width, hash_algo and rpv are written, and nothing else.',
    references: [rel0('runtime/rsi/config.c', 'handle_rsi_realm_config')],
    change: {
      commands: {
        RSI_REALM_CONFIG: (command) =>
          withEffect(command, (effect: (x: RealmConfig) => unknown) => (x) => {
            const { buffer, realm, rmm } = x;
            if (buffer.kind !== 'DATA') return effect(x);
            const { ipa_width, hash_algo, rpv } = realm;
            const page = rmm.state.contents(buffer.pa).slice();
            RsiRealmConfig.write(page, {
              ipa_width: BigInt(ipa_width),
              hash_algo: RMI_HASH_ALGORITHM[hash_algo],
              rpv,
            });
            rmm.state.write(buffer.pa, page);
            return {};
          }),
      },
    },
  },
  {
    id: 'D39',
    title: 'whatever interrupts signing is reported as an IRQ',
    commands: ['RSI_ATTESTATION_TOKEN_CONTINUE'],
    rule: 'RMM 1.0 A4.3.2, A7.2.2',
    standing: 'divergent',
    specification: 'A REC exit due to FIQ or SError says so.',
    implementation:
      'Any bit of ISR_EL1 between two steps of signing is a REC exit due to IRQ; the interrupt is still pending after it.',
    references: [rel0('runtime/rsi/realm_attest.c', 'check_pending_irq')],
    change: {
      commands: {
        RSI_ATTESTATION_TOKEN_CONTINUE: (command) =>
          withEffect(
            command,
            (effect: (x: Continue) => unknown) => (x) => withExit(effect(x), () => ({ exit_reason: 'IRQ', esr: 0n })),
          ),
      },
    },
  },
];
