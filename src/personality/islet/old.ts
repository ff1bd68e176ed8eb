import { revision } from '../../abi/index.ts';
import { at, bytes, layout, padEnd, u8, u64 } from '../../bytes/index.ts';
import type { rmi, rsi } from '../../rmm/index.ts';
import { byteString, type Command, overlaid, reg, uint64, withEffect, without, withSuccess } from '../../spec/index.ts';

import { isletOld } from '../evidence.ts';
import type { FrameOf } from '../frame.ts';
import type { Deviation } from '../personality.ts';
import { rebuilt } from './index.ts';

type Continue = FrameOf<typeof rsi.attestationTokenContinue>;
type IpaStateGet = FrameOf<typeof rsi.ipaStateGet>;
type InitRipas = FrameOf<typeof rmi.rttInitRipas>;

const MOD = 'rmm/src/rsi/mod.rs';

/** The RIPAS descriptor before RMM 1.0: an entry by its base and its level. */
const OldRipasDescriptor = layout(
  'RmmMeasurementDescriptorRipas (Islet, before RMM 1.0)',
  { size: 0x100, spec: 'islet-project/islet rmm/src/measurement/ctx.rs' },
  {
    desc_type: at(0x00, u8, 'measurement descriptor type'),
    len: at(0x08, u64, 'length of the descriptor'),
    rim: at(0x10, bytes(64), 'current RIM'),
    ipa: at(0x50, u64, 'IPA of the entry'),
    level: at(0x58, u8, 'level of the entry'),
  },
);

const stub =
  (title: string) =>
  (command: Command): Command => ({
    ...command,
    summary: title,
    failures: {},
    order: [],
    effect: () => ({}),
    success: {},
    footprint: {},
  });

