import { expect } from 'vitest';
import { cpuSuspend } from '../../../src/rmm/psci/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { psciExit, threeRecs } from './support.ts';

const FID = 0xc400_0001n;

export const cpuSuspendRows = conformance(cpuSuspend, {
  given: (w) => ({ ...threeRecs(w), power_state: 0, entry_point_address: 0n, context_id: 0n }),
  exit: psciExit(FID),
  fails: {},
  succeeds: {
    completes: {
      'X0 to X6 are the result when it runs again': ({ rec }, w) =>
        when({}, { sees: () => expect(w.run(rec).gprs.slice(0, 7)).toEqual(new Array<bigint>(7).fill(0n)) }),
      'X7 on are as they were': ({ rec }, w) =>
        when({}, { sees: () => expect(w.run(rec).gprs[7]).toBe(0xdead_beef_0000_0007n) }),
    },
  },
  also: {
    'every power state is a standby: it goes on after the call': ({ rec }, w) => {
      const { pc = 0n } = w.driver.realm() ?? {};
      return when(
        { power_state: 0x0101_0000, entry_point_address: 0x4000n, context_id: 9n },
        { sees: () => expect(w.run(rec)).toMatchObject({ pc: pc + 4n }) },
      );
    },
  },
});
