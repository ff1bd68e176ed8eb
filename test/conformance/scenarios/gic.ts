import { expect } from 'vitest';
import { scenario } from '../language/scenario.ts';
import type { World } from '../language/world.ts';

const REC = { result: { status: 'RMI_ERROR_REC', index: 0 } } as const;
const HW = 1n << 61n;
/** ICH_HCR_EL2 bits of a Host: UIE, LRENPIE, NPIE, VGrp0EIE, VGrp0DIE, VGrp1EIE, VGrp1DIE, TDIR. */
const HOST_BITS = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 14n].map((bit) => 1n << bit);

const ready = (w: World) => {
  const realm = w.realm();
  const rec = realm.rec();
  realm.activate();
  return rec;
};

/** Enters a REC and lets an IRQ end its run at once: what the exit says. */
const throughAnEntry = (w: World, rec: ReturnType<typeof ready>, enter: Parameters<World['run']>[1]) => {
  w.run(rec, enter);
  return w.exited(w.driver.interrupt('IRQ') ?? []);
};

/** Interrupt controller, timers and PMU are not modelled: their values are carried, and a script gives them. */
export const DEVICES = [
  scenario('gic_ctrl_list_invalid', 'A6.1', 'HW is no choice of a Host, whatever the state', (w) => {
    const rec = ready(w);
    for (const state of [1n, 2n, 3n])
      expect(w.enter(rec, { gicv3_lrs: [(state << 62n) | HW | 32n] })).toMatchObject(REC);
    w.run(rec, { gicv3_lrs: [HW | 32n] });
  }),
  scenario('gic_hcr_invalid', 'A6.1', 'every bit but eight is refused', (w) => {
    const rec = ready(w);
    for (let bit = 0n; bit < 64n; bit += 1n) {
      const gicv3_hcr = 1n << bit;
      if (HOST_BITS.includes(gicv3_hcr)) throughAnEntry(w, rec, { gicv3_hcr });
      else expect(w.enter(rec, { gicv3_hcr })).toMatchObject(REC);
    }
  }),
  scenario('gic_ctrl_list', 'A6.1', 'List Registers come back, those that the machine has', (w) => {
    const rec = ready(w);
    const lrs = Array.from({ length: 16 }, (_, n) => (1n << 62n) | BigInt(40 + n));
    const { gicv3_lrs } = throughAnEntry(w, rec, { gicv3_lrs: lrs });
    const have = w.driver.machine.gicv3_num_lrs + 1;
    expect(gicv3_lrs).toEqual(lrs.map((lr, n) => (n < have ? lr : 0n)));
  }),
  scenario('gic_ctrl_list.scripted', 'A6.1', 'or what the script says that the hardware made of them', (w) => {
    const rec = ready(w);
    w.driver.devices(rec.rec, { gicv3_lrs: new Array<bigint>(16).fill(7n) });
    const { gicv3_lrs } = throughAnEntry(w, rec, { gicv3_lrs: [(1n << 62n) | 40n] });
    const have = w.driver.machine.gicv3_num_lrs + 1;
    expect(gicv3_lrs).toEqual(Array.from({ length: 16 }, (_, n) => (n < have ? 7n : 0n)));
  }),
  scenario('gic_ctrl_hcr', 'A6.1', 'the eight bits come back, with EOIcount, and En is 0', (w) => {
    const rec = ready(w);
    const all = HOST_BITS.reduce((a, b) => a | b);
    w.driver.devices(rec.rec, { gicv3_hcr: 0xffff_ffff_ffff_ffffn });
    expect(throughAnEntry(w, rec, { gicv3_hcr: all }).gicv3_hcr).toBe(all | (0x1fn << 27n));
  }),
  scenario('gic_obsv_vmcr', 'A6.1', 'VMCR and MISR of every exit', (w) => {
    const rec = ready(w);
    w.driver.devices(rec.rec, { gicv3_vmcr: 0xf0_0001n, gicv3_misr: 0x3n });
    expect(throughAnEntry(w, rec, {})).toMatchObject({ gicv3_vmcr: 0xf0_0001n, gicv3_misr: 0x3n });
    w.run(rec);
    expect(w.leave('PSCI_CPU_SUSPEND')).toMatchObject({ gicv3_vmcr: 0xf0_0001n });
  }),
  scenario('gic_timer_rel1_trig', 'A6.2', 'a change of an EL1 timer is an exit due to IRQ', (w) => {
    const rec = ready(w);
    w.driver.devices(rec.rec, { cntv_ctl: 5n, cntv_cval: 1000n });
    expect(throughAnEntry(w, rec, {})).toMatchObject({ exit_reason: 1, esr: 0n, cntv_ctl: 5n, cntv_cval: 1000n });
  }),
  scenario('gic_timer_nsel2_trig', 'A6.2', 'a timer of the Host is an exit due to IRQ', (w) => {
    expect(throughAnEntry(w, ready(w), {})).toMatchObject({ exit_reason: 1, esr: 0n, cntv_ctl: 0n, cntp_ctl: 0n });
  }),
  scenario('gic_timer_val_read', 'A6.2', 'control and compare values of both timers, in every exit', (w) => {
    const rec = ready(w);
    const values = { cntp_ctl: 1n, cntp_cval: 0x1_0000_0000n, cntv_ctl: 3n, cntv_cval: 0xffff_ffff_ffff_ffffn };
    w.driver.devices(rec.rec, values);
    expect(throughAnEntry(w, rec, {})).toMatchObject(values);
    w.run(rec);
    expect(w.leave('PSCI_CPU_SUSPEND')).toMatchObject(values);
  }),
  scenario('pmu_ovf_status', 'A8.1', 'the overflow of the PMU', (w) => {
    const rec = ready(w);
    w.driver.devices(rec.rec, { pmu_ovf_status: 1 });
    expect(throughAnEntry(w, rec, {}).pmu_ovf_status).toBe(1);
  }),
];
