import type { ERmm, PsaError } from '../abi/index.ts';
import type { HashName } from '../crypto/index.ts';

/** The format of a fault plan (docs/schemas/fault-plan.schema.json). */
export const FAULT_PLAN_VERSION = 1;

/**
 * Whose faults they are. `rmm`: RMM, EL3 or HES are broken or hostile, and may answer with any register, any length, any
 * byte. `host`: a hostile Host, which decides when a guest runs and what it waits for, and forges nothing. No plan mixes
 * the two.
 */
export const FAULT_MODELS = ['rmm', 'host'] as const;
export type FaultModel = (typeof FAULT_MODELS)[number];

/** errno values that the report interface of a guest's kernel may answer with. */
export const FAULT_ERRNOS = [
  'EINTR',
  'EBUSY',
  'EWOULDBLOCK',
  'EPERM',
  'ENOENT',
  'EIO',
  'ENXIO',
  'ENOMEM',
  'EACCES',
  'EEXIST',
  'EINVAL',
  'EFBIG',
] as const;
export type FaultErrno = (typeof FAULT_ERRNOS)[number];

/** Attributes of a report that an older kernel, or another provider, does not show. */
export const HIDEABLE = [
  'generation',
  'provider',
  'privlevel',
  'privlevel_floor',
  'service_provider',
  'service_guid',
  'service_manifest_version',
  'inblob',
  'outblob',
  'auxblob',
  'manifestblob',
] as const;

/** Calls of a seam, from 1, both ends included. */
export interface CallRange {
  readonly from: number;
  readonly to: number;
}

/** At which calls of its seam a fault acts. */
export type When =
  | { readonly nth: readonly CallRange[] }
  /** Those that carry these bytes. */
  | { readonly challenge: Uint8Array }
  | { readonly always: true };

/** An image that somebody measures where no set of firmware has it. */
export interface FaultComponent {
  readonly slot: number;
  readonly type: string;
  readonly version: string;
  readonly signerId: Uint8Array;
  readonly algorithm: HashName;
  readonly digest: Uint8Array;
  readonly lock: boolean;
}

/** A value for one register, X0 being 0. */
export interface RegisterValue {
  readonly x: number;
  readonly value: bigint;
}

/** An interrupt on the PE of a guest: at once, or at that look of a long-running command at ISR_EL1, counted from 1. */
export interface FaultInterrupt {
  readonly kind: 'IRQ' | 'FIQ' | 'SERROR';
  readonly polls: number;
}

/** A change of one claim, by its label. */
export type ClaimEdit =
  | { readonly omit: number }
  /** The claim stands twice. */
  | { readonly repeat: number }
  /** The claim has this value, whether it was there or not. */
  | { readonly set: number; readonly value: number | string | Uint8Array };

/**
 * What a fault does at a call, in this order: before the call, in place of it, and to what comes back. A seam takes some of
 * these members (`SEAMS`).
 */
export interface Act {
  /** A measurement that nobody asked for comes before the call. */
  readonly extend?: FaultComponent;
  /** A component is activated live before the call. */
  readonly activate?: FaultComponent;
  /** HES goes through a cold reset before the call. */
  readonly reset?: true;

  /** Registers of the call. */
  readonly args?: readonly RegisterValue[];
  /** One bit of the request is the other: bit 0 is the lowest of the first byte. */
  readonly flipRequest?: number;
  /** The request holds another hash of the delegated key. */
  readonly rehash?: { readonly form: 'raw' | 'cose-key'; readonly algorithm: HashName };

  /** Another program writes this inblob to the report before the call. */
  readonly race?: Uint8Array;

  /** The Host has the PE interrupted before the call. */
  readonly interrupt?: FaultInterrupt;
  /** The Host takes the page at this IPA away from the Realm before the call, if it has one there. */
  readonly destroy?: bigint;
  /** The Host does not do what is asked of it: the guest never runs again. */
  readonly deny?: true;
  /** The Host refuses what is asked of it, in the way that the RMM tells the guest. */
  readonly reject?: true;

  /** The call is not made, and this is the answer. */
  readonly fail?: PsaError;
  readonly status?: ERmm;
  readonly errno?: FaultErrno;
  /** The call is not made, and is said to have succeeded. */
  readonly skip?: true;
  /** Another chip of the same group answers, by its seed. */
  readonly ask?: string;

