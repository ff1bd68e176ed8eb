import { GRANULE } from '../../abi/index.ts';
import { equalBytes } from '../../bytes/index.ts';
import { answer, byteString, reg, uint64 } from '../../spec/index.ts';
import { NO_ATTESTATION } from '../model/attestation.ts';
import { item } from '../model/items.ts';
import { realmClaims } from '../realm/token.ts';
import { rsi } from './family.ts';

export const attestationTokenInit = rsi({
  name: 'RSI_ATTESTATION_TOKEN_INIT',
  fid: 0xc400_0194,
  spec: 'RMM 1.0 B5.3.2',
  summary: 'Begins a token, with the measurements as they stand. One that was under way is dropped.',

  inputs: { challenge: reg(1, byteString(64), 'challenge value') },
  outputs: { size: reg(1, uint64, 'upper bound of the size of the token, in bytes') },
  context: {
    rec: ({ rmm }) => rmm.currentRec(),
  },

  failures: {},
  order: [],

  effect: ({ challenge, rmm }) => {
    const { state } = rmm;
    // The text lists no failure; an RMM whose bring-up of attestation failed has nothing to begin with (rmm-el3 5.4).
    if (state.attestation === undefined) return answer({ result: 'RSI_ERROR_UNKNOWN' });
    const claims = realmClaims(state.crypto, state.dialect, state.attestation, rmm.currentRealm(), challenge);
    rmm.updateRec({
      // A response to a request of an earlier operation finds another ticket here, and is dropped.
      attest: { ...NO_ATTESTATION, state: 'ATTEST_IN_PROGRESS', challenge, claims, steps: state.impDef.signSteps },
    });
    return { size: BigInt(state.impDef.tokenBufferGranules) * GRANULE };
  },

  success: {
    state: ({ rec }) => rec.attest.state === 'ATTEST_IN_PROGRESS',
    challenge: ({ rec, challenge }) => equalBytes(rec.attest.challenge ?? new Uint8Array(), challenge),
  },
  footprint: {
    state: ({ rmm }) => item.rec(rmm.recAddr, 'attest'),
    challenge: ({ rmm }) => item.rec(rmm.recAddr, 'attest'),
  },
});
