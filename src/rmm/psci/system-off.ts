import { PSCI_FID } from '../../abi/index.ts';
import { answer } from '../../spec/index.ts';
import { item } from '../model/items.ts';
import { psciExit } from './exit.ts';
import { psci } from './family.ts';

const turnsOff = (name: 'PSCI_SYSTEM_OFF' | 'PSCI_SYSTEM_RESET', spec: string, summary: string) =>
  psci({
    name,
    fid: PSCI_FID[name],
    spec,
    summary,

    inputs: {},
    outputs: {},
    context: {
      realm: ({ rmm }) => rmm.currentRealm(),
    },

    failures: {},
    order: [],

    effect: ({ realm, rmm }) => {
      // Another REC of the Realm may have turned it off already.
      if (realm.state === 'REALM_ACTIVE') rmm.state.updateRealm(rmm.rd, { state: 'REALM_SYSTEM_OFF' });
      return answer({ transfer: { exit: psciExit(PSCI_FID[name]) } });
    },

    success: { state: ({ realm }) => realm.state === 'REALM_SYSTEM_OFF' },
    footprint: { state: ({ rmm }) => item.realm(rmm.rd, 'state') },
  });

export const systemOff = turnsOff('PSCI_SYSTEM_OFF', 'RMM 1.0 B6.3.6', 'Turns the Realm off for good.');
export const systemReset = turnsOff(
  'PSCI_SYSTEM_RESET',
  'RMM 1.0 B6.3.7',
  'Turns the Realm off for good, as SYSTEM_OFF.',
);