  /** The call gives or takes at most so many bytes. */
  readonly short?: number;
  /** What is made lacks these attributes. */
  readonly hide?: readonly (typeof HIDEABLE)[number][];

  /** Registers of the answer. */
  readonly set?: readonly RegisterValue[];
  /** Bytes in the page that RMM and EL3 share, once the call is done. */
  readonly write?: { readonly at: number; readonly bytes: Uint8Array };
  readonly flip?: number;
  readonly truncate?: number;
  /** So many zero bytes behind what there is. */
  readonly pad?: number;
  readonly replace?: Uint8Array;
  readonly claims?: ClaimEdit;
}
export type ActName = keyof Act;

export interface Fault {
  readonly at: Seam;
  readonly when: When;
  readonly act: Act;
  /** Whether a run in which it never acted has failed. */
  readonly requireFired: boolean;
}

export interface FaultPlan {
  readonly model: FaultModel;
  readonly faults: readonly Fault[];
}

interface SeamKind {
  readonly says: string;
  readonly acts: readonly ActName[];
  /** Those of the acts that a hostile Host can bring about; none where this is absent. */
  readonly host?: readonly ActName[];
}

const chip = ['extend', 'activate', 'reset'] as const satisfies readonly ActName[];
const bytesBack = ['flip', 'truncate', 'pad', 'replace'] as const satisfies readonly ActName[];
const service = (says: string, ...more: readonly ActName[]): SeamKind => ({
  says,
  acts: [...chip, 'fail', ...bytesBack, ...more],
});
const smc = (says: string): SeamKind => ({ says, acts: [...chip, 'args', 'status', 'set', 'write'] });
const primitive = (says: string): SeamKind => ({ says, acts: bytesBack });
/** What only the Host decides. An RMM that is broken may do the same. */
const hostile = (says: string, ...acts: readonly ActName[]): SeamKind => ({ says, acts, host: acts });
const rsi = (says: string): SeamKind => ({ says, acts: ['args', 'skip', 'set'] });
/** The guest's kernel may fail, be late or be raced under any Host; it shows other bytes only if the RMM gave them. */
const tsm = (says: string, late: readonly ActName[], wrong: readonly ActName[] = []): SeamKind => ({
  says,
  acts: [...late, ...wrong],
  host: late,
});

