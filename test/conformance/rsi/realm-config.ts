import { expect } from 'vitest';
import { realmConfig } from '../../../src/rmm/rsi/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { UNPROTECTED, type World } from '../language/world.ts';
import { GRANULE, PAGE, running } from './support.ts';

const config = (w: World): Uint8Array => w.load(PAGE, Number(GRANULE));

export const realmConfigRows = conformance(realmConfig, {
  given: (w) => ({ ...running(w), addr: PAGE }),
  fails: {
    addr_align: {
      'one byte further': () => ({ addr: PAGE + 1n }),
      'half a granule further': () => ({ addr: PAGE + 0x800n }),
    },
    addr_bound: {
      'the first Unprotected IPA': () => ({ addr: UNPROTECTED }),
      'beyond the space': () => ({ addr: 1n << 40n }),
    },
  },
  succeeds: {
    ipa_width: {
      '40 bits': (_, w) =>
        when({}, { sees: () => expect(config(w).slice(0, 8)).toEqual(Uint8Array.of(40, 0, 0, 0, 0, 0, 0, 0)) }),
    },
    hash_algo: {
      'SHA-256, and zeros up to the next doubleword': (_, w) =>
        when({}, { sees: () => expect(config(w).slice(8, 16)).toEqual(new Uint8Array(8)) }),
      'SHA-512': (_, w) => {
        w.driver.interrupt('IRQ');
        running(w, { hash: 'SHA_512' });
        return when({}, { sees: () => expect(config(w)[8]).toBe(1) });
      },
    },
  },
  also: {
    'the RPV, and zeros everywhere else': (_, w) => {
      w.driver.interrupt('IRQ');
      const rpv = Uint8Array.from({ length: 64 }, (_, i) => 200 - i);
      running(w, { rpv });
      w.store(PAGE, new Uint8Array(Number(GRANULE)).fill(0xee));
      const expected = new Uint8Array(Number(GRANULE));
      expected[0] = 40;
      expected.set(rpv, 0x200);
      return when({}, { sees: () => expect(config(w)).toEqual(expected) });
    },
    'a page that is EMPTY is no place to write to': () => when({ addr: 0n }, { result: 'RSI_ERROR_INPUT' }),
    'a page of RAM that is not mapped is for the Host to map': ({ realm, rec }, w) => {
      w.driver.interrupt('IRQ');
      w.must('RMI_DATA_DESTROY', realm.rd, PAGE);
      w.run(rec);
      const fault = { exit_reason: 0, esr: 0x9000_0007n, hpfar: PAGE >> 8n };
      return when({}, { exit: fault });
    },
  },
});
