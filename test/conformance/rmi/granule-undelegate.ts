import { expect } from 'vitest';
import { granuleUndelegate } from '../../../src/rmm/rmi/index.ts';
import { conformance, on, when } from '../language/conformance.ts';
import { granuleRows } from '../language/granule-rows.ts';
import { GRANULE, type World } from '../language/world.ts';

const SECRET = new Uint8Array(Number(GRANULE)).fill(0x5e);

export const granuleUndelegateRows = conformance(granuleUndelegate, {
  given: (w) => {
    const addr = w.pageWith(SECRET);
    w.must('RMI_GRANULE_DELEGATE', addr);
    return { addr };
  },
  fails: granuleRows(
    'addr',
    'DELEGATED',
    {
      align: 'ADDR_UNALIGNED',
      device: 'ADDR_DEV_MEM_MMIO',
      outside: 'ADDR_OUTSIDE_OF_PERMITTED_PA',
      UNDELEGATED: 'ADDR_UNDELEGATED',
      REC: 'ADDR_REC',
      DATA: 'ADDR_DATA',
      RTT: 'ADDR_RTT',
      RD: 'ADDR_RD',
    },
    'gran',
  ),
  succeeds: {
    gran_gpt: {
      'the Host can write to it': ({ addr }, w) => when({ addr }, { sees: () => w.write(addr, SECRET) }),
    },
    gran_state: {
      'it can be delegated again': ({ addr }, w) =>
        when({ addr }, { sees: () => void w.must('RMI_GRANULE_DELEGATE', addr) }),
    },
    gran_content: {
      'nothing of it is left': ({ addr }, w) =>
        when({ addr }, { sees: () => expect(w.read(addr, SECRET.length)).not.toContain(0x5e) }),
      'it reads as the machine wipes': on({ machine: { wipe_fill: 0xa5 } }, ({ addr }: { addr: bigint }, w: World) =>
        when({ addr }, { sees: () => expect(new Set(w.read(addr, SECRET.length))).toEqual(new Set([0xa5])) }),
      ),
    },
  },
});