/** What an Islet from before RMM 1.0 does: switches alone, since no stack has all of them any more. */
export const ISLET_OLD_DEVIATIONS: readonly Deviation[] = [
  {
    id: 'O1',
    title: 'the challenge is in X2 to X9',
    commands: ['RSI_ATTESTATION_TOKEN_INIT'],
    rule: 'RMM 1.0 B5.3.2',
    standing: 'divergent',
    specification: 'The challenge is in X1 to X8.',
    implementation: 'X1 is passed over.',
    references: [isletOld(MOD, 'ATTEST_TOKEN_INIT')],
    change: {
      commands: {
        RSI_ATTESTATION_TOKEN_INIT: (command) => ({
          ...command,
          inputs: { ...command.inputs, challenge: reg(2, byteString(64), 'challenge value') },
        }),
      },
    },
  },
  {
    id: 'O2',
    title: 'CONTINUE writes the whole token to the start of the granule',
    commands: ['RSI_ATTESTATION_TOKEN_CONTINUE'],
    rule: 'RMM 1.0 B5.3.1',
    standing: 'divergent',
    specification: 'offset and size say where the next piece goes and how long it may be.',
    implementation: 'X2 and X3 are not read: one call delivers the token, made from the measurements of the moment.',
    references: [isletOld(MOD, 'ATTEST_TOKEN_CONTINUE')],
    change: {
      commands: {
        RSI_ATTESTATION_TOKEN_CONTINUE: (command) =>
          withEffect(
            ['offset_bound', 'size_overflow', 'size_bound'].reduce((changed, id) => without(changed, id), command),
            (effect: (x: Continue) => unknown) => (x) => {
              rebuilt(x);
              return effect(overlaid(x, { offset: 0n, size: 0x1000n }));
            },
          ),
      },
      impDef: { chunk: [0x1000] },
    },
  },
  {
    id: 'O3',
    title: 'a token operation never ends',
    commands: ['RSI_ATTESTATION_TOKEN_CONTINUE'],
    rule: 'RMM 1.0 B5.3.1, complete',
    standing: 'divergent',
    specification: 'After the last piece no token is under way: CONTINUE is RSI_ERROR_STATE.',
    implementation: 'CONTINUE after RSI_SUCCESS makes the token again.',
    references: [isletOld(MOD, 'ATTEST_TOKEN_CONTINUE')],
    change: {
      commands: {
        RSI_ATTESTATION_TOKEN_CONTINUE: (command) =>
          withSuccess(
            withEffect(command, (effect: (x: Continue) => unknown) => (x) => {
              const { attest } = x.rec;
              const given = effect(x);
              if (x.rmm.currentRec().attest.state === 'NO_ATTEST_IN_PROGRESS') {
                const again = { steps: 1, realmToken: undefined, token: undefined, copied: 0, pieces: 0 };
                x.rmm.updateRec({ attest: { ...attest, ...again } });
              }
              return given;
            }),
            'complete',
          ),
      },
    },
  },
  {
    id: 'O4',
    title: 'the RPV of every token is zero',
    commands: ['RSI_ATTESTATION_TOKEN_CONTINUE'],
    rule: 'RMM 1.0 A7.2.3.1',
    standing: 'divergent',
    specification: 'Claim 44235 is the RPV of the Realm.',
    implementation: 'Claim 44235 is 64 bytes of zero.',
    references: [isletOld('rmm/src/rsi/attestation/mod.rs')],
    change: {
      commands: {
        RSI_ATTESTATION_TOKEN_CONTINUE: (command) =>
          withEffect(command, (effect: (x: Continue) => unknown) => (x) => {
            rebuilt(x, new Uint8Array(64));
            return effect(x);
          }),
      },
    },
  },
  {
    id: 'O5',
    title: 'RSI_VERSION answers the revision in X0',
    commands: ['RSI_VERSION'],
    rule: 'RMM 1.0 B5.3.10',
    standing: 'divergent',
    specification: 'X0 is a status, X1 and X2 are revisions.',
    implementation: 'X0 is 0x10000, whatever was asked for.',
    references: [isletOld(MOD, 'ABI_VERSION')],
    change: {
      commands: {
        RSI_VERSION: (command) => ({
          ...command,
          outputs: { version: reg(0, uint64, 'revision, in place of a status') },
          effect: () => ({ version: revision(1, 0) }),
          success: {},
        }),
      },
    },
  },
  {
    id: 'O6',
    title: 'there is no RSI_FEATURES',
    commands: ['RSI_FEATURES'],
    rule: 'RMM 1.0 B5.3.3',
    standing: 'divergent',
    specification: 'RSI_FEATURES answers zero for every index.',
    implementation: 'The function is SMCCC NOT_SUPPORTED.',
    references: [isletOld(MOD, 'define_interface')],
    change: { set: (set) => ({ ...set, rsi: set.rsi.filter(({ name }) => name !== 'RSI_FEATURES') }) },
  },
  {
    id: 'O7',
    title: 'RSI_IPA_STATE_GET is about one page',
    commands: ['RSI_IPA_STATE_GET'],
    rule: 'RMM 1.0 B5.3.5',
    standing: 'divergent',
    specification: 'X1 and X2 are a range; X1 answers how far it is uniform, X2 the RIPAS.',
    implementation: 'X1 is a page, and answers its RIPAS.',
    references: [isletOld(MOD, 'IPA_STATE_GET')],
    change: {
      commands: {
        RSI_IPA_STATE_GET: (command) => ({
          ...withEffect(
            ['end_align', 'size_valid', 'rgn_bound'].reduce((changed, id) => without(changed, id), command),
            () => (x: IpaStateGet) => ({ ripas: x.rmm.state.walk(x.rmm.rd, x.base, 3).rtte.ripas }),
          ),
          outputs: command.outputs['ripas'] === undefined ? {} : { ripas: { ...command.outputs['ripas'], first: 1 } },
          success: {},
        }),
      },
    },
  },
  {
    id: 'O8',
    title: 'four PSCI functions do nothing',
    commands: ['PSCI_CPU_SUSPEND', 'PSCI_CPU_OFF', 'PSCI_AFFINITY_INFO', 'PSCI_SYSTEM_RESET'],
    rule: 'RMM 1.0 A4.3.7',
    standing: 'divergent',
    specification: 'Each of them leads to a REC exit due to PSCI.',
    implementation: 'They return PSCI_SUCCESS, and the Host hears nothing.',
    references: [isletOld('rmm/src/rsi/psci.rs', 'set_event_handler')],
    change: {
      commands: Object.fromEntries(
        ['PSCI_CPU_SUSPEND', 'PSCI_CPU_OFF', 'PSCI_AFFINITY_INFO', 'PSCI_SYSTEM_RESET'].map((name) => [
          name,
          stub('Returns.'),
        ]),
      ),
    },
  },
  {
    id: 'O9',
    title: 'the RIM names an entry by its level',
    commands: ['RMI_RTT_INIT_RIPAS'],
    rule: 'RMM 1.0 C1.13',
    standing: 'divergent',
    specification: 'A RIPAS descriptor holds base and top of the entry.',
    implementation: 'It holds the IPA at 0x50 and the level, in one byte, at 0x58.',
    references: [isletOld('rmm/src/measurement/ctx.rs')],
    change: {
      commands: {
        RMI_RTT_INIT_RIPAS: (command) =>
          withSuccess(
            withEffect(command, (effect: (x: InitRipas) => unknown) => (x) => {
              const { walk, steps } = x.before;
              const hash = x.rmm.hash(x.realm.hash_algo);
              let rim = x.realm.measurements[0];
              const old = steps.map(({ descriptor }) => {
                const members = {
                  desc_type: 2,
                  len: 0x100n,
                  rim,
                  ipa: descriptor()['base'] as bigint,
                  level: walk.level,
                };
                rim = padEnd(hash.digest(OldRipasDescriptor.encode(members)), 64);
                return { descriptor: () => members, value: rim };
              });
              return effect(overlaid(x, { before: { ...x.before, steps: old } }));
            }),
            'rim',
          ),
      },
    },
  },
];
