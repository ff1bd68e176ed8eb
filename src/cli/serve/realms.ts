import { join } from 'node:path';
import type { RealmPlan } from '../../host/index.ts';
import type { Call } from '../command.ts';
import type { serve } from '../commands/serve.ts';
import { badCommandLine } from '../exit.ts';
import { fixturesFolder } from '../firmware-dir.ts';
import { type RealmInput, readRealm } from '../realm/index.ts';

type ServeOptions = (typeof serve)['options'];

/** The Realms of a machine, as options describe them. */
export interface ServedRealms {
  readonly plans: readonly RealmPlan[];
  /** Closes the payload files. */
  close(): void;
}

const DEFAULT_PAYLOAD = join('payload', 'hello-realm.img');

/** Two Realms of one machine cannot have one VMID: a later one takes the next that is free. No measurement holds it. */
const withOwnVmids = (plans: readonly RealmPlan[]): readonly RealmPlan[] => {
  const taken = new Set<number>();
  return plans.map((plan) => {
    let { vmid } = plan.tables;
    while (taken.has(vmid)) vmid += 1;
    taken.add(vmid);
    return vmid === plan.tables.vmid ? plan : { ...plan, tables: { ...plan.tables, vmid } };
  });
};

export const readRealms = async (
  values: Call<ServeOptions>['values'],
  note: (text: string) => void,
): Promise<ServedRealms> => {
  const { realm: files, payload, hash, rpv } = values;
  if (files.length > 1 && payload.length > 0) {
    throw badCommandLine('--payload adds to one Realm, and several are given; write load: into their files');
  }
  const image = join(fixturesFolder(), DEFAULT_PAYLOAD);
  const demo = files.length === 0 && payload.length === 0;
  const payloads = demo ? [{ text: image, path: image, at: undefined }] : payload;
  const none = { extends: [], challenge: undefined };
  const inputs: RealmInput[] = [];
  const close = (): void => {
    for (const input of inputs) input.close();
  };
  try {
    for (const file of files.length === 0 ? [undefined] : files) {
      inputs.push(await readRealm({ file, payloads, hash, rpv, ...none }, note));
    }
    return { plans: withOwnVmids(inputs.map(({ plan }) => plan)), close };
  } catch (error) {
    close();
    throw error;
  }
};
