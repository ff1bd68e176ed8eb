import { equalBytes } from '../../bytes/index.ts';
import { byteString, reg, uint } from '../../spec/index.ts';
import { ZERO_SLOT } from '../model/measurement.ts';
import { rsi } from './family.ts';

export const measurementRead = rsi({
  name: 'RSI_MEASUREMENT_READ',
  fid: 0xc400_0192,
  spec: 'RMM 1.0 B5.3.8',
  summary: 'Reads a measurement: the RIM, or a REM.',

  inputs: { index: reg(1, uint, 'measurement index: 0 is the RIM, 1 to 4 are the REMs') },
  outputs: { value: reg(1, byteString(64), 'the measurement, zeros after the digest') },
  context: {
    realm: ({ rmm }) => rmm.currentRealm(),
  },

  failures: {
    index_bound: {
      pre: ({ index }) => index > 4,
      post: 'RSI_ERROR_INPUT',
      says: 'there is no measurement of that index',
    },
  },
  order: [],

  effect: ({ index, realm }) => ({ value: realm.measurements[index] ?? ZERO_SLOT }),

  success: { value: ({ index, realm, out }) => equalBytes(out.value, realm.measurements[index] ?? ZERO_SLOT) },
  footprint: {},
});
