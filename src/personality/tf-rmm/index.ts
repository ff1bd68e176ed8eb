import { rel0 } from '../evidence.ts';
import type { Personality } from '../personality.ts';
import { DATA_DEVIATIONS } from './data.ts';
import { EXIT_DEVIATIONS } from './exits.ts';
import { TF_RMM_ORDERS } from './orders.ts';
import { PSCI_DEVIATIONS } from './psci.ts';
import { REALM_DEVIATIONS } from './realm.ts';
import { REC_DEVIATIONS } from './rec.ts';
import { REGISTER_DEVIATIONS } from './registers.ts';
import { RSI_DEVIATIONS } from './rsi.ts';
import { RTT_DEVIATIONS } from './rtt.ts';

const numberOf = ({ id }: { readonly id: string }): number => Number(id.slice(1));

/** The reference implementation, at the tag that implements RMM 1.0-rel0. */
export const TF_RMM: Personality = {
  id: 'tf-rmm',
  title: 'TF-RMM at rmm-spec-v1.0-rel0',
  evidence: [rel0('runtime/rmi/'), rel0('runtime/rsi/'), rel0('runtime/core/'), rel0('lib/s2tt/src/s2tt.c')],
  impDef: {
    // ECDSA over P-384 restarts three times with MBEDTLS_ECP_MAX_OPS at its default of 1000, as observed.
    signSteps: 3,
    // RMM_CCA_TOKEN_BUFFER, in pages.
    tokenBufferGranules: 1,
    remFormula: 'impl',
  },
  orders: TF_RMM_ORDERS,
  deviations: [
    ...REGISTER_DEVIATIONS,
    ...REALM_DEVIATIONS,
    ...DATA_DEVIATIONS,
    ...REC_DEVIATIONS,
    ...RTT_DEVIATIONS,
    ...PSCI_DEVIATIONS,
    ...RSI_DEVIATIONS,
    ...EXIT_DEVIATIONS,
  ].sort((a, b) => numberOf(a) - numberOf(b)),
};