/** Where faults can act: ports and transports, never inside what stands behind them. */
export const SEAMS = {
  'hes.extendMeasurement': { says: 'boot firmware measures an image', acts: ['fail', 'skip'] },
  'hes.getDelegatedKey': service('EL3 asks HES for the RAK'),
  'hes.getPlatformToken': service('EL3 asks HES for the platform token', 'flipRequest', 'rehash', 'ask'),
  'hes.getDelegatedPublicKey': service('EL3 asks HES for the public half of the RAK'),
  'hes.signWithDelegatedKey': service('EL3 has HES sign a Realm token'),
  'hes.claims': {
    says: 'HES has put the claims of a platform token together, and signs them next',
    acts: ['claims', ...bytesBack],
  },
  'hes.crypto.sign': primitive('HES signs'),
  'el3.boot': { says: 'EL3 enters the RMM for the first time', acts: [...chip, 'set', 'write'] },
  'el3.RMM_BOOT_COMPLETE': smc('the RMM says how its boot went'),
  'el3.RMM_ATTEST_GET_REALM_KEY': smc('the RMM asks EL3 for the RAK'),
  'el3.RMM_ATTEST_GET_PLAT_TOKEN': smc('the RMM asks EL3 for a piece of the platform token'),
  'el3.RMM_EL3_FEATURES': smc('the RMM asks what EL3 can do'),
  'el3.RMM_EL3_TOKEN_SIGN.PUSH_REQ': smc('the RMM pushes a hash to be signed'),
  'el3.RMM_EL3_TOKEN_SIGN.PULL_RESP': smc('the RMM pulls a signature'),
  'el3.RMM_EL3_TOKEN_SIGN.GET_RAK_PUB': smc('the RMM asks EL3 for the public half of the RAK'),
  'rmm.crypto.sign': primitive('the RMM signs a Realm token'),
  'rmm.crypto.digest': primitive('the RMM hashes: measurements, and the binding of the RAK'),
  'rmm.entropy.bytes': primitive('the RMM draws random bytes'),
  'rmm.rsi': rsi('a guest makes an RSI or PSCI call'),
  'rmm.rsi.RSI_ATTESTATION_TOKEN_INIT': rsi('a guest asks for a token'),
  'rmm.rsi.RSI_ATTESTATION_TOKEN_CONTINUE': rsi('a guest asks for a piece of a token'),
  'host.smc': hostile('a guest is about to make any call', 'interrupt', 'destroy', 'deny'),
  'host.smc.RSI_ATTESTATION_TOKEN_INIT': hostile('a guest is about to ask for a token', 'interrupt', 'destroy', 'deny'),
  'host.smc.RSI_ATTESTATION_TOKEN_CONTINUE': hostile(
    'a guest is about to ask for a piece of a token',
    'interrupt',
    'destroy',
    'deny',
  ),
  'host.hostCall': hostile('the Host answers a host call', 'set', 'deny'),
  'host.mmio': hostile(
    'a guest touches Unprotected memory that is not there, and the Host may emulate it',
    'reject',
    'set',
    'deny',
  ),
  'host.ripasChange': hostile('a guest wants a RIPAS change', 'reject', 'deny'),
  'host.page': hostile('a guest touches memory that the Host has not given yet', 'deny'),
  'host.psci': hostile('a guest wants another of its PEs turned on, or asks for its state', 'reject', 'deny'),
  'tsm.mkdir': tsm('a program makes a report', ['errno'], ['hide']),
  'tsm.rmdir': tsm('a program removes a report', ['errno']),
  'tsm.open.inblob': tsm('a program opens inblob', ['race', 'errno']),
  'tsm.write.inblob': tsm('a program writes to inblob', ['race', 'errno', 'short']),
  'tsm.open.outblob': tsm('a program opens outblob', ['race', 'errno'], bytesBack),
  'tsm.read.outblob': tsm('a program reads outblob', ['race', 'errno', 'short']),
  'tsm.open.generation': tsm('a program opens generation', ['race', 'errno'], bytesBack),
  'tsm.read.generation': tsm('a program reads generation', ['race', 'errno', 'short']),
  'tsm.open.provider': tsm('a program opens provider', ['race', 'errno'], bytesBack),
  'tsm.read.provider': tsm('a program reads provider', ['race', 'errno', 'short']),
} as const satisfies Record<string, SeamKind>;
export type Seam = keyof typeof SEAMS;

/** What a fault may do at a seam under a model. */
export const actsOf = (model: FaultModel, seam: Seam): readonly ActName[] => {
  const kind: SeamKind = SEAMS[seam];
  return model === 'rmm' ? kind.acts : (kind.host ?? []);
};

/** Whether a seam lies outside the machine: a trace shows what came of its faults as stimuli. */
export const isOutside = (seam: string): boolean => /^(host|tsm)\./.test(seam);

/** What an act does, in words. */
export const ACTS: Readonly<Record<ActName, string>> = {
  extend: 'a measurement that nobody asked for comes before the call',
  activate: 'a component is activated live before the call',
  reset: 'HES goes through a cold reset before the call',
  args: 'registers of the call',
  flipRequest: 'one bit of the request is the other',
  rehash: 'the request holds another hash of the delegated key',
  race: 'another program writes this inblob to the report before the call',
  interrupt: 'the PE of the guest is interrupted before the call',
  destroy: 'the Host takes this page away from the Realm before the call',
  deny: 'the Host does not do it: the guest never runs again',
  reject: 'the Host refuses it, and the guest is told so',
  fail: 'the call is not made and this PSA status is the answer',
  status: 'the call is not made and this E_RMM status is the answer',
  errno: 'the call fails with this errno',
  skip: 'the call is not made and is said to have succeeded',
  ask: 'another chip of the same group answers, by its seed',
  short: 'the call gives or takes at most so many bytes',
  hide: 'what is made lacks these attributes',
  set: 'registers of the answer',
  write: 'bytes in the shared page, once the call is done',
  flip: 'one bit of the answer is the other',
  truncate: 'the answer ends after so many bytes',
  pad: 'so many zero bytes follow the answer',
  replace: 'these bytes are the answer',
  claims: 'one claim is left out, stands twice or has another value',
};
