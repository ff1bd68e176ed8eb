import type { ComponentOrder, Dialect, KeyForm, PlatformOrder } from '../token/index.ts';

/** Where known HES implementations differ (hes 6.2). */
export interface HesSwitches {
  /** Form in which public keys are hashed: instance id and challenge. RSE before 2024 and Islet hash the bare point. */
  readonly keyHash: KeyForm;
  /** Root of the CPAK: GUK up to TF-M 1.8 and in Islet. */
  readonly cpakRoot: 'huk' | 'guk';
  /** Derivation of seeds from roots: SHA-256, then AES-ECB, up to TF-M 1.8 and in Islet. */
  readonly kdf: 'cmac' | 'sha-ecb';
  /** Names of components: those of sample tokens, or those that RSE and TF-A send. */
  readonly swTypeStyle: 'sample' | 'rse';
  readonly tokenOrder: PlatformOrder;
  readonly componentOrder: ComponentOrder;
  /** The 4 bytes that reference code returns as implementation id, against the specification (hes 4.1). */
  readonly implIdStyle: '32' | 'rse4';
  /** What a second EXTEND does to version and type. */
  readonly extendMetadata: 'clear' | 'replace' | 'keepType';
  /** Whether GET_PLATFORM_TOKEN compares the hash with the delegated key's. */
  readonly challengeCheck: boolean;
}

/** The rules of RSE, with what the dialect asks of HES. */
export const defaultSwitches = (dialect: Dialect): HesSwitches => ({
  keyHash: dialect.rak,
  cpakRoot: 'huk',
  kdf: 'cmac',
  swTypeStyle: 'sample',
  tokenOrder: dialect.platformOrder,
  componentOrder: dialect.componentOrder,
  implIdStyle: '32',
  extendMetadata: 'clear',
  challengeCheck: true,
});
