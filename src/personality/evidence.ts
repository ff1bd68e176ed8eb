import type { Reference } from './personality.ts';

/** TF-RMM at the tag that implements RMM 1.0-rel0. */
export const rel0 = (path: string, symbol?: string): Reference => ({
  repository: 'TF-RMM/tf-rmm',
  tag: 'rmm-spec-v1.0-rel0',
  path,
  ...(symbol && { symbol }),
});

/** TF-RMM at another tag or commit. */
export const tfRmm = (tag: string, path: string, symbol?: string): Reference => ({
  repository: 'TF-RMM/tf-rmm',
  tag,
  path,
  ...(symbol && { symbol }),
});

/** Islet with RSI_FEATURES and an offset of the token in the REC. */
export const islet = (path: string, symbol?: string): Reference => ({
  repository: 'islet-project/islet',
  tag: 'main, since RSI_FEATURES',
  path,
  ...(symbol && { symbol }),
});

/** Islet as it was before RMM 1.0. */
export const isletOld = (path: string, symbol?: string): Reference => ({
  repository: 'islet-project/islet',
  tag: 'fd0d936f8e19422e42937e4b43af98cc1442efc0',
  path,
  ...(symbol && { symbol }),
});
