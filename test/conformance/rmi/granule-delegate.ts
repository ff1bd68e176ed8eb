import { expect } from 'vitest';
import { granuleDelegate } from '../../../src/rmm/rmi/index.ts';
import { conformance, on, when } from '../language/conformance.ts';
import { granuleRows } from '../language/granule-rows.ts';
import { GRANULE } from '../language/world.ts';

const SECOND_REGION = { base: 0x8_8000_0000n, size: GRANULE };

export const granuleDelegateRows = conformance(granuleDelegate, {
  given: (w) => ({ addr: w.page() }),
  fails: {
    ...granuleRows(
      'addr',
      'UNDELEGATED',
      {
        align: 'ADDR_UNALIGNED',
        device: 'ADDR_DEV_MEM_MMIO',
        outside: 'ADDR_OUTSIDE_OF_PERMITTED_PA',
        DELEGATED: 'ADDR_DELEGATED',
        REC: 'ADDR_REC',
        DATA: 'ADDR_DATA',
        RTT: 'ADDR_RTT',
        RD: 'ADDR_RD',
      },
      'gran',
    ),
    gran_gpt: {
      // A granule of the Realm world that is not delegated does not exist: its state is reported.
      GRANULE_GPT_REALM: (_, w) => when({ addr: w.delegated() }, { by: 'gran_state' }),
      GRANULE_GPT_SECURE: (_, w) => ({ addr: w.securePage() }),
    },
  },
  passes: {
    gran_bound: {
      'the first granule of RAM': (_, w) => ({ addr: w.driver.machine.dram[0]?.base ?? 0n }),
      'the last granule of RAM': (_, w) => ({ addr: w.endOfRam() - GRANULE }),
      'a granule of a second region of RAM': on(
        { machine: { dram: [{ base: 0x8000_0000n, size: 0x1000_0000n }, SECOND_REGION] } },
        () => ({ addr: SECOND_REGION.base }),
      ),
    },
    gran_gpt: {
      'a granule that the Secure world gave back': (_, w) => {
        const addr = w.securePage();
        w.driver.changePas(addr, 'GPT_NS');
        return { addr };
      },
    },
  },
  succeeds: {
    gran_gpt: {
      'the Host cannot read it': ({ addr }, w) =>
        when({ addr }, { sees: () => expect(w.driver.read(addr, 16)).toBeUndefined() }),
      'the Host cannot write to it': ({ addr }, w) =>
        when({ addr }, { sees: () => expect(w.driver.write(addr, new Uint8Array(16))).toBe(false) }),
    },
    gran_state: {
      'it can be undelegated': ({ addr }, w) =>
        when({ addr }, { sees: () => void w.must('RMI_GRANULE_UNDELEGATE', addr) }),
    },
  },
});
