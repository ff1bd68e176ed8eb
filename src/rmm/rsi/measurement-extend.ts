import { equalBytes } from '../../bytes/index.ts';
import { byteString, reg, uint } from '../../spec/index.ts';
import { item } from '../model/items.ts';
import { remExtend, ZERO_SLOT } from '../model/measurement.ts';
import { rsi } from './family.ts';

export const measurementExtend = rsi({
  name: 'RSI_MEASUREMENT_EXTEND',
  fid: 0xc400_0193,
  spec: 'RMM 1.0 B5.3.7',
  summary: 'Extends a REM with up to 64 bytes.',

  inputs: {
    index: reg(1, uint, 'measurement index: 1 to 4'),
    size: reg(2, uint, 'size of the value in bytes'),
    value: reg(3, byteString(64), 'the value, in its first `size` bytes'),
  },
  outputs: {},
  context: {
    realm: ({ rmm }) => rmm.currentRealm(),
    measurement: ({ index, rmm }) => rmm.currentRealm().measurements[index] ?? ZERO_SLOT,
  },

  failures: {
    index_bound: {
      pre: ({ index }) => index < 1 || index > 4,
      post: 'RSI_ERROR_INPUT',
      says: 'there is no REM of that index',
    },
    size_bound: { pre: ({ size }) => size > 64, post: 'RSI_ERROR_INPUT', says: 'a value has at most 64 bytes' },
  },
  order: [],

  before: ({ measurement, size, value, realm, rmm }) => ({
    step: remExtend(rmm.state.hash(realm.hash_algo), measurement, value, size, rmm.state.impDef.remFormula),
  }),
  effect: ({ index, rmm, before: { step } }) => rmm.state.measure(rmm.rd, index, 'RemExtend', step),

  success: { realm_meas: ({ measurement, before }) => equalBytes(measurement, before.step.value) },
  footprint: { realm_meas: ({ rmm }) => item.realm(rmm.rd, 'measurements') },
});
