import type { El3InterfaceVersion, RmmManifestVersion } from '../../abi/index.ts';
import type { RemFormula } from './measurement.ts';

/** What the specification leaves IMPLEMENTATION DEFINED, or states in a way that implementations read differently. */
export interface ImpDef {
  /** The RMM-EL3 interface that this build needs: the same major revision, at least this minor one (rmm-el3 1.2). */
  readonly el3Interface: El3InterfaceVersion;
  /** The boot manifest that it needs, by the same rule. */
  readonly el3Manifest: RmmManifestVersion;
  /** CPUs that it can serve. */
  readonly maxCpus: number;
  /** Who signs Realm tokens: the RMM with a key that it holds, or EL3, whose queue it uses (rmm-el3 4.5). */
  readonly attestSigning: 'rmm' | 'el3';
  /** Steps in which a Realm token is signed; between any two an interrupt may end the call (A7.2.2). At least 1. */
  readonly signSteps: number;
  /** Granules of the token buffer: RSI_ATTESTATION_TOKEN_INIT answers their size as the upper bound. */
  readonly tokenBufferGranules: number;
  /** Most bytes that each CONTINUE in turn delivers; the last entry holds from there on. */
  readonly chunk: readonly number[];
  readonly remFormula: RemFormula;
  /**
   * Result registers that a command does not define: zero (B1.2); X4 and up the caller's; or, in calls of a Realm, all
   * the caller's.
   */
  readonly unlistedOutputs: 'zero' | 'preserveX4plus' | 'preserveInRealm';
  /** Bits of X0 that name the function a Realm calls: the text says all, SMCCC says W0. */
  readonly fidBits: 64 | 32;
  /** What SMCCC_VERSION answers: by the features of the machine (B1.1), or always 1.2. */
  readonly smcccVersion: 'byFeatures' | 'always1.2';
  /** HPFAR for an RSI buffer that is not mapped: the page (A4.3.4.3), or also the bits of the IPA that fall into RES0. */
  readonly rsiFaultHpfar: 'page' | 'withOffset';
  /** Fault status for an RSI buffer where the walk stopped at level -1. */
  readonly rsiFaultLevelMinus1: 'architecture' | 'arithmetic';
  /** X0 of a host call whose structure has become EMPTY when it completes: RSI_SUCCESS, or still the function. */
  readonly hostCallIntoEmpty: 'succeeds' | 'leavesX0';
  /** Whether interrupt controller, timers and PMU are reported when a host call cannot complete: the Realm did not run. */
  readonly hostCallFaultDevices: 'reported' | 'zero';
  /** What a data abort at an Unprotected IPA that cannot be emulated discloses (A4.3.4.3). */
  readonly unprotectedAbort: 'sanitised' | 'asEmulatable';
  /** Where the Host may emulate an access: Unprotected IPAs (A4.3.4.3), or wherever the syndrome is valid. */
  readonly emulationAt: 'unprotected' | 'anywhere';
  /** What a Realm takes for an access beyond its IPA space (A5.2.1). */
  readonly outsideIpaSpace: 'ADDRESS_SIZE' | 'SEA';
  /** What a trapped wait discloses: TI whole, and the timeout (A4.3.4.1), or TI[0] alone. */
  readonly waitSyndrome: 'whole' | 'ti0';
  /** Whether the syndrome of an SError says that it is one (A4.3.10). */
  readonly serrorClass: 'given' | 'missing';
  /** Which RIPAS changes a Host can reject: those to RAM (B3.40), or all. */
  readonly rejects: 'toRam' | 'any';
  /** Entries that a search for live ones goes through in a table of level -1, which uses 16. */
  readonly entriesAtLevelMinus1: 16 | 512;
}

export const SPEC_IMP_DEF: ImpDef = {
  el3Interface: '2.0',
  el3Manifest: '0.3',
  maxCpus: 4096,
  attestSigning: 'rmm',
  signSteps: 1,
  tokenBufferGranules: 1,
  chunk: [0x1000],
  remFormula: 'impl',
  unlistedOutputs: 'zero',
  fidBits: 64,
  smcccVersion: 'byFeatures',
  rsiFaultHpfar: 'page',
  rsiFaultLevelMinus1: 'architecture',
  hostCallIntoEmpty: 'succeeds',
  hostCallFaultDevices: 'reported',
  unprotectedAbort: 'sanitised',
  emulationAt: 'unprotected',
  outsideIpaSpace: 'ADDRESS_SIZE',
  waitSyndrome: 'whole',
  serrorClass: 'given',
  rejects: 'toRam',
  entriesAtLevelMinus1: 16,
};
