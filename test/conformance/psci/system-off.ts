import { expect } from 'vitest';
import { systemOff, systemReset } from '../../../src/rmm/psci/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { psciExit, threeRecs } from './support.ts';

const rows = (command: typeof systemOff, fid: bigint) =>
  conformance(command, {
    given: threeRecs,
    exit: psciExit(fid),
    fails: {},
    succeeds: {
      state: {
        'no REC can be entered, and the Host learns why': ({ rec, second }, w) =>
          when(
            {},
            {
              sees: () => {
                for (const one of [rec, second]) {
                  expect(w.enter(one)).toMatchObject({ result: { status: 'RMI_ERROR_REALM', index: 1 } });
                }
              },
            },
          ),
        'also when another REC has turned it off already': (_, w) => {
          w.driver.interrupt('IRQ');
          const realm = w.realm();
          const [first, second] = [realm.rec(), realm.rec()];
          realm.activate();
          w.run(first, {}, 0);
          w.run(second, {}, 1);
          w.leaveOn(1, 'PSCI_SYSTEM_OFF');
          return when(
            {},
            {
              sees: () => expect(w.enter(first)).toMatchObject({ result: { status: 'RMI_ERROR_REALM', index: 1 } }),
            },
          );
        },
      },
    },
  });

export const systemOffRows = rows(systemOff, 0x8400_0008n);
export const systemResetRows = rows(systemReset, 0x8400_0009n);
