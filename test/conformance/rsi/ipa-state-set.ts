import { expect } from 'vitest';
import { RMI_ENTER_FLAG } from '../../../src/abi/index.ts';
import { ipaStateSet } from '../../../src/rmm/rsi/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { UNPROTECTED } from '../language/world.ts';
import { GRANULE, PAGE, running } from './support.ts';

const EMPTY = 0n;
const RAM = 1n;
const RIPAS_CHANGE = 4;
const { ripas_response } = RMI_ENTER_FLAG;
const TOP = PAGE + 2n * GRANULE;

const exit = { exit_reason: RIPAS_CHANGE, ripas_base: PAGE, ripas_top: TOP, ripas_value: 1 };

export const ipaStateSetRows = conformance(ipaStateSet, {
  given: (w) => ({ ...running(w), base: PAGE, top: TOP, ripas: RAM, flags: 0n }),
  exit,
  fails: {
    base_align: { 'one byte further': () => ({ base: PAGE + 1n }) },
    top_align: { 'one byte less': () => ({ top: TOP - 1n }) },
    size_valid: {
      'top below base': () => ({ top: PAGE - GRANULE }),
      'top is base': () => ({ top: PAGE }),
    },
    rgn_bound: {
      'top is Unprotected': () => ({ top: UNPROTECTED + GRANULE }),
      'base is Unprotected': () => ({ base: UNPROTECTED, top: UNPROTECTED + GRANULE }),
    },
    ripas_valid: {
      DESTROYED: () => ({ ripas: 2n }),
      DEV: () => ({ ripas: 3n }),
      'the last encoding': () => ({ ripas: 255n }),
    },
  },
  passes: {
    ripas_valid: {
      'bits that should be zero are ignored': () => ({ ripas: 0xff00n | RAM }),
      EMPTY: () => when({ ripas: EMPTY }, { exit: { ...exit, ripas_value: 0 } }),
    },
    rgn_bound: {
      'up to the last Protected IPA': () => when({ top: UNPROTECTED }, { exit: { ...exit, ripas_top: UNPROTECTED } }),
    },
  },
  succeeds: {
    pending: {
      'the Host learns base, top and RIPAS': () => ({}),
      'the registers come when the REC is entered again': ({ rec }, w) =>
        when({}, { sees: () => expect(w.run(rec).gprs.slice(0, 3)).toEqual([0n, PAGE, 0n]) }),
      'what the Host changed is counted': ({ realm, rec }, w) =>
        when(
          {},
          {
            sees: () => {
              w.must('RMI_RTT_SET_RIPAS', realm.rd, rec.rec, PAGE, PAGE + GRANULE);
              expect(w.run(rec).gprs.slice(0, 3)).toEqual([0n, PAGE + GRANULE, 0n]);
            },
          },
        ),
      'the Host rejects the rest': ({ realm, rec }, w) =>
        when(
          {},
          {
            sees: () => {
              w.must('RMI_RTT_SET_RIPAS', realm.rd, rec.rec, PAGE, PAGE + GRANULE);
              expect(w.run(rec, { flags: ripas_response }).gprs.slice(0, 3)).toEqual([0n, PAGE + GRANULE, 1n]);
            },
          },
        ),
      'a request that is complete cannot be rejected': ({ realm, rec }, w) =>
        when(
          {},
          {
            sees: () => {
              w.must('RMI_RTT_SET_RIPAS', realm.rd, rec.rec, PAGE, TOP);
              expect(w.run(rec, { flags: ripas_response }).gprs.slice(0, 3)).toEqual([0n, TOP, 0n]);
            },
          },
        ),
      'nor one for EMPTY': ({ rec }, w) =>
        when(
          { ripas: EMPTY },
          {
            exit: { ...exit, ripas_value: 0 },
            sees: () => expect(w.run(rec, { flags: ripas_response }).gprs.slice(0, 3)).toEqual([0n, PAGE, 0n]),
          },
        ),
    },
  },
});
