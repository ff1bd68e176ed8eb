import type { RmiRecEnter, RmiRecExit } from '../../abi/index.ts';
import { CowTable } from '../../machine/index.ts';
import type { Registers } from '../../trace/index.ts';
import type { GranuleState } from './granule.ts';
import type { Realm } from './realm.ts';
import type { Rec } from './rec.ts';
import type { Rtt } from './rtt.ts';

/** Where a monitor keeps what it remembers: records by the number of the granule that holds them. */
export interface Tables {
  readonly granules: CowTable<GranuleState>;
  readonly realms: CowTable<Realm>;
  readonly recs: CowTable<Rec>;
  readonly rtts: CowTable<Rtt>;
  /** From VMID to the RD of the Realm that has it. */
  readonly vmids: CowTable<bigint>;
  /** From PE to what runs on it. */
  readonly running: CowTable<Running>;
  /** What a script gave for the devices of each REC. */
  readonly devices: CowTable<DeviceValues>;
}

/** The members of RmiRecExit that come from devices, as a script gives them. */
export type DeviceValues = Partial<
  Pick<
    RmiRecExit,
    | 'gicv3_hcr'
    | 'gicv3_lrs'
    | 'gicv3_misr'
    | 'gicv3_vmcr'
    | 'cntp_ctl'
    | 'cntp_cval'
    | 'cntv_ctl'
    | 'cntv_cval'
    | 'pmu_ovf_status'
  >
>;

/** A REC on a PE, and what its entry said. */
export interface Running {
  readonly rec: bigint;
  readonly run_ptr: bigint;
  readonly enter: RmiRecEnter;
  /** Result registers of the RMI_REC_ENTER that put it there, but for X0. */
  readonly results: Registers;
}

export const newTables = (): Tables => ({
  granules: new CowTable('granules'),
  realms: new CowTable('realms'),
  recs: new CowTable('recs'),
  rtts: new CowTable('rtts'),
  vmids: new CowTable('vmids'),
  running: new CowTable('running'),
  devices: new CowTable('devices'),
});

export const forkTables = (t: Tables): Tables => ({
  granules: t.granules.fork(),
  realms: t.realms.fork(),
  recs: t.recs.fork(),
  rtts: t.rtts.fork(),
  vmids: t.vmids.fork(),
  running: t.running.fork(),
  devices: t.devices.fork(),
});
