import type { StateItem } from '../../spec/index.ts';
import type { Realm } from './realm.ts';
import type { Rec } from './rec.ts';

/** The pieces of state that footprints name, by the table and key under which the monitor keeps them. */
export const item = {
  granule: (pa: bigint): StateItem => ({ table: 'granules', key: pa }),
  gpt: (pa: bigint): StateItem => ({ table: 'gpt', key: pa }),
  contents: (pa: bigint): StateItem => ({ table: 'memory', key: pa }),
  /** The whole Realm, or one member of it. */
  realm: (rd: bigint, member?: keyof Realm): StateItem => ({ table: 'realms', key: rd, ...(member && { member }) }),
  rec: (rec: bigint, member?: keyof Rec): StateItem => ({ table: 'recs', key: rec, ...(member && { member }) }),
  /** The whole table, or one entry of it. */
  rtt: (rtt: bigint, index?: number): StateItem => ({
    table: 'rtts',
    key: rtt,
    ...(index === undefined ? {} : { member: String(index) }),
  }),
  vmid: (vmid: number): StateItem => ({ table: 'vmids', key: BigInt(vmid) << 12n }),
};
