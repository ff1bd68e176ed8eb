import type { RemFormula } from './measurement.ts';

/** What the specification leaves IMPLEMENTATION DEFINED, or states in a way that implementations read differently. */
export interface ImpDef {
  /** Steps in which a Realm token is signed; between any two an interrupt may end the call (A7.2.2). At least 1. */
  readonly signSteps: number;
  /** Granules of the token buffer: RSI_ATTESTATION_TOKEN_INIT answers their size as the upper bound. */
  readonly tokenBufferGranules: number;
  /** Most bytes that each CONTINUE in turn delivers; the last entry holds from there on. */
  readonly chunk: readonly number[];
  readonly remFormula: RemFormula;
  /** Result registers that a command does not define: zero (B1.2), or as the reference RMM leaves them. */
  readonly unlistedOutputs: 'zero' | 'preserveX4plus';
}

export const SPEC_IMP_DEF: ImpDef = {
  signSteps: 1,
  tokenBufferGranules: 1,
  chunk: [0x1000],
  remFormula: 'impl',
  unlistedOutputs: 'zero',
};
