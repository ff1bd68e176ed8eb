import { islet, isletOld, rel0 } from './evidence.ts';
import type { Reference } from './personality.ts';

/** One behaviour of RSI and of the token protocol, as each implementation has it. */
export interface RsiBehaviour {
  readonly behaviour: string;
  readonly rule: string;
  /** What the specification says, and each implementation does. */
  readonly spec: string;
  readonly tfRmm: string;
  readonly islet: string;
  readonly isletOld: string;
  /** What makes an RMM do so: switches, members of ImpDef, or commands whose order it is. Empty where nothing differs. */
  readonly by: readonly string[];
  readonly references: readonly Reference[];
}

const TOKEN = 'runtime/rsi/realm_attest.c';
const MOD = 'rmm/src/rsi/mod.rs';

/** How implementations of the token protocol differ, row by row. */
export const RSI_BEHAVIOURS: readonly RsiBehaviour[] = [
  {
    behaviour: 'registers of the challenge',
    rule: 'RMM 1.0 B5.3.2',
    spec: 'X1 to X8',
    tfRmm: 'X1 to X8',
    islet: 'X1 to X8',
    isletOld: 'X2 to X9',
    by: ['O1'],
    references: [rel0(TOKEN, 'handle_rsi_attest_token_init'), isletOld(MOD, 'ATTEST_TOKEN_INIT')],
  },
  {
    behaviour: 'upper bound that INIT answers',
    rule: 'RMM 1.0 B5.3.2',
    spec: 'any, not below the length',
    tfRmm: 'whole pages of its buffer',
    islet: 'a constant',
    isletOld: '4096',
    by: ['tokenBufferGranules'],
    references: [rel0(TOKEN, 'handle_rsi_attest_token_init'), islet(MOD, 'ATTEST_TOKEN_INIT')],
  },
  {
    behaviour: 'when measurements are read',
    rule: 'RMM 1.0 A7.2.2',
    spec: 'not said',
    tfRmm: 'at INIT',
    islet: 'at each CONTINUE',
    isletOld: 'at CONTINUE',
    by: ['I4', 'O2'],
    references: [rel0(TOKEN, 'handle_rsi_attest_token_init'), islet(MOD, 'get_token_part')],
  },
  {
    behaviour: 'order of checking inputs and state',
    rule: 'RMM 1.0 B5.3.1',
    spec: 'any',
    tfRmm: 'inputs, bound, state',
    islet: 'state, address, translation, size',
    isletOld: 'state, address',
    by: ['RSI_ATTESTATION_TOKEN_CONTINUE', 'O2'],
    references: [rel0(TOKEN, 'handle_rsi_attest_token_continue'), islet(MOD, 'ATTEST_TOKEN_CONTINUE')],
  },
  {
    behaviour: 'offset and size',
    rule: 'RMM 1.0 B5.3.1',
    spec: 'honoured',
    tfRmm: 'honoured',
    islet: 'honoured',
    isletOld: 'ignored: the whole token goes to the start of the granule',
    by: ['O2'],
    references: [isletOld(MOD, 'ATTEST_TOKEN_CONTINUE')],
  },
  {
    behaviour: 'offset of 4096 or more',
    rule: 'RMM 1.0 B5.3.1, offset_bound',
    spec: 'refused',
    tfRmm: 'refused',
    islet: 'taken where nothing is written',
    isletOld: 'not read',
    by: ['I3', 'O2'],
    references: [rel0(TOKEN, 'handle_rsi_attest_token_continue'), islet(MOD, 'ATTEST_TOKEN_CONTINUE')],
  },
  {
    behaviour: 'length of a piece',
    rule: 'RMM 1.0 B5.3.1',
    spec: 'up to the end of the granule',
    tfRmm: 'up to size',
    islet: 'up to size',
    isletOld: 'all at once',
    by: ['O2'],
    references: [rel0(TOKEN, 'attest_cca_token_create'), isletOld(MOD, 'ATTEST_TOKEN_CONTINUE')],
  },
  {
    behaviour: 'RSI_INCOMPLETE because of an interrupt',
    rule: 'RMM 1.0 A7.2.2',
    spec: 'allowed',
    tfRmm: 'after each step of signing',
    islet: 'never',
    isletOld: 'never',
    by: ['signSteps', 'I5'],
    references: [rel0(TOKEN, 'handle_rsi_attest_token_continue'), islet(MOD, 'ATTEST_TOKEN_CONTINUE')],
  },
  {
    behaviour: 'pieces are of one token',
    rule: 'RMM 1.0 A7.2.2',
    spec: 'always',
    tfRmm: 'always: one buffer',
    islet: 'while no REM is extended',
    isletOld: 'there is one piece',
    by: ['I4', 'O2'],
    references: [rel0(TOKEN, 'attest_cca_token_create'), islet(MOD, 'get_token_part')],
  },
  {
    behaviour: 'RSI_ERROR_UNKNOWN',
    rule: 'RMM 1.0 B5.3.1, unknown',
    spec: 'when the token cannot be made',
    tfRmm: 'when it cannot be signed',
    islet: 'not defined',
    isletOld: 'not defined',
    by: ['D31'],
    references: [rel0(TOKEN, 'handle_rsi_attest_token_continue'), islet(MOD)],
  },
  {
    behaviour: 'whose the state of a token operation is',
    rule: 'RMM 1.0 A7.2.2',
    spec: "the REC's",
    tfRmm: "the REC's",
    islet: "the REC's",
    isletOld: "the REC's",
    by: [],
    references: [rel0('runtime/include/rec.h', 'struct rec_attest_data'), islet(MOD)],
  },
  {
    behaviour: 'X1 of RSI_INCOMPLETE because of an interrupt',
    rule: 'RMM 1.0 B5.3.1',
    spec: 'the length, which is 0',
    tfRmm: '0',
    islet: 'does not arise',
    isletOld: 'does not arise',
    by: ['I5'],
    references: [rel0(TOKEN, 'handle_rsi_attest_token_continue')],
  },
  {
    behaviour: 'RPV of the token',
    rule: 'RMM 1.0 A7.2.3.1',
    spec: "the Realm's",
    tfRmm: "the Realm's",
    islet: "the Realm's",
    isletOld: 'zero',
    by: ['O4'],
    references: [rel0(TOKEN, 'get_rpv'), isletOld('rmm/src/rsi/attestation/mod.rs')],
  },
];
