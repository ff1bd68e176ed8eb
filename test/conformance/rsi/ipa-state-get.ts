import { ipaStateGet } from '../../../src/rmm/rsi/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { GIB, MIB, UNPROTECTED } from '../language/world.ts';
import { GRANULE, PAGE, running } from './support.ts';

export const ipaStateGetRows = conformance(ipaStateGet, {
  given: (w) => ({ ...running(w), base: PAGE, top: PAGE + GRANULE }),
  fails: {
    base_align: { 'one byte further': () => ({ base: PAGE + 1n }) },
    end_align: { 'one byte further': () => ({ top: PAGE + GRANULE + 1n }) },
    size_valid: {
      'top below base': () => ({ top: PAGE - GRANULE }),
      'top is base': () => ({ top: PAGE }),
    },
    rgn_bound: {
      'top is Unprotected': () => ({ top: UNPROTECTED + GRANULE }),
      'base is Unprotected': () => ({ base: UNPROTECTED, top: UNPROTECTED + GRANULE }),
      'beyond the space': () => ({ base: 1n << 40n, top: (1n << 40n) + GRANULE }),
    },
  },
  passes: {
    rgn_bound: {
      'up to the last Protected IPA': () =>
        when({ base: UNPROTECTED - GRANULE, top: UNPROTECTED }, { out: { out_top: UNPROTECTED, ripas: 'EMPTY' } }),
    },
  },
  succeeds: {
    out_top: {
      'all of the range': () => when({}, { out: { out_top: PAGE + GRANULE } }),
      'the first page of another RIPAS': () => when({ base: 0n, top: PAGE + GRANULE }, { out: { out_top: PAGE } }),
      'the end of the table, where the range goes on': () =>
        when({ base: PAGE + GRANULE, top: GIB }, { out: { out_top: 2n * MIB } }),
      'a page inside a larger entry': () =>
        when({ base: 2n * MIB + GRANULE, top: 4n * MIB }, { out: { out_top: 4n * MIB } }),
    },
    ripas: {
      RAM: () => when({}, { out: { ripas: 'RAM' } }),
      EMPTY: () => when({ base: 0n, top: GRANULE }, { out: { ripas: 'EMPTY' } }),
      DESTROYED: ({ realm, rec }, w) => {
        w.driver.interrupt('IRQ');
        w.must('RMI_DATA_DESTROY', realm.rd, PAGE);
        w.run(rec);
        return when({}, { out: { ripas: 'DESTROYED' } });
      },
    },
  },
});
