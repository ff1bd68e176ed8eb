import { measurementRead } from '../../../src/rmm/rsi/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { rimAfterData, rimAfterRec, rimOfRealm } from '../language/measure.ts';
import { GRANULE, PAGE, running } from './support.ts';

const CONTENTS = new Uint8Array(Number(GRANULE));

export const measurementReadRows = conformance(measurementRead, {
  given: (w) => ({ ...running(w), index: 0 }),
  fails: {
    index_bound: {
      'index 5': () => ({ index: 5 }),
      'index 2^32': () => ({ index: 2 ** 32 }),
      'the largest a number holds': () => ({ index: Number.MAX_SAFE_INTEGER }),
    },
  },
  passes: {
    index_bound: { 'index 4': () => when({ index: 4 }, { out: { value: new Uint8Array(64) } }) },
  },
  succeeds: {
    value: {
      'the RIM, and zeros after 32 bytes': ({ realm }) => {
        const rim = rimAfterData('sha256', rimOfRealm('sha256', realm.params), {
          ipa: PAGE,
          flags: 1n,
          contents: CONTENTS,
        });
        return when({}, { out: { value: rimAfterRec('sha256', rim) } });
      },
      'a REM that was never extended': () => when({ index: 1 }, { out: { value: new Uint8Array(64) } }),
    },
  },
  also: {
    '64 bytes of a Realm that measures with SHA-512': (_, w) => {
      w.driver.interrupt('IRQ');
      const { realm } = running(w, { hash: 'SHA_512' });
      const rim = rimAfterData('sha512', rimOfRealm('sha512', realm.params), {
        ipa: PAGE,
        flags: 1n,
        contents: CONTENTS,
      });
      return when({}, { out: { value: rimAfterRec('sha512', rim) } });
    },
  },
});
